// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <latch>
#include <string>
#include <thread>

#include "example_job.hpp"
#include "scoped_environment.hpp"
#include "support/error.hpp"

namespace iqm::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class JobFollowing : public ::testing::Test {
 protected:
  // A long poll that the server holds for `held` and then answers with `status`.
  ScriptedTransport::Answer holds(Duration held, const std::string& status, bool timed_out) {
    return [this, held, status, timed_out](const http::Request&, TimePoint deadline, const std::stop_token&) {
      const TimePoint until = example_.clock->now() + held;
      if (until > deadline) {
        example_.clock->advance_to(deadline);
        throw RequestTimedOut("injected");
      }
      example_.clock->advance_to(until);
      http::Headers headers;
      if (timed_out) {
        headers["iqm-long-poll-timed-out"] = "true";
      }
      return http::Response{.status = 200, .headers = headers, .body = job_reply(status)};
    };
  }

  ScopedEnvironment environment_{"IQM_TOKEN", "IQM_TOKENS_FILE", "QDMI_AUTH_FILE"};
  ExampleJob example_;
};

TEST_F(JobFollowing, WaitIsOneLongPollWhenTheJobEndsInTime) {
  example_.submit();
  example_.transport->on(kJob, holds(milliseconds(500), "completed", false));
  const TimePoint start = example_.clock->now();
  example_.job->wait(0);
  EXPECT_EQ(example_.clock->now() - start, milliseconds(500));
  EXPECT_EQ(example_.transport->count(kJob + "?wait_until_terminal=true&timeout_seconds=30"), 1U);
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_DONE);
}

TEST_F(JobFollowing, WaitForEverRepeatsTheLongPoll) {
  example_.submit();
  example_.transport->on(kJob, holds(seconds(30), "processing", true));
  example_.transport->on(kJob, holds(seconds(30), "processing", true));
  example_.transport->on(kJob, holds(seconds(3), "completed", false));
  example_.job->wait(0);
  EXPECT_EQ(example_.transport->count(kJob), 3U);
}

TEST_F(JobFollowing, WaitTimesOutAtItsDeadlineAndNotBefore) {
  example_.submit();
  example_.transport->on(kJob, holds(seconds(1) + milliseconds(2), "processing", true));
  const TimePoint start = example_.clock->now();
  EXPECT_THROW(example_.job->wait(1), WaitTimedOut);
  EXPECT_GE(example_.clock->now() - start, seconds(1));
  EXPECT_LE(example_.clock->now() - start, milliseconds(1050));
  // It can be taken up again.
  example_.transport->on(kJob, holds(milliseconds(100), "completed", false));
  example_.transport->on(kJob, holds(milliseconds(100), "completed", false));
  EXPECT_THROW(example_.job->wait(1), WaitTimedOut);
  example_.job->wait(1);
}

TEST_F(JobFollowing, AServerThatHoldsTooLongIsCutAtTheDeadline) {
  example_.submit();
  example_.transport->on(kJob, holds(seconds(29), "processing", true));
  const TimePoint start = example_.clock->now();
  EXPECT_THROW(example_.job->wait(2), WaitTimedOut);
  EXPECT_GE(example_.clock->now() - start, seconds(2));
  EXPECT_LE(example_.clock->now() - start, milliseconds(2050));
}

TEST_F(JobFollowing, AServerWithoutLongPollIsPolledAdaptively) {
  example_.submit();
  for (int i = 0; i < 60; ++i) {
    example_.transport->on(kJob, holds(milliseconds(0), "processing", false));
  }
  example_.transport->on(kJob, holds(milliseconds(0), "completed", false));
  example_.job->wait(0);
  const auto& pauses = example_.clock->pauses();
  ASSERT_EQ(pauses.size(), 60U);
  EXPECT_EQ(pauses.front(), milliseconds(10));
  EXPECT_EQ(pauses.back(), milliseconds(1000));
  EXPECT_TRUE(std::ranges::is_sorted(pauses));
  // What has shown once need not be asked again.
  EXPECT_EQ(example_.transport->count(kJob + "?wait_until_terminal=true&timeout_seconds=30"), 1U);
}

TEST_F(JobFollowing, AdaptivePollingKeepsTheDeadline) {
  example_.submit();
  example_.transport->on(kJob, holds(milliseconds(1), "processing", false));
  const TimePoint start = example_.clock->now();
  EXPECT_THROW(example_.job->wait(3), WaitTimedOut);
  EXPECT_GE(example_.clock->now() - start, seconds(3));
  EXPECT_LE(example_.clock->now() - start, milliseconds(3050));
}

