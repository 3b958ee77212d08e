// SPDX-License-Identifier: Apache-2.0
#include "core/readout_layout.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <sstream>
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

// The histogram that `layout` makes of what a server lists, as pairs.
Counts arranged(const ReadoutLayout& layout, const std::vector<std::string>& listed, const Counts& sent,
                core::ExpectedShots expected = {.number = 1000, .heralded = true}) {
  model::MeasurementCounts counts{.keys = listed, .width = sent.front().first.size(), .outcomes = {}, .counts = {}};
  for (const auto& [bits, count] : sent) {
    counts.outcomes += bits;
    counts.counts.push_back(count);
  }
  const core::Histogram histogram = layout.arrange(counts, expected);
  Counts pairs;
  std::istringstream keys_text(histogram.keys);
  for (const std::size_t value : histogram.values) {
    std::string bits;
    std::getline(keys_text, bits, ',');
    pairs.emplace_back(bits, value);
  }
  return pairs;
}

TEST(ReadoutLayout, HighestClassicalBitStandsLeftWhateverOrderTheServerLists) {
  const ReadoutLayout layout(keys({"c_3_0_0", "c_3_0_1", "c_3_0_2"}));
  // Bit 0 is one, in the three orders a server may use.
  EXPECT_EQ(arranged(layout, {"c_3_0_0", "c_3_0_1", "c_3_0_2"}, {{"100", 5}}), (Counts{{"001", 5}}));
  EXPECT_EQ(arranged(layout, {"c_3_0_2", "c_3_0_1", "c_3_0_0"}, {{"001", 5}}), (Counts{{"001", 5}}));
  EXPECT_EQ(arranged(layout, {"c_3_0_1", "c_3_0_0", "c_3_0_2"}, {{"010", 5}}), (Counts{{"001", 5}}));
}

TEST(ReadoutLayout, LaterRegistersStandLeftAndUnmeasuredBitsReadZero) {
  const ReadoutLayout layout(keys({"my_reg_2_0_1", "d_3_1_0"}));
  EXPECT_EQ(layout.width(), 5U);
  EXPECT_EQ(arranged(layout, {"my_reg_2_0_1", "d_3_1_0"}, {{"10", 1}, {"01", 2}}),
            (Counts{{"00010", 1}, {"00100", 2}}));
}

TEST(ReadoutLayout, RegistersOfTheMetadataWinAndMayBeWhollyUnmeasured) {
  auto readout = keys({"b_1_1_0"});
  readout.registers = {{.name = "a", .size = 2}, {.name = "b", .size = 1}, {.name = "c", .size = 1}};
  const ReadoutLayout layout(readout);
  EXPECT_EQ(arranged(layout, {"b_1_1_0"}, {{"1", 3}}), (Counts{{"0100", 3}}));
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
  EXPECT_EQ(arranged(layout, {"aa", "zz"}, {{"110", 4}}), (Counts{{"101", 4}}));
  EXPECT_EQ(arranged(layout, {"zz", "aa"}, {{"100", 4}}), (Counts{{"001", 4}}));
}

TEST(ReadoutLayout, MixedStylesFollowTheProgram) {
  const ReadoutLayout layout(keys({"c_2_0_1", "other"}));
  EXPECT_EQ(arranged(layout, {"c_2_0_1", "other"}, {{"10", 1}}), (Counts{{"01", 1}}));
}

TEST(ReadoutLayout, WithoutMeasurementsThereIsOneEmptyString) {
  const ReadoutLayout layout{model::CircuitReadout{}};
  EXPECT_EQ(arranged(layout, {}, {{"", 9}}), (Counts{{"", 9}}));
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
  EXPECT_EQ(arranged(ReadoutLayout(keys(names)), names, {{sent, 1}}), (Counts{{expected, 1}}));
}

TEST(ReadoutLayout, ShotsAreArrangedLikeCounts) {
  const ReadoutLayout layout(keys({"c_2_0_0", "c_2_0_1"}));
  const model::MeasurementShots shots{.shots = 3, .bits = {{"c_2_0_0", "110"}, {"c_2_0_1", "001"}}, .keys = {}};
  EXPECT_EQ(layout.arrange(shots, {.number = 3}), "01,01,10");
}

TEST(ReadoutLayout, EqualOutcomesAreOneEntryInAscendingOrder) {
  const ReadoutLayout layout(keys({"c_2_0_0", "c_2_0_1"}));
  EXPECT_EQ(arranged(layout, {"c_2_0_0", "c_2_0_1"}, {{"11", 1}, {"10", 2}, {"01", 4}, {"10", 8}}),
            (Counts{{"01", 10}, {"10", 4}, {"11", 1}}));
}

TEST(ReadoutLayout, ShotsAreCountedAsTheyAreArranged) {
  const ReadoutLayout layout(keys({"c_2_0_0", "c_2_0_1"}));
  const core::Histogram histogram = layout.count("01,01,10");
  EXPECT_EQ(histogram.keys, "01,10");
  EXPECT_EQ(histogram.values, (std::vector<std::size_t>{2, 1}));
  EXPECT_TRUE(layout.count("").values.empty());
}

