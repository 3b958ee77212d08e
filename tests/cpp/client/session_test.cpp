// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/session.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>

#include "opening.hpp"

namespace qdmikit::test {
namespace {

Session new_session() { return Session(Library::open(library("scripted-device"), "SCRIPTED")); }

TEST(Sessions, CanBeCorrectedAndInitialisedAfterAFailure) {
  Session session = new_session();
  session.set(SessionParameter::Token, "wrong");
  EXPECT_THROW(session.init(), PermissionDenied);
  session.set(SessionParameter::Token, "right");
  session.init();
  EXPECT_EQ(session.device().name(), "Scripted");
}

TEST(Sessions, HaveNoDeviceBeforeInitialisation) {
  const Session session = new_session();
  EXPECT_THROW(static_cast<void>(session.device()), BadState);
}

TEST(Sessions, GiveTheSameDeviceEveryTime) {
  Session session = new_session();
  session.init();
  EXPECT_EQ(session.device(), session.device());
  EXPECT_EQ(session.device().site(2), session.device().site(2));
}

TEST(Sessions, RefuseParametersThatTheDeviceDoesNotKnow) {
  Session session = new_session();
  EXPECT_TRUE(session.supports(SessionParameter::Password));
  EXPECT_FALSE(session.supports(SessionParameter::Username));
  EXPECT_THROW(session.set(SessionParameter::Username, "somebody"), NotSupported);
}

TEST(Sessions, KeepSecretsOutOfTheTextsOfErrors) {
  Session session = new_session();
  session.set(SessionParameter::Custom1, R"({"answers": {"session_set_parameter": -7, "session_init": -8}})");
  for (const auto& secret : {std::string("hush-hush"), std::string("hush-hush\0and more", 18)}) {
    try {
      session.set(SessionParameter::Password, secret);
      FAIL();
    } catch (const InvalidArgument& error) {
      EXPECT_TRUE(contains(error.what(), "PASSWORD"));
      EXPECT_FALSE(contains(error.what(), "hush"));
    }
  }
}

// Whether every use is refused in a child made by fork, whose exit code tells; freeing must not reach the device.
TEST(Sessions, AreNotUsedInAChildOfTheProcess) {
  const Device watcher = scripted();
  std::optional<Device> device = scripted();
  std::optional<Job> job = device->submit(any_program());
  const auto refused = [](const auto& use) {
    try {
      static_cast<void>(use());
    } catch (const BadState& error) {
      return contains(error.what(), "process " + std::to_string(getppid())) && contains(error.what(), "fork");
    }
    return false;
  };
  const pid_t child = fork();
  ASSERT_NE(child, -1);
  if (child == 0) {
    bool right = refused([&] { return device->status(); }) && refused([&] { return job->check(); }) &&
                 refused([&] { return job->wait(); }) && refused([&] { return job->counts(); }) &&
                 refused([&] { return job->id(); }) && refused([&] { return device->submit(any_program()); });
    job.reset();
    device.reset();
    const Device again = scripted();
    // What the parent had counted was copied, and has not changed: two sessions, and now a third.
    right = right && counted(again, "sessions") == 3 && counted(again, "jobs") == 1;
    _exit(right ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_EQ(job->check(), JobStatus::Done);
}

TEST(Sessions, EndWithTheLastThingThatWasMadeFromThem) {
  const Device other = scripted();
  const int before = counted(other, "sessions");
  std::optional<Device> device = scripted();
  std::optional<Site> site = device->site(2);
  std::optional<Operation> operation = device->operation("cz");
  std::optional<Job> job = device->submit(any_program());
  EXPECT_FALSE(device->is_last_owner());

  device.reset();
  site.reset();
  EXPECT_TRUE(operation->is_last_owner());
  EXPECT_EQ(operation->duration(), std::nullopt);
  operation.reset();
  EXPECT_EQ(job->check(), JobStatus::Done);
  EXPECT_EQ(counted(other, "sessions"), before + 1);
  job.reset();
  EXPECT_EQ(counted(other, "sessions"), before);
}

TEST(Sessions, LeaveNoHandleBehindWhenTheyFail) {
  const Device other = scripted();
  const int before = counted(other, "sessions");
  EXPECT_THROW(static_cast<void>(scripted(R"({"answers": {"session_init": -1}})")), Fatal);
  EXPECT_EQ(counted(other, "sessions"), before);
}

TEST(Sessions, AreRefusedWhenTheDeviceReportsSuccessButGivesNone) {
  EXPECT_THROW(static_cast<void>(open_device(library("warns-at-initialize"), "FAULTY")), ProtocolError);
}

}  // namespace
}  // namespace qdmikit::test
