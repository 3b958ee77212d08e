// SPDX-License-Identifier: Apache-2.0
// Jobs that are found again by their id.
#include <gtest/gtest.h>

#include <string>

#include "example_job.hpp"
#include "scoped_environment.hpp"
#include "support/error.hpp"

namespace iqm::test {
namespace {

const std::string kPayload = kJob + "/payload";

class Retrieval : public ::testing::Test {
 protected:
  void retrieve() { example_.job = core::Job::retrieve(example_.machine, kJobId); }

  [[nodiscard]] std::size_t property(QDMI_Device_Job_Property which) const {
    std::size_t value = 0;
    example_.job->query(which, core::PropertySink(sizeof(value), &value, nullptr));
    return value;
  }

  ScopedEnvironment environment_{"IQM_TOKEN", "IQM_TOKENS_FILE", "QDMI_AUTH_FILE"};
  ExampleJob example_;
};

std::string payload(const std::string& circuits, const std::string& more = R"(,"shots":4)") {
  return R"({"circuits":[)" + circuits + "]" + more + "}";
}

TEST_F(Retrieval, BringsBackStatusShapeAndResults) {
  example_.transport->on(kJob, 200, job_reply("completed"));
  example_.transport->on(kPayload, 200, payload(std::string(kCircuit) + "," + kCircuit));
  example_.transport->on(kCounts, 200,
                         R"([{"measurement_keys":["c_3_0_2","c_3_0_0","c_3_0_1"],"counts":{"010":4}},)"
                         R"({"measurement_keys":["c_3_0_0","c_3_0_1","c_3_0_2"],"counts":{"001":4}}])");
  retrieve();
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_DONE);
  EXPECT_EQ(property(QDMI_DEVICE_JOB_PROPERTY_PROGRAMSNUM), 2U);
  EXPECT_EQ(property(QDMI_DEVICE_JOB_PROPERTY_SHOTSNUM), 4U);
  EXPECT_EQ(example_.text_result(QDMI_JOB_RESULT_HIST_KEYS, 0), "001");
  EXPECT_EQ(example_.text_result(QDMI_JOB_RESULT_HIST_KEYS, 1), "100");
  EXPECT_EQ(example_.transport->count("POST"), 0U);
}

TEST_F(Retrieval, LeavesNothingToEditOrSubmit) {
  example_.transport->on(kJob, 200, job_reply("waiting"));
  example_.transport->on(kPayload, 200, payload(kCircuit));
  retrieve();
  EXPECT_THROW(example_.set_programs({kCircuit}), BadState);
  EXPECT_THROW(example_.set_shots(1), BadState);
  EXPECT_THROW(example_.job->submit(), BadState);
  EXPECT_THROW(example_.job->get_program(0, core::PropertySink(0, nullptr, nullptr)), NotSupported);
  EXPECT_THROW(example_.job->get_program(1, core::PropertySink(0, nullptr, nullptr)), OutOfRange);
}

TEST_F(Retrieval, AJobThatIsStillRunningCanBeFollowedAndCancelled) {
  example_.transport->on(kJob, 200, job_reply("processing"));
  example_.transport->on(kPayload, 200, payload(kCircuit));
  example_.transport->on(kCancel, 200, job_reply("cancelled"));
  retrieve();
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_RUNNING);
  example_.job->cancel();
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_CANCELED);
}

TEST_F(Retrieval, HeraldedJobsMayHaveFewerShots) {
  example_.transport->on(kJob, 200, job_reply("completed"));
  example_.transport->on(kPayload, 200, payload(kCircuit, R"(,"shots":4,"heralding_mode":"zeros")"));
  example_.transport->on(kShots, 200, R"([{"c_3_0_0":[[1]],"c_3_0_1":[[0]],"c_3_0_2":[[0]]}])");
  retrieve();
  EXPECT_EQ(example_.text_result(QDMI_JOB_RESULT_SHOTS), "001");
}