TEST_F(JobFollowing, WaitSucceedsForEveryTerminalStatus) {
  for (const auto& [native, expected] :
       {std::pair{"failed", QDMI_JOB_STATUS_FAILED}, std::pair{"cancelled", QDMI_JOB_STATUS_CANCELED}}) {
    const ExampleJob example;
    example.submit();
    example.transport->on(kJob, 200, job_reply(native));
    example.job->wait(1);
    EXPECT_EQ(example.job->check(), expected);
  }
}

TEST_F(JobFollowing, AnUnknownStatusIsTakenForRunning) {
  example_.submit();
  example_.transport->on(kJob, 200, job_reply("teleporting"));
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_RUNNING);
}

TEST_F(JobFollowing, AReplyWithoutAReadableStatusIsAnErrorAndKeepsTheLastOne) {
  example_.submit();
  example_.transport->on(kJob, 200, job_reply("processing"));
  for (const char* reply : {R"({"id":"x","type":"circuit"})", R"({"id":"x","type":"circuit","status":7})",
                            R"({"id":"x","type":"circuit","status":null})", "[]", "<html>"}) {
    example_.transport->on(kJob, 200, reply);
  }
  example_.transport->on(kJob, 200, job_reply("waiting"));
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_RUNNING);
  for (int reply = 0; reply < 5; ++reply) {
    EXPECT_THROW((void)example_.job->check(), ProtocolError) << "reply " << reply;
  }
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_RUNNING);
}

TEST_F(JobFollowing, AStatusNeverMovesBack) {
  example_.submit();
  example_.transport->on(kJob, 200, job_reply("processing"));
  example_.transport->on(kJob, 200, job_reply("waiting"));
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_RUNNING);
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_RUNNING);
}

TEST_F(JobFollowing, AFailedCheckKeepsTheStatusAndCanBeRepeated) {
  example_.submit();
  example_.transport->on(kJob, 500, "");
  example_.transport->on(kJob, 200, R"({"id":"x"})");
  example_.transport->on(kJob, 200, job_reply("completed"));
  EXPECT_THROW((void)example_.job->check(), ServerFault);
  EXPECT_THROW((void)example_.job->check(), ProtocolError);
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_DONE);
}

TEST_F(JobFollowing, QueuePositionIsKnownOnlyWhileQueued) {
  example_.submit();
  example_.transport->on(kJob, 200, job_reply("waiting", R"(,"queue_position":3)"));
  example_.transport->on(kJob, 200, job_reply("waiting", R"(,"queue_position":"third")"));
  example_.transport->on(kJob, 200, job_reply("processing"));
  std::size_t position = 0;
  const core::PropertySink sink(sizeof(position), &position, nullptr);
  example_.job->query(QDMI_DEVICE_JOB_PROPERTY_QUEUEPOSITION, sink);
  EXPECT_EQ(position, 3U);
  EXPECT_THROW(example_.job->query(QDMI_DEVICE_JOB_PROPERTY_QUEUEPOSITION, sink), NotSupported);
  EXPECT_THROW(example_.job->query(QDMI_DEVICE_JOB_PROPERTY_QUEUEPOSITION, sink), BadState);
}

TEST_F(JobFollowing, TheMachineIsBusyWhileAJobOfItsSessionRuns) {
  const std::string machine = "GET /api/v1/quantum-computers/01966208-f3ec-73b7-890d-100000000000";
  example_.transport->on(machine + "/health", 200, R"({"healthy":true})");
  example_.transport->on(machine + "/queue-availability", 200, R"({"queue_length":0})");
  EXPECT_EQ(example_.machine->status(), QDMI_DEVICE_STATUS_IDLE);
  example_.submit("processing");
  EXPECT_EQ(example_.machine->status(), QDMI_DEVICE_STATUS_BUSY);
  example_.transport->on(kJob, 200, job_reply("completed"));
  (void)example_.job->check();
  EXPECT_EQ(example_.machine->status(), QDMI_DEVICE_STATUS_IDLE);
}

// --- cancelling ------------------------------------------------------------------------------------------------------

TEST_F(JobFollowing, CancelTellsTheServerAndTakesItsWord) {
  example_.submit();
  example_.transport->on(kCancel, 200, job_reply("cancelled"));
  example_.job->cancel();
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_CANCELED);
  example_.job->cancel();  // once is enough
  EXPECT_EQ(example_.transport->count(kCancel), 1U);
}

