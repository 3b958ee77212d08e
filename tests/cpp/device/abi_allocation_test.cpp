// SPDX-License-Identifier: Apache-2.0
// Every entry point when memory runs out inside it: at each of its allocations in turn, for once and for good. It says
// so, changes nothing, and works when it is called again. Here sessions, queries and the library as such.
#include "abi_allocation.hpp"

namespace iqm::test {
namespace {

// --- sessions --------------------------------------------------------------------------------------------------------

TEST_P(AbiAllocation, ASessionIsAllocatedOrNot) {
  Attempts attempts(GetParam());
  while (attempts.next()) {
    IQM_QDMI_Device_Session session = nullptr;
    const int status = attempts.run([&] { return IQM_QDMI_device_session_alloc(&session); });
    if (attempts.struck()) {
      expect_out_of_memory(status, true);
      EXPECT_EQ(session, nullptr);
    } else {
      EXPECT_EQ(status, QDMI_SUCCESS);
      IQM_QDMI_device_session_free(session);
    }
  }
  EXPECT_GT(attempts.failures(), 0U);
}

TEST_P(AbiAllocation, ASessionParameterIsSetOrNot) {
  loopback_.start();
  const std::string url = loopback_.url() + "/";
  Attempts attempts(GetParam());
  while (attempts.next()) {
    const int status = attempts.run([&] { return set(QDMI_DEVICE_SESSION_PARAMETER_BASEURL, url); });
    if (attempts.struck()) {
      expect_out_of_memory(status);
    } else {
      EXPECT_EQ(status, QDMI_SUCCESS);
    }
  }
  EXPECT_GT(attempts.failures(), 0U);
  EXPECT_EQ(IQM_QDMI_device_session_init(session_), QDMI_SUCCESS) << last_error();
}

TEST_P(AbiAllocation, AnInitializationCanBeRepeated) {
  loopback_.start();
  ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_BASEURL, loopback_.url()), QDMI_SUCCESS);
  const TemporaryFile tokens(R"({"access_token":"longer-than-a-string-object-itself","scopes":["one","two"]})");
  ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_AUTHFILE, tokens.path()), QDMI_SUCCESS);
  Attempts attempts(GetParam());
  while (attempts.next()) {
    const int status = attempts.run([&] { return IQM_QDMI_device_session_init(session_); });
    if (attempts.struck()) {
      expect_out_of_memory(status);
    } else {
      EXPECT_EQ(status, QDMI_SUCCESS) << last_error();
    }
    ASSERT_NE(last_error().value("kind", ""), "BadState") << "after failure " << attempts.failures();
  }
  EXPECT_GT(attempts.failures(), 100U);
  EXPECT_EQ(device_list<IQM_QDMI_Site>(QDMI_DEVICE_PROPERTY_SITES).size(), 3U);
}

// --- queries ---------------------------------------------------------------------------------------------------------

TEST_P(AbiAllocation, DevicePropertiesAreAnswered) {
  init();
  for (const auto property :
       {QDMI_DEVICE_PROPERTY_NAME, QDMI_DEVICE_PROPERTY_VERSION, QDMI_DEVICE_PROPERTY_STATUS,
        QDMI_DEVICE_PROPERTY_LIBRARYVERSION, QDMI_DEVICE_PROPERTY_QUBITSNUM, QDMI_DEVICE_PROPERTY_SITES,
        QDMI_DEVICE_PROPERTY_OPERATIONS, QDMI_DEVICE_PROPERTY_COUPLINGMAP, QDMI_DEVICE_PROPERTY_DURATIONUNIT,
        QDMI_DEVICE_PROPERTY_DURATIONSCALEFACTOR, QDMI_DEVICE_PROPERTY_SUPPORTEDPROGRAMFORMATS,
        QDMI_DEVICE_PROPERTY_QUEUELENGTH, QDMI_DEVICE_PROPERTY_ID, QDMI_DEVICE_PROPERTY_CUSTOM1}) {
    SCOPED_TRACE(property);
    std::vector<char> buffer(1024);
    ask_with_failures([&] {
      return IQM_QDMI_device_session_query_device_property(session_, property, buffer.size(), buffer.data(), nullptr);
    });
  }
}

