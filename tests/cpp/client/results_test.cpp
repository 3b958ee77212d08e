// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "opening.hpp"

namespace qdmikit::test {
namespace {

Job with_results(const std::string& results) {
  return scripted(R"({"results": )" + results + "}").submit(any_program());
}

TEST(BitstringLists, AreSplitAtCommas) {
  const Bitstrings strings("001,1,,11");
  ASSERT_EQ(strings.size(), 4U);
  EXPECT_EQ(strings[0], "001");
  EXPECT_EQ(strings[1], "1");
  EXPECT_EQ(strings[2], "");
  EXPECT_EQ(strings[3], "11");
  EXPECT_TRUE(Bitstrings("").empty());
}

TEST(BitstringLists, MayHoldEmptyStrings) {
  const Bitstrings one = Bitstrings::of_width_zero(1);
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0], "");
  const Bitstrings three = Bitstrings::of_width_zero(3);
  ASSERT_EQ(three.size(), 3U);
  EXPECT_EQ(three[2], "");
  EXPECT_TRUE(Bitstrings::of_width_zero(0).empty());
}

TEST(CountsOfAJob, PairKeysWithValues) {
  const Counts counts = with_results(R"({"HIST_KEYS": "00,11", "HIST_VALUES": [40, 60]})").counts();
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts.key(1), "11");
  EXPECT_EQ(counts.value(1), 60U);
  EXPECT_EQ(counts["00"], 40U);
  EXPECT_EQ(counts["01"], 0U);
  EXPECT_EQ(counts.total(), 100U);
}

TEST(CountsOfAJob, AreTakenFromTheShotsWhereThereIsNoHistogram) {
  const Counts counts = with_results(R"({"SHOTS": "10,01,10"})").counts();
  EXPECT_EQ(counts["10"], 2U);
  EXPECT_EQ(counts["01"], 1U);
  EXPECT_EQ(counts.size(), 2U);
}

TEST(CountsOfAJob, AreNotSupportedWithoutHistogramAndShots) {
  const Job job = with_results("{}");
  EXPECT_THROW(static_cast<void>(job.counts()), NotSupported);
  EXPECT_THROW(static_cast<void>(job.shots_list()), NotSupported);
}

TEST(CountsOfAJob, OfAProgramThatMeasuresNothingHaveOneEmptyKey) {
  const Counts counts = with_results(R"({"HIST_KEYS": "", "HIST_VALUES": [100]})").counts();
  ASSERT_EQ(counts.size(), 1U);
  EXPECT_EQ(counts[""], 100U);
}

TEST(CountsOfAJob, MayBeEmpty) {
  EXPECT_TRUE(with_results(R"({"HIST_KEYS": "", "HIST_VALUES": []})").counts().empty());
  EXPECT_TRUE(with_results(R"({"SHOTS": ""})").shots_list().empty());
}

TEST(CountsOfAJob, NeedAsManyValuesAsKeys) {
  EXPECT_THROW(static_cast<void>(with_results(R"({"HIST_KEYS": "0,1", "HIST_VALUES": [1]})").counts()), ProtocolError);
  EXPECT_THROW(static_cast<void>(with_results(R"({"HIST_KEYS": "0,1"})").counts()), NotSupported);
}

TEST(ShotsOfAJob, KeepTheirOrder) {
  const Bitstrings shots = with_results(R"({"SHOTS": "10,01,10"})").shots_list();
  ASSERT_EQ(shots.size(), 3U);
  EXPECT_EQ(shots[1], "01");
  EXPECT_EQ(shots.text(), "10,01,10");
}

std::vector<std::uint8_t> packed(std::string_view text) { return PackedShots(text).take_bytes(); }

