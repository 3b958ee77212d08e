// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "example_job.hpp"
#include "scoped_environment.hpp"
#include "support/error.hpp"

namespace iqm::test {
namespace {

constexpr const char* kThreeToOne =
    R"([{"measurement_keys":["c_3_0_2","c_3_0_0","c_3_0_1"],"counts":{"010":3,"100":1}}])";
constexpr const char* kFourShots =
    R"([{"c_3_0_0":[[1],[1],[0],[1]],"c_3_0_1":[[0],[0],[0],[0]],"c_3_0_2":[[0],[0],[1],[0]]}])";

class Results : public ::testing::Test {
 protected:
  ScopedEnvironment environment_{"IQM_TOKEN", "IQM_TOKENS_FILE", "QDMI_AUTH_FILE"};
  ExampleJob example_;
};

TEST_F(Results, HistogramComesInTheBitOrderOfClassicalRegisters) {
  example_.submit("completed");
  example_.transport->on(kCounts, 200, kThreeToOne);
  EXPECT_EQ(example_.text_result(QDMI_JOB_RESULT_HIST_KEYS), "001,100");
  EXPECT_EQ(example_.values(), (std::vector<std::size_t>{3, 1}));
  EXPECT_EQ(example_.transport->count(kCounts), 1U);
}

TEST_F(Results, ShotsComeInShotOrder) {
  example_.submit("completed");
  example_.transport->on(kShots, 200, kFourShots);
  EXPECT_EQ(example_.text_result(QDMI_JOB_RESULT_SHOTS), "001,001,100,001");
  EXPECT_EQ(example_.transport->count(kShots), 1U);
}

TEST_F(Results, HistogramIsDerivedFromShotsThatAreHere) {
  example_.submit("completed");
  example_.transport->on(kShots, 200, kFourShots);
  (void)example_.text_result(QDMI_JOB_RESULT_SHOTS);
  EXPECT_EQ(example_.text_result(QDMI_JOB_RESULT_HIST_KEYS), "001,100");
  EXPECT_EQ(example_.values(), (std::vector<std::size_t>{3, 1}));
  EXPECT_EQ(example_.transport->count(kCounts), 0U);
}

TEST_F(Results, EachProgramHasItsOwn) {
  example_.transport->on(kSubmit, 200, job_reply("completed"));
  example_.set_programs({kCircuit, R"({"name":"none","instructions":[]})"});
  example_.set_shots(4);
  example_.job->submit();
  example_.transport->on(
      kCounts, 200,
      R"([{"measurement_keys":["c_3_0_0","c_3_0_1","c_3_0_2"],"counts":{"110":4}},{"measurement_keys":[],"counts":{"":4}}])");
  EXPECT_EQ(example_.text_result(QDMI_JOB_RESULT_HIST_KEYS, 0), "011");
  EXPECT_EQ(example_.text_result(QDMI_JOB_RESULT_HIST_KEYS, 1), "");
  EXPECT_EQ(example_.values(1), (std::vector<std::size_t>{4}));
  EXPECT_THROW((void)example_.text_result(QDMI_JOB_RESULT_HIST_KEYS, 2), OutOfRange);
}

TEST_F(Results, AreRefusedBeforeSuccess) {
  EXPECT_THROW((void)example_.text_result(QDMI_JOB_RESULT_HIST_KEYS), BadState);
  example_.submit("processing");
  EXPECT_THROW((void)example_.text_result(QDMI_JOB_RESULT_HIST_KEYS), BadState);
  EXPECT_EQ(example_.transport->count(kCounts), 0U);
}

TEST_F(Results, OfAFailedJobCarryTheServersReasons) {
  example_.submit();
  example_.transport->on(
      kJob, 200,
      job_reply(
          "failed",
          R"(,"errors":[{"error_code":"circuit_execution_error","message":"fridge is warm","source":"iqm-station-control"}])"));
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_FAILED);
  try {
    (void)example_.text_result(QDMI_JOB_RESULT_SHOTS);
    FAIL();
  } catch (const JobFailed& error) {
    EXPECT_EQ(error.status(), QDMI_ERROR_BADSTATE);
    EXPECT_NE(std::string(error.what()).find("fridge is warm"), std::string::npos);
    ASSERT_EQ(error.detail().server_errors.size(), 1U);
    EXPECT_EQ(error.detail().server_errors[0].source, "iqm-station-control");
  }
}

TEST_F(Results, KindsThatAQuantumComputerDoesNotHaveAreNotSupported) {
  example_.submit("completed");
  for (const auto kind : {QDMI_JOB_RESULT_STATEVECTOR_DENSE, QDMI_JOB_RESULT_PROBABILITIES_DENSE,
                          QDMI_JOB_RESULT_STATEVECTOR_SPARSE_KEYS, QDMI_JOB_RESULT_CUSTOM1}) {
    EXPECT_THROW((void)example_.text_result(kind), NotSupported);
  }
}

TEST_F(Results, AShortBufferIsRefusedAndToldTheSize) {
  example_.submit("completed");
  example_.transport->on(kCounts, 200, kThreeToOne);
  char buffer[8] = "intact!";
  std::size_t size = 0;
  EXPECT_THROW(example_.job->get_results(0, QDMI_JOB_RESULT_HIST_KEYS, core::PropertySink(7, buffer, &size)),
               InvalidArgument);
  EXPECT_EQ(size, 8U);
  EXPECT_STREQ(buffer, "intact!");
}

class MalformedArtifact : public ::testing::TestWithParam<const char*> {};

TEST_P(MalformedArtifact, IsAProtocolErrorAndCanBeReadAgain) {
  const ScopedEnvironment environment{"IQM_TOKEN", "IQM_TOKENS_FILE", "QDMI_AUTH_FILE"};
  const ExampleJob example;
  example.submit("completed");
  const bool shots = std::string_view(GetParam()).find("measurement_keys") == std::string_view::npos;
  const auto kind = shots ? QDMI_JOB_RESULT_SHOTS : QDMI_JOB_RESULT_HIST_KEYS;
  example.transport->on(shots ? kShots : kCounts, 200, GetParam());
  example.transport->on(shots ? kShots : kCounts, 200, shots ? kFourShots : kThreeToOne);
  EXPECT_THROW((void)example.text_result(kind), ProtocolError);
  EXPECT_EQ(example.text_result(kind).substr(0, 3), "001");
}

INSTANTIATE_TEST_SUITE_P(
    Results, MalformedArtifact,
    ::testing::Values(R"({"measurement_keys":[]})", R"([{"measurement_keys":[],"counts":{}},{}])",
                      R"([{"measurement_keys":["c_3_0_0","c_3_0_1","c_3_0_2"],"counts":{"00x":1}}])",
                      R"([{"measurement_keys":["c_3_0_0","c_3_0_1","c_3_0_2"],"counts":{"000":-3}}])",
                      R"([{"measurement_keys":["c_3_0_0","c_3_0_1","c_3_0_2"],"counts":{"000":1.5}}])",
                      R"([{"measurement_keys":["c_3_0_0","c_3_0_1","c_3_0_2"],"counts":{"00":1}}])",
                      R"([{"c_3_0_0":[[1]],"c_3_0_1":[[0]]}])",
                      R"([{"c_3_0_0":[[2],[0],[0],[0]],"c_3_0_1":[[0],[0],[0],[0]],"c_3_0_2":[[0],[0],[0],[0]]}])",
                      R"([{"c_3_0_0":[[1],[1]],"c_3_0_1":[[0],[0]],"c_3_0_2":[[0],[0]]}])",
                      R"([{"c_3_0_0":[[1],[1,0],[0],[0]],"c_3_0_1":[[0],[0],[0],[0]],"c_3_0_2":[[0],[0],[0],[0]]}])",
                      R"([])"));

TEST_F(Results, ThreadsThatReadAtOnceFetchOnceAndAgree) {
  example_.submit("completed");
  example_.transport->on(kCounts, [](const http::Request&, TimePoint, const std::stop_token&) {
    std::this_thread::yield();
    return http::Response{.status = 200, .headers = {}, .body = kThreeToOne};
  });
  std::vector<std::string> seen(8);
  {
    std::vector<std::jthread> readers;
    for (auto& text : seen) {
      readers.emplace_back([&] { text = example_.text_result(QDMI_JOB_RESULT_HIST_KEYS); });
    }
  }
  EXPECT_EQ(seen, std::vector<std::string>(8, "001,100"));
  EXPECT_EQ(example_.transport->count(kCounts), 1U);
}

}  // namespace
}  // namespace iqm::test