TEST_P(AbiAllocation, SiteAndOperationPropertiesAreAnswered) {
  init();
  const auto sites = device_list<IQM_QDMI_Site>(QDMI_DEVICE_PROPERTY_SITES);
  for (const auto property : {QDMI_SITE_PROPERTY_INDEX, QDMI_SITE_PROPERTY_NAME, QDMI_SITE_PROPERTY_T1}) {
    ask_with_failures(
        [&] { return IQM_QDMI_device_session_query_site_property(session_, sites[0], property, 0, nullptr, nullptr); });
  }
  std::size_t answered = 0;
  for (auto* operation : device_list<IQM_QDMI_Operation>(QDMI_DEVICE_PROPERTY_OPERATIONS)) {
    for (const auto property :
         {QDMI_OPERATION_PROPERTY_NAME, QDMI_OPERATION_PROPERTY_QUBITSNUM, QDMI_OPERATION_PROPERTY_PARAMETERSNUM,
          QDMI_OPERATION_PROPERTY_SITES, QDMI_OPERATION_PROPERTY_FIDELITY}) {
      for (const std::size_t size : {1, 2}) {
        const auto ask = [&] {
          return IQM_QDMI_device_session_query_operation_property(session_, operation, size, sites.data(), 0, nullptr,
                                                                  property, 0, nullptr, nullptr);
        };
        if (ask() == QDMI_SUCCESS) {
          ++answered;
          ask_with_failures(ask);
        }
      }
    }
  }
  EXPECT_GT(answered, 20U);
}

// What an answer of "not supported" has to say needs memory, too.
TEST_P(AbiAllocation, AnErrorIsToldOrMemoryRanOut) {
  init();
  Attempts attempts(GetParam());
  while (attempts.next()) {
    const int status = attempts.run([&] {
      return IQM_QDMI_device_session_query_device_property(session_, QDMI_DEVICE_PROPERTY_LENGTHUNIT, 0, nullptr,
                                                           nullptr);
    });
    EXPECT_EQ(last_error().at("status"), status);
    // The status may be known when there is no memory left for the text.
    const std::string kind = last_error().at("kind");
    EXPECT_TRUE(kind == "NotSupported" || (attempts.struck() && kind == "OutOfMemory")) << kind;
    EXPECT_TRUE(status == QDMI_ERROR_NOTSUPPORTED || (kind == "OutOfMemory" && status == QDMI_ERROR_FATAL)) << status;
  }
  EXPECT_GT(attempts.failures(), 0U);
}

// --- the library -----------------------------------------------------------------------------------------------------

TEST_P(AbiAllocation, NothingIsNeededToEndOrToFree) {
  init();
  auto* job = submitted_job();
  auto* other = submitted_job();
  const FailingNew failing(0, Failing::kFromThenOn);
  const int initialized = IQM_QDMI_device_initialize();
  IQM_QDMI_device_job_free(job);
  IQM_QDMI_device_session_free(session_);
  const int finalized = IQM_QDMI_device_finalize();
  IQM_QDMI_device_job_free(other);
  EXPECT_FALSE(failing.struck());
  EXPECT_EQ(initialized, QDMI_SUCCESS);
  EXPECT_EQ(finalized, QDMI_SUCCESS);
}

TEST_P(AbiAllocation, TheLastErrorIsToldOrNot) {
  const std::string url = std::string("nowhere/") + kLongText;
  EXPECT_NE(set(QDMI_DEVICE_SESSION_PARAMETER_BASEURL, url) == QDMI_SUCCESS &&
                IQM_QDMI_device_session_init(session_) == QDMI_SUCCESS,
            true);
  const auto expected = last_error();
  Attempts attempts(GetParam());
  while (attempts.next()) {
    std::vector<char> text(4096);
    const int status = attempts.run([&] { return IQM_QDMI_device_last_error(text.size(), text.data(), nullptr); });
    EXPECT_EQ(status, attempts.struck() ? QDMI_ERROR_FATAL : QDMI_SUCCESS);
    EXPECT_EQ(last_error(), expected);
  }
  EXPECT_GT(attempts.failures(), 0U);
}

TEST_P(AbiAllocation, TheLogIsTakenBackOrNot) {
  const ScopedEnvironment level{"IQM_LOG_LEVEL"};
  level.set("IQM_LOG_LEVEL", kLongText);
  Attempts attempts(GetParam());
  while (attempts.next()) {
    int heard = 0;
    const auto count = [](int, const char*, void* number) { ++*static_cast<int*>(number); };
    ASSERT_EQ(IQM_QDMI_device_set_log_callback(count, IQM_QDMI_LOG_LEVEL_DEBUG, &heard), QDMI_SUCCESS);
    const int status = attempts.run([] { return IQM_QDMI_device_set_log_callback(nullptr, 0, nullptr); });
    if (attempts.struck()) {
      expect_out_of_memory(status);
    }
    heard = 0;
    EXPECT_EQ(IQM_QDMI_device_session_init(nullptr), QDMI_ERROR_INVALIDARGUMENT);
    EXPECT_EQ(heard, attempts.struck() ? 1 : 0);
    ASSERT_EQ(IQM_QDMI_device_set_log_callback(nullptr, 0, nullptr), QDMI_SUCCESS);
  }
  EXPECT_GT(attempts.failures(), 0U);
}