TEST_F(JobFollowing, CancelUnderstandsServersThatAnswerNothing) {
  example_.submit();
  example_.transport->on(kCancel, 204, "");
  example_.job->cancel();
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_CANCELED);
}

TEST_F(JobFollowing, ACancelledJobMayStillBeStopping) {
  example_.submit();
  example_.transport->on(kCancel, 202, job_reply("processing"));
  example_.transport->on(kJob, 200, job_reply("cancelled"));
  example_.job->cancel();
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_CANCELED);
}

TEST_F(JobFollowing, ARefusedCancelLeavesTheStatus) {
  example_.submit();
  example_.transport->on(kCancel, 403, "not json");
  example_.transport->on(kJob, 200, job_reply("processing"));
  EXPECT_THROW(example_.job->cancel(), Forbidden);
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_RUNNING);
}

TEST_F(JobFollowing, AFinishedJobCannotBeCancelled) {
  example_.submit("completed");
  EXPECT_THROW(example_.job->cancel(), JobAlreadyTerminal);
  const ExampleJob other;
  other.submit();
  other.transport->on(kCancel, 403, R"({"error_code":"illegal_job_status","message":"Illegal job status"})");
  EXPECT_THROW(other.job->cancel(), JobAlreadyTerminal);
}

TEST_F(JobFollowing, AJobCanBeCancelledBeforeItIsSubmitted) {
  example_.job->cancel();
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_CANCELED);
  EXPECT_THROW(example_.job->submit(), BadState);
  EXPECT_EQ(example_.transport->count("POST"), 0U);
}

TEST_F(JobFollowing, CancelEndsTheWaitOfAnotherThread) {
  example_.submit();
  std::stop_source polling;
  example_.transport->on(kJob, [&](const http::Request&, TimePoint, const std::stop_token& stop) -> http::Response {
    polling.request_stop();
    while (!stop.stop_requested()) {
      std::this_thread::yield();
    }
    throw Interrupted("ended");
  });
  example_.transport->on(kCancel, 204, "");
  std::jthread waiter([&] { example_.job->wait(0); });
  while (!polling.stop_requested()) {
    std::this_thread::yield();
  }
  example_.job->cancel();
  waiter.join();
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_CANCELED);
}

TEST_F(JobFollowing, WaitingNeedsASubmission) { EXPECT_THROW(example_.job->wait(1), BadState); }

// --- faults that pass

ScriptedTransport::Answer lost_after(const ExampleJob& example, Duration pause) {
  return [&clock = *example.clock, pause](const http::Request&, TimePoint, const std::stop_token&) -> http::Response {
    clock.advance(pause);
    throw ConnectionLost("injected");
  };
}

TEST_F(JobFollowing, WaitingBearsAServerThatIsAwayForAWhile) {
  example_.submit();
  for (int i = 0; i < 20; ++i) {
    example_.transport->on(kJob, lost_after(example_, std::chrono::milliseconds(500)));
  }
  example_.transport->on(kJob, 200, job_reply("completed"));
  example_.job->wait(0);
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_DONE);
}

TEST_F(JobFollowing, WaitingForAServerThatStaysAwayEndsWithItsFault) {
  example_.submit();
  example_.transport->on(kJob, lost_after(example_, std::chrono::seconds(1)));
  const TimePoint start = example_.clock->now();
  EXPECT_THROW(example_.job->wait(0), ConnectionLost);
  EXPECT_GE(example_.clock->now() - start, std::chrono::seconds(60));
  EXPECT_LT(example_.clock->now() - start, std::chrono::seconds(150));
}

TEST_F(JobFollowing, AFaultUntilTheDeadlineIsATimeOutAndNeverTooEarly) {
  example_.submit();
  example_.transport->on(kJob, 503, "{}", {{"Retry-After", "3600"}});
  const TimePoint start = example_.clock->now();
  EXPECT_THROW(example_.job->wait(5), WaitTimedOut);
  EXPECT_GE(example_.clock->now() - start, std::chrono::seconds(5));
  EXPECT_LE(example_.clock->now() - start, std::chrono::milliseconds(5050));
}

