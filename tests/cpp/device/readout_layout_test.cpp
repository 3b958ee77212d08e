// SPDX-License-Identifier: Apache-2.0
#include "core/readout_layout.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "support/error.hpp"

namespace iqm::test {
namespace {

using core::ReadoutLayout;
using Counts = std::vector<std::pair<std::string, std::size_t>>;

model::CircuitReadout keys(const std::vector<std::string>& names) {
  model::CircuitReadout readout;
  for (const auto& name : names) {
    readout.keys.push_back({.name = name, .width = 1});
  }
  return readout;
}

TEST(ReadoutLayout, HighestClassicalBitStandsLeftWhateverOrderTheServerLists) {
  const ReadoutLayout layout(keys({"c_3_0_0", "c_3_0_1", "c_3_0_2"}));
  // Bit 0 is one, in the three orders a server may use.
  EXPECT_EQ(layout.arrange({.keys = {"c_3_0_0", "c_3_0_1", "c_3_0_2"}, .counts = {{"100", 5}}}), (Counts{{"001", 5}}));
  EXPECT_EQ(layout.arrange({.keys = {"c_3_0_2", "c_3_0_1", "c_3_0_0"}, .counts = {{"001", 5}}}), (Counts{{"001", 5}}));
  EXPECT_EQ(layout.arrange({.keys = {"c_3_0_1", "c_3_0_0", "c_3_0_2"}, .counts = {{"010", 5}}}), (Counts{{"001", 5}}));
}

TEST(ReadoutLayout, LaterRegistersStandLeftAndUnmeasuredBitsReadZero) {
  const ReadoutLayout layout(keys({"my_reg_2_0_1", "d_3_1_0"}));
  EXPECT_EQ(layout.width(), 5U);
  EXPECT_EQ(layout.arrange({.keys = {"my_reg_2_0_1", "d_3_1_0"}, .counts = {{"10", 1}, {"01", 2}}}),
            (Counts{{"00010", 1}, {"00100", 2}}));
}

TEST(ReadoutLayout, RegistersOfTheMetadataWinAndMayBeWhollyUnmeasured) {
  auto readout = keys({"b_1_1_0"});
  readout.registers = {{.name = "a", .size = 2}, {.name = "b", .size = 1}, {.name = "c", .size = 1}};
  const ReadoutLayout layout(readout);
  EXPECT_EQ(layout.arrange({.keys = {"b_1_1_0"}, .counts = {{"1", 3}}}), (Counts{{"0100", 3}}));
}

TEST(ReadoutLayout, RegistersThatContradictTheKeysAreNotUsed) {
  auto readout = keys({"b_1_1_0"});
  readout.registers = {{.name = "a", .size = 2}};
  EXPECT_EQ(ReadoutLayout(readout).width(), 1U);
}

TEST(ReadoutLayout, KeysOfAnotherFormFollowTheProgramFirstBitRightmost) {
  model::CircuitReadout readout;
  readout.keys = {{.name = "zz", .width = 2}, {.name = "aa", .width = 1}};
  const ReadoutLayout layout(readout);
  // zz = (1, 0), aa = 1: program order 1 0 1, read from the right.
  EXPECT_EQ(layout.arrange({.keys = {"aa", "zz"}, .counts = {{"110", 4}}}), (Counts{{"101", 4}}));
  EXPECT_EQ(layout.arrange({.keys = {"zz", "aa"}, .counts = {{"100", 4}}}), (Counts{{"001", 4}}));
}

TEST(ReadoutLayout, MixedStylesFollowTheProgram) {
  const ReadoutLayout layout(keys({"c_2_0_1", "other"}));
  EXPECT_EQ(layout.arrange({.keys = {"c_2_0_1", "other"}, .counts = {{"10", 1}}}), (Counts{{"01", 1}}));
}

TEST(ReadoutLayout, WithoutMeasurementsThereIsOneEmptyString) {
  const ReadoutLayout layout{model::CircuitReadout{}};
  EXPECT_EQ(layout.arrange({.keys = {}, .counts = {{"", 9}}}), (Counts{{"", 9}}));
}

TEST(ReadoutLayout, MoreThan64BitsKeepTheirPlaces) {
  std::vector<std::string> names;
  for (int i = 0; i < 100; ++i) {
    names.push_back("c_100_0_" + std::to_string(i));
  }
  std::string sent(100, '0');
  sent[70] = '1';
  std::string expected(100, '0');
  expected[99 - 70] = '1';
  EXPECT_EQ(ReadoutLayout(keys(names)).arrange({.keys = names, .counts = {{sent, 1}}}), (Counts{{expected, 1}}));
}

TEST(ReadoutLayout, ShotsAreArrangedLikeCounts) {
  const ReadoutLayout layout(keys({"c_2_0_0", "c_2_0_1"}));
  const model::MeasurementShots shots{.shots = 3, .bits = {{"c_2_0_0", "110"}, {"c_2_0_1", "001"}}};
  EXPECT_EQ(layout.arrange(shots, 3), "01,01,10");
}

TEST(ReadoutLayout, RepliesThatDoNotFitTheCircuitAreProtocolErrors) {
  const ReadoutLayout layout(keys({"a", "b"}));
  const auto refuse = [&layout](const model::MeasurementCounts& counts) {
    EXPECT_THROW((void)layout.arrange(counts), ProtocolError);
  };
  refuse({.keys = {"a"}, .counts = {{"0", 1}}});
  refuse({.keys = {"a", "x"}, .counts = {{"00", 1}}});
  refuse({.keys = {"a", "a"}, .counts = {{"00", 1}}});
  refuse({.keys = {"a", "b"}, .counts = {{"000", 1}}});
  EXPECT_THROW((void)layout.arrange({.shots = 2, .bits = {{"a", "01"}}}, 2), ProtocolError);
  EXPECT_THROW((void)layout.arrange({.shots = 2, .bits = {{"a", "01"}, {"b", "0"}}}, 2), ProtocolError);
  EXPECT_THROW((void)layout.arrange({.shots = 2, .bits = {{"a", "01"}, {"b", "01"}}}, 3), ProtocolError);
}

}  // namespace
}  // namespace iqm::test