INSTANTIATE_TEST_SUITE_P(MemoryRunsOut, AbiAllocation, ::testing::Values(Failing::kOnce, Failing::kFromThenOn),
                         [](const auto& parameter) {
                           return parameter.param == Failing::kOnce ? "Once" : "FromThenOn";
                         });

// --- threads of the library, and its first use -----------------------------------------------------------------------

class AbiAllocationOfThreads : public AbiAllocation {};

TEST_P(AbiAllocationOfThreads, ASessionIsInitializedOrNotAndNothingWaitsForEver) {
  loopback_.start();
  const std::string url = loopback_.url();
  const auto connect = [&] {
    IQM_QDMI_Device_Session session = nullptr;
    EXPECT_EQ(IQM_QDMI_device_session_alloc(&session), QDMI_SUCCESS);
    EXPECT_EQ(IQM_QDMI_device_session_set_parameter(session, QDMI_DEVICE_SESSION_PARAMETER_BASEURL, url.size() + 1,
                                                    url.c_str()),
              QDMI_SUCCESS);
    const int status = IQM_QDMI_device_session_init(session);
    if (status == QDMI_SUCCESS) {
      // Durations come from a thread that nobody waits for otherwise.
      std::vector<IQM_QDMI_Site> sites(3);
      std::vector<IQM_QDMI_Operation> operations(3);
      EXPECT_EQ(IQM_QDMI_device_session_query_device_property(
                    session, QDMI_DEVICE_PROPERTY_SITES, sites.size() * sizeof(IQM_QDMI_Site), sites.data(), nullptr),
                QDMI_SUCCESS);
      EXPECT_EQ(IQM_QDMI_device_session_query_device_property(session, QDMI_DEVICE_PROPERTY_OPERATIONS,
                                                              operations.size() * sizeof(IQM_QDMI_Operation),
                                                              operations.data(), nullptr),
                QDMI_SUCCESS);
      EXPECT_EQ(IQM_QDMI_device_session_query_operation_property(session, operations[0], 2, sites.data(), 0, nullptr,
                                                                 QDMI_OPERATION_PROPERTY_DURATION, 0, nullptr, nullptr),
                QDMI_ERROR_NOTSUPPORTED);
    }
    IQM_QDMI_device_session_free(session);  // waits for the threads of the session
    return status;
  };
  ASSERT_EQ(connect(), QDMI_SUCCESS) << last_error();  // from here on the server has all of its threads
  Attempts attempts(GetParam());
  std::size_t borne = 0;
  while (attempts.next()) {
    const int status = attempts.run(connect);
    if (status == QDMI_SUCCESS) {
      borne += attempts.struck() ? 1 : 0;
    } else {
      EXPECT_TRUE(attempts.struck());
      EXPECT_EQ(status, QDMI_ERROR_FATAL);
    }
  }
  EXPECT_GT(borne, 10U);
  EXPECT_GT(attempts.failures(), borne + 10U);
}

INSTANTIATE_TEST_SUITE_P(MemoryRunsOut, AbiAllocationOfThreads, ::testing::Values(Failing::kInNewThreads),
                         [](const auto&) { return "InNewThreads"; });

// In a process of its own when it is run alone.
TEST(AbiAllocationAtFirstUse, TheLibraryOpensWhenThereIsMemory) {
  Attempts attempts(Failing::kOnce);
  while (attempts.next()) {
    IQM_QDMI_Device_Session session = nullptr;
    const int status = attempts.run([&] {
      const int initialized = IQM_QDMI_device_initialize();
      return initialized == QDMI_SUCCESS ? IQM_QDMI_device_session_alloc(&session) : initialized;
    });
    if (status == QDMI_SUCCESS) {
      IQM_QDMI_device_session_free(session);
    } else {
      EXPECT_TRUE(attempts.struck());
    }
  }
  EXPECT_GT(attempts.failures(), 0U);
}

}  // namespace
}  // namespace iqm::test