TEST_F(JobFollowing, SlicesOfWaitingAddUpUntilPatienceEnds) {
  example_.submit();
  example_.transport->on(kJob, lost_after(example_, std::chrono::milliseconds(100)));
  int slices = 0;
  try {
    for (;;) {
      try {
        example_.job->wait(1);
        FAIL();
      } catch (const WaitTimedOut&) {
        ASSERT_LT(++slices, 100);
      }
    }
  } catch (const ConnectionLost&) {
    EXPECT_GT(slices, 30);
  }
}

TEST_F(JobFollowing, AFaultThatWillNotPassEndsWaitingAtOnce) {
  example_.submit();
  example_.transport->on(kJob, 404, R"({"message":"gone"})");
  EXPECT_THROW(example_.job->wait(0), NotFound);
  EXPECT_EQ(example_.transport->count(kJob), 1U);
}

TEST_F(JobFollowing, APollIsHeldNoLongerThanARequestMayTake) {
  core::Settings settings = ExampleMachine::settings();
  settings.request_timeout = std::chrono::milliseconds(5000);
  example_.machine = example_.connect(settings);
  example_.job = std::make_shared<core::Job>(example_.machine);
  example_.submit();
  example_.transport->on(kJob, 200, job_reply("completed"));
  example_.job->wait(0);
  EXPECT_EQ(example_.transport->count(kJob + "?wait_until_terminal=true&timeout_seconds=2"), 1U);
}

// --- ending a job

TEST_F(JobFollowing, ACancellationThatComesTooLateIsOneWhenTheJobWasCancelledAnyway) {
  example_.submit();
  example_.transport->on(kCancel, 403, R"({"message":"no","error_code":"illegal_job_status"})");
  example_.transport->on(kJob, 200, job_reply("cancelled"));
  EXPECT_NO_THROW(example_.job->cancel());
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_CANCELED);
}

TEST_F(JobFollowing, ACancellationThatComesTooLateLearnsWhatBecameOfTheJob) {
  example_.submit();
  example_.transport->on(kCancel, 403, R"({"message":"no","error_code":"illegal_job_status"})");
  example_.transport->on(kJob, 200, job_reply("completed"));
  EXPECT_THROW(example_.job->cancel(), JobAlreadyTerminal);
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_DONE);
  EXPECT_EQ(example_.transport->count(kJob), 1U);
}

TEST_F(JobFollowing, AJobCanBeCancelledWhileItIsBeingSubmitted) {
  std::latch submitting(1);
  std::latch cancelling(1);
  example_.transport->on(kSubmit, [&](const http::Request&, TimePoint, const std::stop_token&) {
    submitting.count_down();
    cancelling.wait();
    return http::Response{.status = 200, .headers = {}, .body = job_reply("waiting")};
  });
  example_.transport->on(kCancel, 200, job_reply("cancelled"));
  example_.set_programs({kCircuit});
  std::jthread submitter([this] { example_.job->submit(); });
  submitting.wait();
  std::jthread canceller([&] {
    cancelling.count_down();
    example_.job->cancel();
  });
  submitter.join();
  canceller.join();
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_CANCELED);
  EXPECT_EQ(example_.transport->count(kCancel), 1U);
}

// --- the outcome of single programs

TEST_F(JobFollowing, ProgramsHaveTheOutcomeOfTheirJobWhereThatTellsIt) {
  example_.transport->on(kSubmit, 200, job_reply("processing"));
  EXPECT_THROW((void)example_.job->program_status(0), BadState);
  example_.set_programs({kCircuit, kCircuit});
  example_.job->submit();
  EXPECT_THROW((void)example_.job->program_status(0), BadState);
  EXPECT_THROW((void)example_.job->program_status(2), OutOfRange);
  example_.transport->on(kJob, 200, job_reply("completed"));
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_DONE);
  EXPECT_EQ(example_.job->program_status(1), QDMI_JOB_STATUS_DONE);
}

TEST_F(JobFollowing, WhichOfSeveralProgramsFailedIsNotKnown) {
  example_.transport->on(kSubmit, 200, job_reply("failed"));
  example_.set_programs({kCircuit, kCircuit});
  example_.job->submit();
  EXPECT_THROW((void)example_.job->program_status(0), NotSupported);
  EXPECT_THROW((void)example_.job->program_status(2), OutOfRange);
  example_.job = std::make_shared<core::Job>(example_.machine);
  example_.submit("failed");
  EXPECT_EQ(example_.job->program_status(0), QDMI_JOB_STATUS_FAILED);
}

}  // namespace
}  // namespace iqm::test
