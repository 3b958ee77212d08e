// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "example_job.hpp"
#include "scoped_environment.hpp"
#include "support/error.hpp"

namespace iqm::test {
namespace {

class JobSubmission : public ::testing::Test {
 protected:
  ScopedEnvironment environment_{"IQM_TOKEN", "IQM_TOKENS_FILE", "QDMI_AUTH_FILE"};
  ExampleJob example_;
};

TEST_F(JobSubmission, SendsOneRequestWithAllPrograms) {
  example_.transport->on(kSubmit, 200, job_reply("waiting"));
  example_.set_programs({kCircuit, kCircuit});
  example_.set_shots(25);
  example_.job->submit();
  EXPECT_EQ(example_.transport->count("POST"), 1U);
  const auto body = nlohmann::json::parse(example_.transport->body_of(kSubmit));
  EXPECT_EQ(body.at("circuits").size(), 2U);
  EXPECT_EQ(body.at("shots"), 25);
  EXPECT_EQ(body.at("calibration_set_id"), kCalibrationSet);
}

TEST_F(JobSubmission, AReplyThatIsAlreadyTerminalNeedsNoPoll) {
  example_.submit("completed");
  example_.job->wait(0);
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_DONE);
  EXPECT_EQ(example_.transport->count(kJob), 0U);
}

TEST_F(JobSubmission, AReplyWithNothingButTheIdIsEnough) {
  example_.transport->on(kSubmit, 200, std::string(R"({"id":")") + kJobId + "\"}");
  example_.set_programs({kCircuit});
  example_.job->submit();
  example_.transport->on(kJob, 200, job_reply("completed"));
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_DONE);
}

TEST_F(JobSubmission, AMalformedProgramIsRefusedBeforeAnythingIsSent) {
  example_.set_programs({kCircuit, "not a circuit"});
  try {
    example_.job->submit();
    FAIL();
  } catch (const InvalidProgram& error) {
    EXPECT_EQ(std::string(error.what()).find("program 1: "), 0U);
  }
  EXPECT_EQ(example_.transport->count("POST"), 0U);
  // Nothing is lost: the program can be corrected.
  example_.submit();
  EXPECT_EQ(example_.transport->count("POST"), 1U);
}

TEST_F(JobSubmission, AJobThatTheServerRefusedMayBeSubmittedAgain) {
  example_.transport->on(kSubmit, 400, R"({"message":"no credits","error_code":"not_enough_credits"})");
  example_.transport->on(kSubmit, 200, job_reply("waiting"));
  example_.set_programs({kCircuit});
  EXPECT_THROW(example_.job->submit(), RequestRejected);
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_CREATED);
  example_.job->submit();
  EXPECT_EQ(example_.transport->count("POST"), 2U);
}

struct Uncertain {
  const char* name;
  ScriptedTransport::Answer answer;
};

class UncertainSubmission : public ::testing::TestWithParam<Uncertain> {};

TEST_P(UncertainSubmission, IsTypedAndNeverRepeated) {
  const ScopedEnvironment environment{"IQM_TOKEN", "IQM_TOKENS_FILE", "QDMI_AUTH_FILE"};
  const ExampleJob example;
  example.transport->on(kSubmit, GetParam().answer);
  example.set_programs({kCircuit});
  EXPECT_THROW(example.job->submit(), SubmissionOutcomeUnknown);
  EXPECT_THROW(example.job->submit(), BadState);
  EXPECT_EQ(example.job->check(), QDMI_JOB_STATUS_FAILED);
  EXPECT_EQ(example.transport->count("POST"), 1U);
}

ScriptedTransport::Answer replies(long status, const std::string& body) {
  return [=](const http::Request&, TimePoint, const std::stop_token&) {
    return http::Response{.status = status, .headers = {}, .body = body};
  };
}

template <typename Failure>
ScriptedTransport::Answer fails() {
  return [](const http::Request&, TimePoint, const std::stop_token&) -> http::Response { throw Failure("injected"); };
}

INSTANTIATE_TEST_SUITE_P(JobSubmission, UncertainSubmission,
                         ::testing::Values(Uncertain{"connection_lost", fails<ConnectionLost>()},
                                           Uncertain{"time_out", fails<RequestTimedOut>()},
                                           Uncertain{"html", replies(200, "<html>")},
                                           Uncertain{"no_id", replies(200, R"({"status":"waiting"})")},
                                           Uncertain{"internal_error", replies(500, "")},
                                           Uncertain{"gateway_time_out", replies(504, "")}),
                         [](const auto& parameter) { return parameter.param.name; });

TEST_F(JobSubmission, AnUnreachableServerHasCertainlyNotTakenTheJob) {
  example_.transport->on(kSubmit, fails<Unreachable>());
  example_.set_programs({kCircuit});
  EXPECT_THROW(example_.job->submit(), Unreachable);
  EXPECT_EQ(example_.job->check(), QDMI_JOB_STATUS_CREATED);
}

TEST_F(JobSubmission, OnlyTheFirstSubmissionCounts) {
  example_.submit();
  EXPECT_THROW(example_.job->submit(), BadState);
  EXPECT_THROW(example_.set_shots(1), BadState);
  EXPECT_THROW(example_.set_programs({kCircuit}), BadState);
}

TEST_F(JobSubmission, NeedsPrograms) { EXPECT_THROW(example_.job->submit(), BadState); }

TEST_F(JobSubmission, ShotsStartAtOne) {
  EXPECT_THROW(example_.set_shots(0), InvalidShots);
  const int shots = 3;
  EXPECT_THROW(example_.job->set_parameter(QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM, sizeof(shots), &shots), InvalidArgument);
}

TEST_F(JobSubmission, AFailedSetOfProgramsKeepsTheOldOnes) {
  example_.set_programs({kCircuit});
  const std::size_t sizes[] = {3, 3, 2};
  const void* programs[] = {"ab", "cd", "ef"};  // the third one's NUL is beyond its size
  EXPECT_THROW(example_.job->set_programs(QDMI_PROGRAM_FORMAT_IQMJSON, 3, sizes, programs), InvalidArgument);
  EXPECT_THROW(example_.job->set_programs(QDMI_PROGRAM_FORMAT_QASM3, 1, sizes, programs), NotSupported);
  std::size_t size = 0;
  example_.job->get_program(0, core::PropertySink(0, nullptr, &size));
  EXPECT_EQ(size, std::string(kCircuit).size() + 1);
}

TEST_F(JobSubmission, ProgramsAreCopied) {
  std::string program = kCircuit;
  example_.set_programs({program});
  program.assign(program.size(), 'x');
  std::string read(program.size() + 1, '?');
  example_.job->get_program(0, core::PropertySink(read.size(), read.data(), nullptr));
  EXPECT_STREQ(read.c_str(), kCircuit);
}

}  // namespace
}  // namespace iqm::test