TEST_F(Retrieval, WithoutItsPayloadTheServersOrderOfKeysIsUsed) {
  example_.transport->on(kJob, 200,
                         job_reply("completed", R"(,"execution":{"progress":{"circuits":{"value":1,"max_value":1}}})"));
  example_.transport->on(kPayload, 404, "{}");
  example_.transport->on(kCounts, 200, R"([{"measurement_keys":["z","a"],"counts":{"10":4}}])");
  example_.transport->on(kShots, 200, R"([{"z":[[1,0]],"a":[[1]]}])");
  retrieve();
  EXPECT_EQ(property(QDMI_DEVICE_JOB_PROPERTY_PROGRAMSNUM), 1U);
  EXPECT_THROW((void)property(QDMI_DEVICE_JOB_PROPERTY_SHOTSNUM), NotSupported);
  EXPECT_EQ(example_.text_result(QDMI_JOB_RESULT_HIST_KEYS), "10");
  EXPECT_EQ(example_.text_result(QDMI_JOB_RESULT_SHOTS), "101");
}

TEST_F(Retrieval, KeysOfClassicalRegistersTellTheOrderEvenWithoutThePayload) {
  example_.transport->on(kJob, 200,
                         job_reply("completed", R"(,"execution":{"progress":{"circuits":{"value":1,"max_value":1}}})"));
  example_.transport->on(kPayload, 404, "{}");
  example_.transport->on(kCounts, 200, R"([{"measurement_keys":["c_2_0_0","c_2_0_1"],"counts":{"10":4}}])");
  retrieve();
  EXPECT_EQ(example_.text_result(QDMI_JOB_RESULT_HIST_KEYS), "01");
}

TEST_F(Retrieval, WhatCannotBeRetrievedSaysWhy) {
  example_.transport->on(kJob, 404, R"({"message":"no such job","error_code":"job_not_found"})");
  EXPECT_THROW(retrieve(), NotFound);
  example_.transport->on(kJob, 403, "{}");
  example_.transport->on(kJob, 200, R"({"id":"x","type":"sweep","status":"completed"})");
  example_.transport->on(kJob, 200, R"({"id":"x"})");
  example_.transport->on(kJob, 200, job_reply("completed"));
  ASSERT_THROW(retrieve(), NotFound);  // the first answer once more
  EXPECT_THROW(retrieve(), Forbidden);
  EXPECT_THROW(retrieve(), NotSupported);
  EXPECT_THROW(retrieve(), ProtocolError);
  example_.transport->on(kPayload, 404, "{}");
  EXPECT_THROW(retrieve(), NotSupported);  // nobody knows how many programs it has
  example_.transport->on(kPayload, 200, R"({"circuits":[5]})");
  ASSERT_THROW(retrieve(), NotSupported);
  EXPECT_THROW(retrieve(), ProtocolError);
}

TEST_F(Retrieval, APermissionThatIsLostStaysPermissionDenied) {
  example_.transport->on(kJob, 200, job_reply("processing"));
  const std::string refusal = R"({"message":"not your project any more","error_code":"forbidden"})";
  example_.transport->on(kJob, 403, refusal);
  example_.transport->on(kCancel, 403, refusal);
  example_.transport->on(kPayload, 200, payload(kCircuit));
  retrieve();
  const auto expect_refused = [](const auto& call) {
    try {
      call();
      ADD_FAILURE() << "was not refused";
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), QDMI_ERROR_PERMISSIONDENIED);
      EXPECT_NE(std::string(error.what()).find("not your project any more"), std::string::npos) << error.what();
    }
  };
  expect_refused([this] { (void)example_.job->check(); });
  expect_refused([this] { example_.job->wait(1); });
  expect_refused([this] { example_.job->cancel(); });
}

TEST_F(Retrieval, AnIdIsNeverAPath) {
  EXPECT_THROW((void)core::Job::retrieve(example_.machine, "../tokens?x=1"), NotFound);
  EXPECT_EQ(example_.transport->count("GET /api/v1/jobs/..%2Ftokens%3Fx%3D1"), 1U);
}

}  // namespace
}  // namespace iqm::test