TEST(ReadoutLayout, MoreThan64BitsAreCountedToo) {
  std::vector<std::string> names;
  for (int i = 0; i < 70; ++i) {
    names.push_back("c_70_0_" + std::to_string(i));
  }
  const std::string low = std::string(69, '0') + "1";
  const std::string high = "1" + std::string(69, '0');
  const core::Histogram histogram = ReadoutLayout(keys(names)).count(high + "," + low + "," + high);
  EXPECT_EQ(histogram.keys, low + "," + high);
  EXPECT_EQ(histogram.values, (std::vector<std::size_t>{1, 2}));
}

TEST(ReadoutLayout, HeraldingLeavesFewerShotsThanWereAskedFor) {
  const ReadoutLayout layout(keys({"a"}));
  EXPECT_EQ(arranged(layout, {"a"}, {{"0", 3}, {"1", 4}}, {.number = 10, .heralded = true}),
            (Counts{{"0", 3}, {"1", 4}}));
  EXPECT_EQ(layout.arrange(model::MeasurementShots{.shots = 2, .bits = {{"a", "01"}}, .keys = {}},
                           {.number = 10, .heralded = true}),
            "0,1");
}

TEST(ReadoutLayout, RepliesThatDoNotFitTheCircuitAreProtocolErrors) {
  const ReadoutLayout layout(keys({"a", "b"}));
  const auto refuse = [&layout](const std::vector<std::string>& listed, const Counts& sent) {
    EXPECT_THROW((void)arranged(layout, listed, sent, {.number = 10, .heralded = true}), ProtocolError);
  };
  refuse({"a"}, {{"0", 1}});
  refuse({"a", "x"}, {{"00", 1}});
  refuse({"a", "a"}, {{"00", 1}});
  refuse({"a", "b"}, {{"000", 1}});
  refuse({"a", "b"}, {{"00", 6}, {"01", 5}});
  refuse({"a", "b"}, {{"00", 6}, {"01", SIZE_MAX}});
  const auto refuse_shots = [&layout](const model::MeasurementShots& shots, std::size_t most_shots) {
    EXPECT_THROW((void)layout.arrange(shots, {.number = most_shots}), ProtocolError);
  };
  refuse_shots({.shots = 2, .bits = {{"a", "01"}}, .keys = {}}, 2);
  refuse_shots({.shots = 2, .bits = {{"a", "01"}, {"b", "0"}}, .keys = {}}, 2);
  refuse_shots({.shots = 2, .bits = {{"a", "01"}, {"b", "01"}}, .keys = {}}, 1);
  refuse_shots({.shots = 2, .bits = {{"a", "01"}, {"b", "01"}}, .keys = {}}, 3);
  EXPECT_THROW((void)arranged(layout, {"a", "b"}, {{"00", 9}}, {.number = 10}), ProtocolError);
}

TEST(ReadoutLayout, RegistersThatNoDeviceHasAreNotLaidOut) {
  constexpr std::size_t kLarge = std::size_t{1} << 20U;
  EXPECT_EQ(ReadoutLayout(keys({"a_1048576_0_0", "b_1_1_0"})).width(), 2U);
  EXPECT_EQ(
      ReadoutLayout({.keys = {}, .registers = {{{.name = "a", .size = kLarge}, {.name = "b", .size = 1}}}}).width(),
      0U);
  EXPECT_EQ(ReadoutLayout(keys({"a_1048576_0_0"})).width(), kLarge);
}

TEST(ReadoutLayout, NumbersThatNoResultsStandBehindAreProtocolErrorsNotAllocations) {
  // Nothing is measured, so that no row of the reply contradicts the number of shots.
  for (const std::size_t bits : {std::size_t{0}, std::size_t{1}, std::size_t{3}}) {
    const ReadoutLayout layout({.keys = {}, .registers = {{{.name = "c", .size = bits}}}});
    for (const std::size_t shots : {SIZE_MAX, SIZE_MAX / 2 + 2, SIZE_MAX / 4 + 2, std::size_t{1} << 40U}) {
      EXPECT_THROW((void)layout.arrange(model::MeasurementShots{}, {.number = shots}), ProtocolError)
          << shots << " shots of " << bits << " bits";
    }
  }
  const ReadoutLayout layout(keys({"c_1048576_0_0"}));
  model::MeasurementCounts counts{.keys = {"c_1048576_0_0"}, .width = 1, .outcomes = {}, .counts = {}};
  counts.outcomes.assign(2048, '0');
  counts.counts.assign(2048, 0);
  EXPECT_THROW((void)layout.arrange(counts, {.number = 1, .heralded = true}), ProtocolError);
}

}  // namespace
}  // namespace iqm::test
