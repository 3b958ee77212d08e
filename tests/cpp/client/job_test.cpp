// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/job.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "opening.hpp"

namespace qdmikit::test {
namespace {

using namespace std::chrono_literals;

// What the scripted device was given.
nlohmann::json given_to(const Job& job) {
  const auto bytes = job.custom(1).value();
  std::string text;
  for (const std::byte byte : bytes) {
    text += static_cast<char>(byte);
  }
  return nlohmann::json::parse(text.c_str());
}

TEST(Jobs, HandTextOverWithItsTerminatingNul) {
  JobRequest request{.format = ProgramFormat::Qasm3, .programs = {"a", "bc"}, .shots = 7};
  request.custom[1] = "z";
  const auto given = given_to(scripted().submit(request));
  EXPECT_EQ(given["programs"], nlohmann::json({"6100", "626300"}));
  EXPECT_EQ(given["format"], 1);
  EXPECT_EQ(given["shots"], 7);
  EXPECT_EQ(given["custom"], nlohmann::json({{"2", "7a00"}}));
  EXPECT_EQ(given["submitted"], "circuits");
}

TEST(Jobs, HandBytesOverAsTheyAre) {
  JobRequest request{.format = ProgramFormat::Qpy, .programs = {std::string("\0\x01", 2)}};
  EXPECT_EQ(given_to(scripted().submit(request))["programs"], nlohmann::json({"0001"}));
  request.format = ProgramFormat::Custom1;
  EXPECT_EQ(given_to(scripted().submit(request))["programs"], nlohmann::json({"0001"}));
}

TEST(Jobs, LeaveTheNumberOfShotsToTheDeviceUnlessTold) {
  EXPECT_FALSE(given_to(scripted().submit(any_program())).contains("shots"));
}

TEST(Jobs, RefuseTextWithANulInsideAndNoProgramAtAll) {
  JobRequest request{.format = ProgramFormat::Qasm3, .programs = {std::string("a\0b", 3)}};
  EXPECT_THROW(static_cast<void>(scripted().submit(request)), InvalidArgument);
  request.programs.clear();
  EXPECT_THROW(static_cast<void>(scripted().submit(request)), InvalidArgument);
}

TEST(Jobs, TakeAWarningForASuccessEverywhere) {
  const Device device =
      scripted(R"({"answers": {"job_set_programs": 1, "job_submit": 1, "job_wait": 1, "job_cancel": 1}})");
  Job job = device.create_job();
  job.set_programs(ProgramFormat::Qasm3, any_program().programs);
  EXPECT_NO_THROW(job.submit());
  EXPECT_NO_THROW(job.cancel());
}

TEST(Jobs, TakeAWarningFromWaitForAnEnd) {
  const Job job = scripted(R"({"answers": {"job_wait": 1}})").submit(any_program());
  EXPECT_EQ(job.wait(), JobStatus::Done);
  EXPECT_EQ(job.wait(5s), JobStatus::Done);
}

TEST(Jobs, TellHowTheyEnded) {
  EXPECT_EQ(scripted(R"({"job_status": 6})").submit(any_program()).wait(), JobStatus::Failed);
  EXPECT_EQ(scripted(R"({"job_status": 5})").submit(any_program()).wait(5s), JobStatus::Canceled);
}

TEST(Jobs, GoOnWaitingWhenTheDeviceComesBackTooEarly) {
  Job job = scripted(R"({"stays": true, "early_waits": 3})").submit(any_program());
  const std::jthread other([&] { job.cancel(); });
  EXPECT_EQ(job.wait(60s), JobStatus::Canceled);
}

TEST(Jobs, CanBeCancelledByAnotherThreadWhileWaiting) {
  Job job = scripted(R"({"stays": true})").submit(any_program());
  const std::jthread other([&] { job.cancel(); });
  EXPECT_EQ(job.wait(), JobStatus::Canceled);
}

TEST(Jobs, TimeOutNeverEarlyAndLeaveTheJobAlone) {
  const Job job = scripted(R"({"stays": true})").submit(any_program());
  for (const Seconds timeout : {Seconds(0), Seconds(0.25), Seconds(1.0)}) {
    const auto start = std::chrono::steady_clock::now();
    try {
      static_cast<void>(job.wait(timeout));
      FAIL();
    } catch (const Timeout& error) {
      EXPECT_GE(std::chrono::steady_clock::now() - start, timeout);
      EXPECT_EQ(error.status(), Status::Timeout);
      EXPECT_EQ(error.detail().function, "SCRIPTED_QDMI_device_job_wait");
      EXPECT_TRUE(contains(error.what(), "still RUNNING"));
    }
    EXPECT_EQ(job.check(), JobStatus::Running);
  }
}

TEST(Jobs, EndTheWaitWhenTheCallbackThrows) {
  const Job job = scripted(R"({"stays": true})").submit(any_program());
  EXPECT_THROW(static_cast<void>(job.wait(std::nullopt, [] { throw std::runtime_error("enough"); })),
               std::runtime_error);
}

TEST(Jobs, RefuseTimeoutsThatAreNone) {
  const Job job = scripted().submit(any_program());
  EXPECT_THROW(static_cast<void>(job.wait(Seconds(-0.1))), InvalidArgument);
  EXPECT_THROW(static_cast<void>(job.wait(Seconds(std::numeric_limits<double>::quiet_NaN()))), InvalidArgument);
  EXPECT_EQ(job.wait(Seconds(std::numeric_limits<double>::infinity())), JobStatus::Done);
  EXPECT_EQ(job.wait(Seconds(1e300)), JobStatus::Done);
}

TEST(Jobs, FailWithTheDevicesReasonWhileWaiting) {
  const Job job =
      scripted(R"({"answers": {"job_wait": -8}, "last_error": {"message": "token expired"}})").submit(any_program());
  try {
    static_cast<void>(job.wait());
    FAIL();
  } catch (const PermissionDenied& error) {
    EXPECT_EQ(error.detail().message, "token expired");
  }
}

TEST(Jobs, HaveAQueuePositionWhileTheyAreQueued) {
  EXPECT_EQ(scripted(R"({"job_status": 2})").submit(any_program()).queue_position(), 4U);
  EXPECT_EQ(scripted().submit(any_program()).queue_position(), std::nullopt);
}

TEST(Jobs, AnswerNothingWhereTheDeviceKnowsNothing) {
  const Job job = scripted().submit(any_program());
  EXPECT_EQ(job.shots(), std::nullopt);
  EXPECT_EQ(job.program_format(), std::nullopt);
  EXPECT_EQ(job.programs_num(), 1U);
  EXPECT_EQ(scripted(R"({"answers": {"job_get_program_status": -9}})").submit(any_program()).program_status(0),
            std::nullopt);
  EXPECT_EQ(job.program_status(0), JobStatus::Done);
}

TEST(Jobs, RefuseAStatusThatQdmiDoesNotKnow) {
  EXPECT_THROW(static_cast<void>(scripted(R"({"job_status": 42})").submit(any_program()).check()), ProtocolError);
}

TEST(Jobs, AreRetrievedByTheirId) {
  const Device device = scripted();
  const std::string id = device.submit(any_program()).id();
  const Job job = device.retrieve_job(id);
  EXPECT_EQ(job.id(), id);
  EXPECT_EQ(job.check(), JobStatus::Done);
  EXPECT_EQ(job.programs_num(), std::nullopt);
  EXPECT_THROW(static_cast<void>(device.retrieve_job("another")), NotFound);
  EXPECT_THROW(static_cast<void>(device.retrieve_job("")), InvalidArgument);
}

TEST(Jobs, AreNotRetrievedByALibraryThatCannot) {
  const Device device = open_device(library("plain-device"), "SCRIPTED");
  EXPECT_THROW(static_cast<void>(device.retrieve_job("job-1")), NotSupported);
}

TEST(Calibrations, AreSubmittedThroughTheExtension) {
  EXPECT_EQ(given_to(scripted().submit_calibration(any_program()))["submitted"], "calibration");
  EXPECT_THROW(static_cast<void>(open_device(library("plain-device"), "SCRIPTED").submit_calibration(any_program())),
               NotSupported);
}

TEST(Jobs, AreFreedOnceEach) {
  const Device device = scripted();
  const int before = counted(device, "jobs");
  {
    Job first = device.submit(any_program());
    const Job second = std::move(first);
    first = device.submit(any_program());
    EXPECT_EQ(counted(device, "jobs"), before + 2);
  }
  EXPECT_THROW(static_cast<void>(scripted(R"({"answers": {"job_submit": -1}})").submit(any_program())), Fatal);
  EXPECT_EQ(counted(device, "jobs"), before);
}

}  // namespace
}  // namespace qdmikit::test