TEST(PackedShotLists, HoldEightBitsInAByteAndTheHighestFirst) {
  const PackedShots shots = with_results(R"({"SHOTS": "10,01,11"})").packed_shots();
  EXPECT_EQ(shots.size(), 3U);
  EXPECT_EQ(shots.width(), 2U);
  EXPECT_EQ(shots.stride(), 1U);
  EXPECT_EQ(shots[0][0], 0b10);
  EXPECT_EQ(shots[2][0], 0b11);
  EXPECT_TRUE(shots.bit(0, 1));
  EXPECT_FALSE(shots.bit(0, 0));
}

TEST(PackedShotLists, BeginWithZerosWhereAByteIsNotFull) {
  EXPECT_EQ(packed("100000001"), (std::vector<std::uint8_t>{1, 1}));
  EXPECT_EQ(packed("000000001,100000000"), (std::vector<std::uint8_t>{0, 1, 1, 0}));
  EXPECT_EQ(packed("10000000"), (std::vector<std::uint8_t>{0x80}));
  EXPECT_TRUE(PackedShots("100000000").bit(0, 8));
}

TEST(PackedShotLists, MayBeEmptyOrOfShotsWithoutBits) {
  EXPECT_TRUE(PackedShots("").empty());
  EXPECT_EQ(PackedShots(",,").size(), 3U);
  EXPECT_EQ(PackedShots(",,").width(), 0U);
}

TEST(PackedShotLists, RefuseWhatIsNoListOfShots) {
  for (const char* text : {"01,1", "01,101", "0,", ",0", "02", "01;10", "0 ,10"}) {
    EXPECT_THROW(PackedShots{text}, std::invalid_argument) << text;
  }
  EXPECT_THROW((void)with_results(R"({"SHOTS": "10,1"})").packed_shots(), ProtocolError);
}

TEST(RawResults, AreTheBytesOfTheDevice) {
  const Job job = with_results(R"({"SHOTS": "10", "HIST_VALUES": [5]})");
  EXPECT_EQ(job.result(JobResult::Shots).size(), 3U) << "with the terminating NUL";
  const auto bytes = job.result(JobResult::HistogramValues);
  std::size_t value = 0;
  ASSERT_EQ(bytes.size(), sizeof value);
  std::memcpy(&value, bytes.data(), sizeof value);
  EXPECT_EQ(value, 5U);
  EXPECT_THROW(static_cast<void>(job.result(JobResult::StatevectorDense)), NotSupported);
}

TEST(Results, OfAProgramThatTheJobDoesNotHaveAreOutOfRange) {
  EXPECT_THROW(static_cast<void>(with_results(R"({"SHOTS": "10"})").counts(1)), OutOfRange);
}

TEST(Results, OfAFailedJobCarryTheServersErrors) {
  const Job job = scripted(R"({"job_status": 6, "last_error": {"kind": "JobFailed", "message": "the job failed",
      "server_errors": [{"error_code": "circuit_execution_error", "message": "laser off", "source": "lab"}]}})")
                      .submit(any_program());
  EXPECT_EQ(job.wait(), JobStatus::Failed);
  try {
    static_cast<void>(job.counts());
    FAIL();
  } catch (const BadState& error) {
    EXPECT_EQ(error.kind(), "JobFailed");
    ASSERT_EQ(error.detail().server_errors.size(), 1U);
    EXPECT_EQ(error.detail().server_errors[0].message, "laser off");
  }
}

TEST(Results, SayWhereTheJobStandsWhenTheDeviceDoesNot) {
  const auto failure_of = [](const Job& job) -> std::string {
    try {
      static_cast<void>(job.counts());
    } catch (const BadState& error) {
      return error.what();
    }
    return "no failure";
  };
  EXPECT_TRUE(contains(failure_of(scripted(R"({"job_status": 6})").submit(any_program())), "the job is FAILED"));
  EXPECT_TRUE(contains(failure_of(scripted(R"({"job_status": 5})").submit(any_program())), "the job is CANCELED"));
  EXPECT_TRUE(contains(failure_of(scripted(R"({"stays": true})").submit(any_program())), "the job is RUNNING"));
}

}  // namespace
}  // namespace qdmikit::test
