// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/snapshot.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "opening.hpp"

namespace qdmikit::test {
namespace {

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

// How often each property was read in the session.
nlohmann::json reads_of(const Device& device) { return nlohmann::json::parse(device.custom_text(5).value()); }

TEST(Snapshots, HoldWhatTheDeviceTells) {
  const Snapshot taken = scripted(R"({"lengths": true})").snapshot();
  EXPECT_EQ(taken.name, "Scripted");
  EXPECT_EQ(taken.version, "1.0");
  EXPECT_EQ(taken.library_version, std::nullopt);
  EXPECT_EQ(taken.id, std::nullopt);
  EXPECT_EQ(taken.marker, std::nullopt);
  EXPECT_EQ(taken.status, DeviceStatus::Idle);
  EXPECT_EQ(taken.queue_length, std::nullopt);
  EXPECT_EQ(taken.qubits_num, 3U);
  EXPECT_EQ(taken.formats, (std::vector{ProgramFormat::Qasm3, ProgramFormat::Qpy, ProgramFormat::Custom1}));
  EXPECT_EQ(taken.min_atom_distance, 3.5e-6);
  EXPECT_EQ(taken.coupling_map, (Pairs{{0, 2}, {2, 5}}));
}

TEST(Snapshots, HoldEverySite) {
  const Snapshot taken = scripted(R"({"lengths": true})").snapshot();
  ASSERT_EQ(taken.sites.size(), 4U);
  const SiteSnapshot& second = taken.sites[1];
  EXPECT_EQ(second.index, 2U);
  EXPECT_EQ(second.name, "B");
  EXPECT_EQ(second.t1, 8.376e-6);
  EXPECT_EQ(second.t2, std::nullopt);
  EXPECT_DOUBLE_EQ(second.x.value(), -2e-6);
  EXPECT_EQ(second.z, std::nullopt);
  EXPECT_FALSE(second.is_zone);
  EXPECT_EQ(second.module_index, 7U);
  EXPECT_TRUE(taken.sites[3].is_zone);
  EXPECT_DOUBLE_EQ(taken.sites[3].y_extent.value(), 40e-6);
}

TEST(Snapshots, HoldEveryOperationAtEveryLocus) {
  const Snapshot taken = scripted(R"({"lengths": true})").snapshot();
  ASSERT_EQ(taken.operations.size(), 4U);
  const OperationSnapshot& cz = taken.operations[1];
  EXPECT_EQ(cz.name, "cz");
  EXPECT_EQ(cz.qubits_num, 2U);
  EXPECT_DOUBLE_EQ(cz.fidelity.value(), 0.5);
  EXPECT_EQ(cz.duration, std::nullopt);
  EXPECT_DOUBLE_EQ(cz.interaction_radius.value(), 5e-6);
  ASSERT_EQ(cz.loci.value().size(), 2U);
  const Locus& last = cz.loci.value()[1];
  EXPECT_EQ(last.sites, (std::vector<std::size_t>{2, 5}));
  EXPECT_DOUBLE_EQ(last.fidelity.value(), 0.57);
  EXPECT_DOUBLE_EQ(last.duration.value(), 40e-9);
  EXPECT_EQ(taken.operations[3].loci.value(), (std::vector<Locus>{{{9}, 40e-9, 0.59}})) << "one zone";
}

TEST(Snapshots, ReadEachPropertyOnce) {
  const Device device = scripted(R"({"lengths": true})");
  static_cast<void>(device.snapshot());
  const auto reads = reads_of(device);
  EXPECT_GT(reads.size(), 60U);
  for (const auto& [property, times] : reads.items()) {
    EXPECT_EQ(times, 1) << property;
  }
  static_cast<void>(device.snapshot());
  const auto later = reads_of(device);
  EXPECT_EQ(later["site 0 1"], 2) << "T1 changes";
  EXPECT_EQ(later["site 0 3"], 1) << "a name does not";
}

TEST(Snapshots, AskForNoLengthsWhereThereIsNoUnitForThem) {
  const Device device = scripted();
  const Snapshot taken = device.snapshot();
  EXPECT_EQ(taken.sites[0].x, std::nullopt);
  EXPECT_EQ(taken.min_atom_distance, std::nullopt);
  EXPECT_FALSE(reads_of(device).contains("site 0 4"));
}

TEST(Snapshots, OfTheSameStateDifferInTheirTimeOnly) {
  const Device device = scripted();
  const Snapshot first = device.snapshot();
  Snapshot second = device.snapshot();
  EXPECT_GE(second.taken_at, first.taken_at);
  second.taken_at = first.taken_at;
  EXPECT_EQ(first, second);
}

TEST(Snapshots, OutliveTheirDevice) {
  const Snapshot taken = scripted().snapshot();
  EXPECT_EQ(taken.operations[0].name, "prx");
}

TEST(MarkedSnapshots, NameTheStateTheyAreOf) {
  const Device device = scripted(R"({"markers": ["set-1"]})");
  EXPECT_EQ(device.snapshot(3).marker, "set-1");
  EXPECT_EQ(reads_of(device)["site 0 1"], 1);
}

TEST(MarkedSnapshots, AreReadAgainWhenTheStateHasChangedMeanwhile) {
  const Device device = scripted(R"({"markers": ["set-1", "set-2", "set-2"]})");
  EXPECT_EQ(device.snapshot(3).marker, "set-2");
  EXPECT_EQ(reads_of(device)["site 0 1"], 2);
}

TEST(MarkedSnapshots, GiveUpOnAStateThatKeepsChanging) {
  const Device device = scripted(R"({"markers": ["1", "2", "3", "4", "5", "6"]})");
  try {
    static_cast<void>(device.snapshot(3));
    FAIL();
  } catch (const BadState& error) {
    EXPECT_TRUE(contains(error.what(), "custom property 3 changed during each of 3 attempts"));
  }
}

TEST(MarkedSnapshots, NeedAMarker) {
  EXPECT_THROW(static_cast<void>(scripted().snapshot(3)), NotSupported);
  EXPECT_THROW(static_cast<void>(scripted().snapshot(6)), OutOfRange);
}

}  // namespace
}  // namespace qdmikit::test
