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

// --- what is wrong is found before anything is sent

std::string gate(const std::string& name, const std::string& locus, const std::string& more = "") {
  return R"({"name":"g","instructions":[{"name":")" + name + R"(","locus":[)" + locus + R"(],"args":{"key":"k"})" +
         more + "}]}";
}

struct Unrunnable {
  const char* name;
  std::string program;
  const char* complaint;
};

class UnrunnableProgram : public ::testing::TestWithParam<Unrunnable> {};

TEST_P(UnrunnableProgram, IsRefusedAndNamed) {
  const ScopedEnvironment environment{"IQM_TOKEN", "IQM_TOKENS_FILE", "QDMI_AUTH_FILE"};
  const ExampleJob example;
  example.set_programs({kCircuit, GetParam().program});
  try {
    example.job->submit();
    FAIL();
  } catch (const InvalidProgram& error) {
    const std::string text = error.what();
    EXPECT_EQ(text.find("program 1: "), 0U) << text;
    EXPECT_NE(text.find(GetParam().complaint), std::string::npos) << text;
  }
  EXPECT_EQ(example.transport->count("POST"), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    JobSubmission, UnrunnableProgram,
    ::testing::Values(Unrunnable{"no_such_qubit", gate("prx", R"("QB9")"), "acts on 'QB9', which the machine does not"},
                      Unrunnable{"no_such_qubit_of_a_barrier", gate("barrier", R"("QB1","QB9")"), "'QB9'"},
                      Unrunnable{"not_coupled", gate("cz", R"("QB1","QB3")"), "'cz') is not calibrated on QB1, QB3"},
                      Unrunnable{"too_few_qubits", gate("cz", R"("QB1")"), "not calibrated on QB1"}),
    [](const auto& parameter) { return parameter.param.name; });

TEST_F(JobSubmission, WhatOnlyTheServerCanJudgeIsLeftToIt) {
  example_.transport->on(kSubmit, 200, job_reply("waiting"));
  example_.set_programs({gate("cz", R"("QB2","QB1")"), gate("measure", R"("QB3","QB1","QB2")"),
                         gate("measure", R"("QB3","QB1")"), gate("u", R"("QB1")"),
                         gate("cz", R"("QB1","QB3")", R"(,"implementation":"slepian")")});
  EXPECT_NO_THROW(example_.job->submit());
}

void set_option(const ExampleJob& example, QDMI_Device_Job_Parameter parameter, const std::string& text) {
  example.job->set_parameter(parameter, text.size() + 1, text.c_str());
}

TEST_F(JobSubmission, QubitsAreLookedUpThroughTheMapping) {
  example_.transport->on(kSubmit, 200, job_reply("waiting"));
  set_option(example_, QDMI_DEVICE_JOB_PARAMETER_CUSTOM5, "alice:QB1, bob:QB3");
  example_.set_programs({gate("cz", R"("alice","bob")")});
  EXPECT_THROW(example_.job->submit(), InvalidProgram);
  example_.set_programs({gate("prx", R"("QB1")")});
  EXPECT_THROW(example_.job->submit(), InvalidProgram);
  set_option(example_, QDMI_DEVICE_JOB_PARAMETER_CUSTOM5, "alice:QB1, bob:QB2");
  example_.set_programs({gate("cz", R"("alice","bob")")});
  example_.job->submit();
  const auto body = nlohmann::json::parse(example_.transport->body_of(kSubmit));
  EXPECT_EQ(body.at("qubit_mapping")[1].at("physical_name"), "QB2");
}

TEST_F(JobSubmission, HeraldingIsAskedForAndLeavesFewerShots) {
  set_option(example_, QDMI_DEVICE_JOB_PARAMETER_CUSTOM1, "zeros");
  example_.submit("completed");
  EXPECT_EQ(nlohmann::json::parse(example_.transport->body_of(kSubmit)).at("heralding_mode"), "zeros");
  example_.transport->on(kCounts, 200, R"([{"measurement_keys":["c_3_0_0","c_3_0_1","c_3_0_2"],"counts":{"100":3}}])");
  EXPECT_EQ(example_.values(), (std::vector<std::size_t>{3}));
}

TEST_F(JobSubmission, OptionsAreAskedForSupportedOrNotByNull) {
  for (int i = 0; i < 5; ++i) {
    const auto parameter = static_cast<QDMI_Device_Job_Parameter>(QDMI_DEVICE_JOB_PARAMETER_CUSTOM1 + i);
    EXPECT_NO_THROW(example_.job->set_parameter(parameter, 0, nullptr));
    EXPECT_THROW(example_.job->set_parameter(parameter, 4, "abcd"), InvalidArgument);  // no NUL
  }
  for (const int reserved : {0, 1}) {
    EXPECT_THROW(example_.job->set_parameter(static_cast<QDMI_Device_Job_Parameter>(reserved), 0, nullptr),
                 NotSupported);
  }
}

TEST_F(JobSubmission, LimitsOfTheServerHoldWhicheverOrderShotsAndProgramsCameIn) {
  example_.transport->on("GET /api/v1/quantum-computers/small/limits", 200,
                         R"({"max_executions_per_job":10,"max_instructions_per_circuit":4,"max_circuits_per_job":3,)"
                         R"("max_shots_per_circuit":8})");
  example_.machine = example_.connect();
  (void)example_.machine->limits().get();
  // How many programs would do, 0 where fewer would not help.
  const auto refused = [this](const std::vector<std::string>& programs, std::size_t shots, std::size_t programs_max,
                              const char* complaint) {
    example_.job = std::make_shared<core::Job>(example_.machine);
    example_.set_programs(programs);
    example_.set_shots(shots);
    try {
      example_.job->submit();
      ADD_FAILURE() << complaint;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), programs_max == 0 ? "InvalidProgram" : "TooManyPrograms");
      EXPECT_EQ(error.detail().programs_max, programs_max);
      EXPECT_NE(std::string(error.what()).find(complaint), std::string::npos) << error.what();
    }
  };
  const std::string circuit = kCircuit;
  refused({circuit, circuit, circuit, circuit}, 1, 3, "circuits in one job: 4");
  refused({circuit, circuit, circuit}, 5, 2, "circuits in one job: 3 of 5 shots");
  refused({circuit}, 9, 0, "shots of one circuit: 9");
  std::string longer = circuit;
  longer.insert(longer.find("[{") + 1, R"({"name":"barrier","locus":["QB1"]},)");
  refused({longer}, 1, 0, "instructions in one circuit: 5");
  EXPECT_EQ(example_.transport->count("POST"), 0U);
}

TEST_F(JobSubmission, QirGoesOutAsTextAndItsResultsAreTheBits) {
  example_.transport->on(kSubmit, 200, job_reply("completed"));
  const std::string qir =
      "define void @main() \"required_num_results\"=\"2\" {\n"
      "  call void @__quantum__qis__mz__body(ptr null, ptr null)\n"
      "  call void @__quantum__qis__mz__body(ptr inttoptr (i64 1 to ptr), ptr inttoptr (i64 1 to ptr))\n}\n";
  const std::size_t size = qir.size() + 1;
  const void* text = qir.c_str();
  example_.job->set_programs(QDMI_PROGRAM_FORMAT_QIRBASESTRING, 1, &size, &text);
  example_.job->submit();
  EXPECT_EQ(nlohmann::json::parse(example_.transport->body_of(kSubmit)).at("circuits")[0], qir);
  example_.transport->on(kCounts, 200, R"([{"measurement_keys":["m_1_0_0","m_1_1_0"],"counts":{"10":1}}])");
  EXPECT_EQ(example_.text_result(QDMI_JOB_RESULT_HIST_KEYS), "01");
}

}  // namespace
}  // namespace iqm::test
