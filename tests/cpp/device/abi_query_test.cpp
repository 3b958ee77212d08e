// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include "abi_device.hpp"

namespace iqm::test {
namespace {

class AbiQuery : public Abi {
 protected:
  void SetUp() override {
    Abi::SetUp();
    init();
  }

  std::string device_text(QDMI_Device_Property property) {
    const auto text = device_list<char>(property);
    EXPECT_EQ(text.back(), '\0');
    return text.data();
  }
  int query(QDMI_Device_Property property, std::size_t size, void* value, std::size_t* size_ret = nullptr) {
    return IQM_QDMI_device_session_query_device_property(session_, property, size, value, size_ret);
  }
};

TEST_F(AbiQuery, DeviceDescribesItself) {
  EXPECT_EQ(device_text(QDMI_DEVICE_PROPERTY_NAME), "Small One");
  EXPECT_EQ(device_text(QDMI_DEVICE_PROPERTY_LIBRARYVERSION), "1.4.0");
  EXPECT_EQ(device_text(QDMI_DEVICE_PROPERTY_DURATIONUNIT), "ns");
  EXPECT_EQ(device_text(QDMI_DEVICE_PROPERTY_CUSTOM1), kCalibrationSet);
  EXPECT_FALSE(device_text(QDMI_DEVICE_PROPERTY_VERSION).empty());
  std::size_t qubits = 0;
  EXPECT_EQ(query(QDMI_DEVICE_PROPERTY_QUBITSNUM, sizeof(qubits), &qubits), QDMI_SUCCESS);
  EXPECT_EQ(qubits, 3U);
  EXPECT_EQ(device_list<QDMI_Program_Format>(QDMI_DEVICE_PROPERTY_SUPPORTEDPROGRAMFORMATS),
            (std::vector{QDMI_PROGRAM_FORMAT_IQMJSON, QDMI_PROGRAM_FORMAT_QIRBASESTRING}));
}

TEST_F(AbiQuery, EnumeratorsAreCheckedReservedOnesAreNotSupported) {
  EXPECT_EQ(query(QDMI_DEVICE_PROPERTY_MAX, 0, nullptr), QDMI_ERROR_INVALIDARGUMENT);
  for (const int reserved : {8, 9}) {
    EXPECT_EQ(query(static_cast<QDMI_Device_Property>(reserved), 0, nullptr), QDMI_ERROR_NOTSUPPORTED);
  }
  for (const auto absent : {QDMI_DEVICE_PROPERTY_CHILDDEVICES, QDMI_DEVICE_PROPERTY_LENGTHUNIT,
                            QDMI_DEVICE_PROPERTY_MINATOMDISTANCE, QDMI_DEVICE_PROPERTY_CUSTOM2}) {
    EXPECT_EQ(query(absent, 0, nullptr), QDMI_ERROR_NOTSUPPORTED);
  }
}

TEST_F(AbiQuery, BuffersFollowTheSizeRules) {
  std::size_t size = 0;
  ASSERT_EQ(query(QDMI_DEVICE_PROPERTY_NAME, 0, nullptr, &size), QDMI_SUCCESS);
  EXPECT_EQ(size, sizeof("Small One"));
  std::string buffer(size + 3, '?');
  std::size_t needed = 0;
  EXPECT_EQ(query(QDMI_DEVICE_PROPERTY_NAME, size - 1, buffer.data(), &needed), QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(needed, size);
  EXPECT_EQ(buffer, std::string(size + 3, '?'));
  EXPECT_EQ(query(QDMI_DEVICE_PROPERTY_NAME, 0, buffer.data()), QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(query(QDMI_DEVICE_PROPERTY_NAME, buffer.size(), buffer.data()), QDMI_SUCCESS);
  EXPECT_EQ(buffer.substr(size), "???");
}

TEST_F(AbiQuery, SitesHaveNamesIndicesAndTimes) {
  const auto sites = device_list<IQM_QDMI_Site>(QDMI_DEVICE_PROPERTY_SITES);
  ASSERT_EQ(sites.size(), 3U);
  for (std::size_t i = 0; i < sites.size(); ++i) {
    std::size_t index = 99;
    EXPECT_EQ(IQM_QDMI_device_session_query_site_property(session_, sites[i], QDMI_SITE_PROPERTY_INDEX, sizeof(index),
                                                          &index, nullptr),
              QDMI_SUCCESS);
    EXPECT_EQ(index, i);
    char name[16] = "";
    EXPECT_EQ(IQM_QDMI_device_session_query_site_property(session_, sites[i], QDMI_SITE_PROPERTY_NAME, sizeof(name),
                                                          name, nullptr),
              QDMI_SUCCESS);
    EXPECT_EQ(std::string(name), "QB" + std::to_string(i + 1));
  }
  std::uint64_t t1 = 0;
  EXPECT_EQ(
      IQM_QDMI_device_session_query_site_property(session_, sites[0], QDMI_SITE_PROPERTY_T1, sizeof(t1), &t1, nullptr),
      QDMI_SUCCESS);
  EXPECT_EQ(t1, 34765U);
  EXPECT_EQ(
      IQM_QDMI_device_session_query_site_property(session_, sites[0], QDMI_SITE_PROPERTY_ISZONE, 0, nullptr, nullptr),
      QDMI_ERROR_NOTSUPPORTED);
}

TEST_F(AbiQuery, SiteHandlesOfAnotherSessionAreRefused) {
  IQM_QDMI_Device_Session other = nullptr;
  ASSERT_EQ(IQM_QDMI_device_session_alloc(&other), QDMI_SUCCESS);
  const std::string url = loopback_.url();
  ASSERT_EQ(
      IQM_QDMI_device_session_set_parameter(other, QDMI_DEVICE_SESSION_PARAMETER_BASEURL, url.size() + 1, url.c_str()),
      QDMI_SUCCESS);
  ASSERT_EQ(IQM_QDMI_device_session_init(other), QDMI_SUCCESS);
  const auto sites = device_list<IQM_QDMI_Site>(QDMI_DEVICE_PROPERTY_SITES);
  EXPECT_EQ(IQM_QDMI_device_session_query_site_property(other, sites[0], QDMI_SITE_PROPERTY_INDEX, 0, nullptr, nullptr),
            QDMI_ERROR_INVALIDARGUMENT);
  IQM_QDMI_device_session_free(other);
}

TEST_F(AbiQuery, OperationsHaveLociAndFidelities) {
  const auto sites = device_list<IQM_QDMI_Site>(QDMI_DEVICE_PROPERTY_SITES);
  bool met = false;
  for (auto* operation : device_list<IQM_QDMI_Operation>(QDMI_DEVICE_PROPERTY_OPERATIONS)) {
    const auto ask = [&](QDMI_Operation_Property property, std::size_t num_sites, const IQM_QDMI_Site* locus,
                         std::size_t size, void* value, std::size_t* size_ret) {
      return IQM_QDMI_device_session_query_operation_property(session_, operation, num_sites, locus, 0, nullptr,
                                                              property, size, value, size_ret);
    };
    char name[16] = "";
    ASSERT_EQ(ask(QDMI_OPERATION_PROPERTY_NAME, 0, nullptr, sizeof(name), name, nullptr), QDMI_SUCCESS);
    if (std::string(name) != "cz") {
      continue;
    }
    met = true;
    std::size_t qubits = 0;
    EXPECT_EQ(ask(QDMI_OPERATION_PROPERTY_QUBITSNUM, 0, nullptr, sizeof(qubits), &qubits, nullptr), QDMI_SUCCESS);
    EXPECT_EQ(qubits, 2U);
    std::size_t size = 0;
    EXPECT_EQ(ask(QDMI_OPERATION_PROPERTY_SITES, 0, nullptr, 0, nullptr, &size), QDMI_SUCCESS);
    EXPECT_EQ(size, 4 * sizeof(IQM_QDMI_Site));
    double fidelity = 0;
    EXPECT_EQ(ask(QDMI_OPERATION_PROPERTY_FIDELITY, 2, sites.data(), sizeof(fidelity), &fidelity, nullptr),
              QDMI_SUCCESS);
    EXPECT_EQ(fidelity, 0.99);
    // Without sites the question has no answer; with a list that is empty it is no question.
    EXPECT_EQ(ask(QDMI_OPERATION_PROPERTY_FIDELITY, 0, nullptr, sizeof(fidelity), &fidelity, nullptr),
              QDMI_ERROR_NOTSUPPORTED);
    EXPECT_EQ(ask(QDMI_OPERATION_PROPERTY_FIDELITY, 0, sites.data(), sizeof(fidelity), &fidelity, nullptr),
              QDMI_ERROR_INVALIDARGUMENT);
    const IQM_QDMI_Site apart[] = {sites[0], sites[2]};
    EXPECT_EQ(ask(QDMI_OPERATION_PROPERTY_FIDELITY, 2, apart, sizeof(fidelity), &fidelity, nullptr),
              QDMI_ERROR_NOTSUPPORTED);
    EXPECT_EQ(ask(QDMI_OPERATION_PROPERTY_DURATION, 2, sites.data(), 0, nullptr, nullptr), QDMI_ERROR_NOTSUPPORTED);
  }
  EXPECT_TRUE(met);
}

}  // namespace
}  // namespace iqm::test
