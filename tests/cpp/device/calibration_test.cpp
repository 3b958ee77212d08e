// SPDX-License-Identifier: Apache-2.0
// Calibration jobs, and what they do to the session.
#include <gtest/gtest.h>

#include <latch>
#include <string>
#include <thread>

#include "core/queries.hpp"
#include "example_job.hpp"
#include "scoped_environment.hpp"
#include "support/error.hpp"

namespace iqm::test {
namespace {

constexpr const char* kRuns = "POST /cocos/api/v4/calibration/runs";
constexpr const char* kRun = "GET /cocos/api/v4/calibration/runs/run-7/status";
constexpr const char* kAbort = "POST /cocos/api/v4/calibration/runs/run-7/abort";
const std::string kNewSet = std::string("GET /api/v1/calibration-sets/small/") + kOther;
// Not even JSON: what a calibration means is between its author and the server.
constexpr const char* kConfiguration = R"({"procedure_config":{"set_default":"always",},})";

std::string ready() {
  return std::string(R"({"status":"ready","result":{"success":true,"calibration_set_id":")") + kOther + "\"}}";
}

// A clock whose pauses last until somebody ends them, and say when they begin.
class StandingClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint(std::chrono::hours(1)); }
  void sleep_until(TimePoint /*when*/, const std::stop_token& stop) const override {
    std::latch ended(1);
    const std::stop_callback end(stop, [&ended] { ended.count_down(); });
    begun.count_down();
    ended.wait();
  }
  mutable std::latch begun{1};
};

class Calibration : public ::testing::Test {
 protected:
  Calibration() {
    example_.transport->on("GET /cocos/health", 200, "{}");
    example_.transport->on(kRuns, 200, R"({"id":"run-7"})");
    example_.machine = example_.connect();
    example_.job = std::make_shared<core::Job>(example_.machine);
    example_.set_programs({kConfiguration});
  }

  void serve_new_set() {
    example_.transport->on(kNewSet + "/dynamic-quantum-architecture", 200,
                           std::string(R"({"calibration_set_id":")") + kOther +
                               R"(","gates":{"prx":{"implementations":{"drag_gaussian":{"loci":[["QB1"]]}},)"
                               R"("default_implementation":"drag_gaussian"}}})");
    example_.transport->on(kNewSet + "/metrics", 200, example_metrics(kOther));
  }
  // The metadata of a set that the server makes available late: 404 first.
  void serve_new_set_at_the_second_attempt() {
    example_.transport->on(kNewSet + "/dynamic-quantum-architecture", 404, "{}");
    serve_new_set();
  }
  [[nodiscard]] std::string new_set() const { return example_.text_result(QDMI_JOB_RESULT_CUSTOM1); }
  [[nodiscard]] std::string current_set() const { return example_.machine->snapshot()->calibration_set_id; }

  ScopedEnvironment environment_{"IQM_TOKEN", "IQM_TOKENS_FILE", "QDMI_AUTH_FILE", "IQM_CALIBRATION_RETRY_SECONDS"};
  ExampleJob example_;
};

TEST_F(Calibration, SendsTheConfigurationAsItIsAndMovesTheSessionToTheNewSet) {
  serve_new_set();
  example_.job->submit_calibration();
  EXPECT_EQ(example_.transport->body_of(kRuns), kConfiguration);
  example_.transport->on(kRun, 200, R"({"status":"received"})");
  example_.transport->on(kRun, 200, R"({"status":"running"})");
  example_.transport->on(kRun, 200, ready());
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_SUBMITTED);
  example_.job->wait(0);
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_DONE);
  EXPECT_EQ(current_set(), kCalibrationSet);  // nothing moves before somebody asks
  EXPECT_EQ(new_set(), kOther);
  EXPECT_EQ(current_set(), kOther);
  EXPECT_EQ(new_set(), kOther);
  EXPECT_EQ(example_.transport->count(kNewSet + "/dynamic-quantum-architecture"), 1U);
}

TEST_F(Calibration, CircuitsUseTheNewSetAfterwards) {
  serve_new_set();
  example_.transport->on(kRun, 200, ready());
  example_.job->submit_calibration();
  example_.job->wait(0);
  (void)new_set();
  example_.job = std::make_shared<core::Job>(example_.machine);
  example_.transport->on(kSubmit, 200, job_reply("waiting"));
  example_.set_programs({R"({"name":"x","instructions":[]})"});
  example_.job->submit();
  EXPECT_NE(example_.transport->body_of(kSubmit).find(kOther), std::string::npos);
}

TEST_F(Calibration, ASetThatIsNotThereYetIsLookedForOnceMoreAfterAPause) {
  serve_new_set_at_the_second_attempt();
  example_.transport->on(kRun, 200, ready());
  example_.job->submit_calibration();
  example_.job->wait(0);
  const std::size_t pauses = example_.clock->pauses().size();
  EXPECT_EQ(new_set(), kOther);
  EXPECT_EQ(current_set(), kOther);
  ASSERT_EQ(example_.clock->pauses().size(), pauses + 1);
  EXPECT_EQ(example_.clock->pauses().back(), std::chrono::seconds(120));
}

