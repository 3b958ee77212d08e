// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/device.hpp"

#include <gtest/gtest.h>

#include <unordered_set>

#include "opening.hpp"
#include "si_unit.hpp"

namespace qdmikit::test {
namespace {

using Indices = std::vector<std::size_t>;

Indices indices(const std::vector<Site>& sites) {
  Indices result;
  for (const Site& site : sites) {
    result.push_back(site.index());
  }
  return result;
}

TEST(Devices, TellWhatTheyAre) {
  const Device device = scripted();
  EXPECT_EQ(device.name(), "Scripted");
  EXPECT_EQ(device.version(), "1.0");
  EXPECT_EQ(device.qubits_num(), 3U);
  EXPECT_EQ(device.library_path(), library("scripted-device"));
  EXPECT_EQ(device.status(), DeviceStatus::Idle);
  EXPECT_EQ(device.library_version(), std::nullopt);
  EXPECT_EQ(device.id(), std::nullopt);
  EXPECT_EQ(device.queue_length(), std::nullopt);
}

TEST(Devices, KeepTheOrderAndTheIndicesOfTheirSites) { EXPECT_EQ(indices(scripted().sites()), (Indices{0, 2, 5, 9})); }

TEST(Devices, FindSitesByIndexNotByPosition) {
  const Device device = scripted();
  EXPECT_EQ(device.site(5), device.sites()[2]);
  EXPECT_EQ(device.site(2).name(), "B");
  EXPECT_EQ(device.site(5).name(), std::nullopt);
  EXPECT_THROW(static_cast<void>(device.site(1)), OutOfRange);
}

TEST(Devices, FindOperationsByNameAndSayWhichExist) {
  const Device device = scripted();
  EXPECT_EQ(device.operation("cz").qubits_num(), 2U);
  EXPECT_EQ(device.operation("prx").parameters_num(), 2U);
  try {
    static_cast<void>(device.operation("cnot"));
    FAIL();
  } catch (const NotFound& error) {
    EXPECT_TRUE(contains(error.what(), "'cnot'"));
    EXPECT_TRUE(contains(error.what(), "prx, cz"));
  }
}

TEST(Devices, PairUpTheirCouplingMap) {
  const auto pairs = scripted().coupling_map().value();
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_EQ(pairs[0].first.index(), 0U);
  EXPECT_EQ(pairs[0].second.index(), 2U);
  EXPECT_EQ(pairs[1].second.index(), 5U);
}

TEST(Devices, AreToldWhenTheirCouplingMapMakesNoSense) {
  EXPECT_THROW(static_cast<void>(scripted(R"({"coupling": [0, 1, 2]})").coupling_map()), ProtocolError);
  EXPECT_THROW(static_cast<void>(scripted(R"({"coupling": [0, -1]})").coupling_map()), ProtocolError);
}

TEST(Devices, LeaveOutFormatsThatNobodyKnows) {
  EXPECT_EQ(scripted(R"({"device": {"FORMATS": [1, 6, 9, 12, 8]}})").supported_program_formats(),
            (std::vector{ProgramFormat::Qasm3, ProgramFormat::IqmJson}));
}

TEST(Devices, RefuseAStatusThatQdmiDoesNotKnow) {
  EXPECT_THROW(static_cast<void>(scripted(R"({"device": {"STATUS": 17}})").status()), ProtocolError);
}

TEST(Devices, ReadPropertiesThatGrowMeanwhile) { EXPECT_EQ(scripted().custom_text(2), "xxx"); }

TEST(Devices, NumberTheirCustomPropertiesFromOneToFive) {
  const Device device = scripted();
  EXPECT_EQ(device.custom(3), std::nullopt);
  EXPECT_THROW(static_cast<void>(device.custom(0)), OutOfRange);
  EXPECT_THROW(static_cast<void>(device.custom_text(6)), OutOfRange);
}

TEST(Sites, GiveTheirTimesInSeconds) {
  const Device device = scripted();
  EXPECT_DOUBLE_EQ(device.site(0).t1().value(), 34.7e-6);
  EXPECT_EQ(device.site(5).t1(), std::nullopt);
  EXPECT_EQ(device.site(0).t2(), std::nullopt);
}

TEST(Sites, HaveNoTimesInAnUnknownUnit) {
  EXPECT_THROW(static_cast<void>(scripted(R"({"device": {"DURATIONUNIT": "min"}})").site(0).t1()), ProtocolError);
  EXPECT_THROW(static_cast<void>(scripted(R"({"device": {"DURATIONUNIT": null}})").site(0).t1()), ProtocolError);
  EXPECT_THROW(static_cast<void>(scripted(R"({"device": {"DURATIONSCALEFACTOR": 0.0}})").site(0).t1()), ProtocolError);
}

TEST(Sites, CountInWholeUnitsWithoutAScaleFactor) {
  const Device device = scripted(R"({"device": {"DURATIONUNIT": "ns", "DURATIONSCALEFACTOR": null}})");
  EXPECT_EQ(device.site(2).t1(), 8.376e-6);
}

TEST(Sites, KnowWhetherTheyAreZonesAndWhereTheyBelong) {
  const Device device = scripted();
  EXPECT_FALSE(device.site(0).is_zone());
  EXPECT_TRUE(device.site(9).is_zone());
  EXPECT_EQ(device.site(0).module_index(), 7U);
  EXPECT_EQ(device.site(0).submodule_index(), std::nullopt);
}

TEST(Sites, AreValues) {
  const Device device = scripted();
  std::unordered_set<Site> set;
  for (int i = 0; i < 3; ++i) {
    for (const Site& site : device.sites()) {
      set.insert(site);
    }
  }
  EXPECT_EQ(set.size(), 4U);
  EXPECT_NE(device.site(0), device.site(2));
  EXPECT_NE(device.site(0), scripted().site(0)) << "sites of different sessions are different";
}

TEST(Operations, ListTuplesOfTheirSites) {
  const Device device = scripted();
  const auto pairs = device.operation("cz").sites().value();
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_EQ(indices(pairs[1]), (Indices{2, 5}));
  EXPECT_EQ(device.operation("barrier").sites().value().size(), 3U) << "one site each where the number is free";
  EXPECT_EQ(device.operation("rydberg").sites().value().size(), 1U) << "one zone each, although it takes two qubits";
}

TEST(Operations, PassSitesAndParametersOn) {
  const Device device = scripted();
  const std::vector<Site> sites{device.site(2), device.site(5)};
  const std::vector<double> parameters{1.0, 2.0};
  const Operation cz = device.operation("cz");
  EXPECT_DOUBLE_EQ(cz.fidelity().value(), 0.5);
  EXPECT_DOUBLE_EQ(cz.fidelity(sites).value(), 0.57);
  EXPECT_DOUBLE_EQ(cz.fidelity(sites, parameters).value(), 0.573);
  EXPECT_DOUBLE_EQ(cz.duration(sites).value(), 40e-9);
  EXPECT_EQ(cz.duration(), std::nullopt);
}

TEST(Operations, RefuseSitesOfAnotherSession) {
  const std::vector<Site> foreign{scripted().site(0)};
  EXPECT_THROW(static_cast<void>(scripted().operation("prx").fidelity(foreign)), InvalidArgument);
}

TEST(Operations, AreValues) {
  const Device device = scripted();
  EXPECT_EQ(device.operation("cz"), device.operations()[1]);
  EXPECT_EQ(std::hash<Operation>{}(device.operation("cz")), std::hash<Operation>{}(device.operations()[1]));
  EXPECT_NE(device.operation("cz"), device.operation("prx"));
}

TEST(DurationUnits, AreSi) {
  EXPECT_EQ(detail::units_per_second("s"), 1.0);
  EXPECT_EQ(detail::units_per_second("ms"), 1e3);
  EXPECT_EQ(detail::units_per_second("us"), 1e6);
  EXPECT_EQ(detail::units_per_second("ns"), 1e9);
  EXPECT_EQ(detail::units_per_second("ps"), 1e12);
  EXPECT_EQ(detail::units_per_second("fs"), 1e15);
  EXPECT_EQ(detail::units_per_second("h"), std::nullopt);
}

}  // namespace
}  // namespace qdmikit::test