TEST_F(Calibration, ASetThatStaysAwayIsAnErrorThatCanBeTriedAgain) {
  example_.transport->on(kRun, 200, ready());
  example_.job->submit_calibration();
  example_.job->wait(0);
  EXPECT_THROW((void)new_set(), NotFound);
  EXPECT_EQ(example_.transport->count(kNewSet + "/dynamic-quantum-architecture"), 2U);
  EXPECT_EQ(current_set(), kCalibrationSet);
  const auto fresh = example_.transport;
  serve_new_set_at_the_second_attempt();
  EXPECT_EQ(new_set(), kOther);
}

TEST_F(Calibration, CancellingOrFreeingEndsThePause) {
  const auto standing = std::make_shared<StandingClock>();
  serve_new_set_at_the_second_attempt();
  example_.transport->on(kRun, 200, ready());
  const auto machine =
      core::Machine::connect(ExampleMachine::settings(), {.clock = standing, .transport = example_.transport});
  example_.job = std::make_shared<core::Job>(machine);
  example_.set_programs({kConfiguration});
  example_.job->submit_calibration();
  example_.job->wait(0);
  std::jthread reader([this] { EXPECT_THROW((void)new_set(), Interrupted); });
  standing->begun.wait();
  EXPECT_THROW(example_.job->cancel(), JobAlreadyTerminal);
  reader.join();
  example_.job->release();  // what job_free does
}

TEST_F(Calibration, APinnedSessionStaysWithItsSet) {
  core::Settings settings = ExampleMachine::settings();
  settings.calibration_set = kCalibrationSet;
  const std::string pinned = std::string("GET /api/v1/calibration-sets/small/") + kCalibrationSet;
  example_.transport->on(pinned + "/dynamic-quantum-architecture", 200,
                         example_replies().at("/api/v1/calibration-sets/small/default/dynamic-quantum-architecture"));
  example_.transport->on(pinned + "/metrics", 200, example_metrics(kCalibrationSet));
  example_.transport->on(kRun, 200, ready());
  example_.machine = example_.connect(settings);
  example_.job = std::make_shared<core::Job>(example_.machine);
  example_.set_programs({kConfiguration});
  example_.job->submit_calibration();
  example_.job->wait(0);
  EXPECT_EQ(new_set(), kOther);
  EXPECT_EQ(current_set(), kCalibrationSet);
}

TEST_F(Calibration, AnUnsuccessfulOneIsAFailedJobWithItsReason) {
  example_.job->submit_calibration();
  example_.transport->on(kRun, 200,
                         R"({"status":"ready","result":{"success":false,"calibration_error":"the fridge is warm"}})");
  example_.job->wait(0);
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_FAILED);
  try {
    (void)new_set();
    FAIL();
  } catch (const JobFailed& error) {
    EXPECT_NE(std::string(error.what()).find("the fridge is warm"), std::string::npos);
  }
}

TEST_F(Calibration, CancellingAbortsIt) {
  example_.transport->on(kAbort, 200, "");
  example_.job->submit_calibration();
  example_.job->cancel();
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_CANCELED);
  EXPECT_EQ(example_.transport->count(kAbort), 1U);
}

TEST_F(Calibration, ShowsInTheStatusOfTheDeviceWhileItLasts) {
  example_.job->submit_calibration();
  EXPECT_EQ(example_.machine->status(), QDMI_DEVICE_STATUS_CALIBRATION);
  example_.transport->on(kRun, 200, ready());
  example_.job->wait(0);
  EXPECT_EQ(example_.machine->status(), QDMI_DEVICE_STATUS_IDLE);
}

TEST_F(Calibration, HasNoShotsAndCircuitsHaveNoSet) {
  example_.transport->on(kRun, 200, ready());
  example_.job->submit_calibration();
  example_.job->wait(0);
  EXPECT_THROW((void)example_.text_result(QDMI_JOB_RESULT_SHOTS), NotSupported);
  example_.job = std::make_shared<core::Job>(example_.machine);
  example_.submit("completed");
  EXPECT_THROW((void)new_set(), NotSupported);
}

TEST_F(Calibration, TakesOneProgramOfIqmJson) {
  example_.set_programs({"{}", "{}"});
  EXPECT_THROW(example_.job->submit_calibration(), InvalidProgram);
  EXPECT_EQ(example_.transport->count(kRuns), 0U);
  // Nothing is lost, and the job may become one of circuits instead.
  example_.submit();
  EXPECT_EQ(example_.machine->status(), QDMI_DEVICE_STATUS_BUSY);
}

TEST_F(Calibration, IsNotSupportedWithoutTheService) {
  const ExampleJob without;
  without.set_programs({kConfiguration});
  EXPECT_THROW(without.job->submit_calibration(), NotSupported);
}

TEST_F(Calibration, ALostReplyLeavesItsFateUnknown) {
  ExampleJob fresh;
  fresh.transport->on("GET /cocos/health", 200, "{}");
  fresh.transport->on(kRuns, [](const http::Request&, TimePoint, const std::stop_token&) -> http::Response {
    throw ConnectionLost("injected");
  });
  fresh.machine = fresh.connect();
  fresh.job = std::make_shared<core::Job>(fresh.machine);
  fresh.set_programs({kConfiguration});
  EXPECT_THROW(fresh.job->submit_calibration(), SubmissionOutcomeUnknown);
  EXPECT_EQ(fresh.transport->count(kRuns), 1U);
}

}  // namespace
}  // namespace iqm::test
