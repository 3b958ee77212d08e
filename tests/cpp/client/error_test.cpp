// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/error.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "opening.hpp"

namespace qdmikit::test {
namespace {

Device submitting_answers(int answer, const std::string& more = {}) {
  return scripted(R"({"answers": {"job_submit": )" + std::to_string(answer) + "}" + more + "}");
}

template <typename Expected>
void expect_throws(int answer, std::string_view name) {
  try {
    static_cast<void>(submitting_answers(answer).submit(any_program()));
    FAIL() << name;
  } catch (const Expected& error) {
    EXPECT_EQ(error.name(), name);
    EXPECT_EQ(error.kind(), name);
    EXPECT_EQ(static_cast<int>(error.status()), answer);
  }
}

TEST(Errors, MirrorEveryStatus) {
  expect_throws<Fatal>(-1, "Fatal");
  expect_throws<OutOfMemory>(-2, "OutOfMemory");
  expect_throws<NotImplementedByDevice>(-3, "NotImplementedByDevice");
  expect_throws<LibraryNotFound>(-4, "LibraryNotFound");
  expect_throws<NotFound>(-5, "NotFound");
  expect_throws<OutOfRange>(-6, "OutOfRange");
  expect_throws<InvalidArgument>(-7, "InvalidArgument");
  expect_throws<PermissionDenied>(-8, "PermissionDenied");
  expect_throws<NotSupported>(-9, "NotSupported");
  expect_throws<BadState>(-10, "BadState");
  expect_throws<Timeout>(-11, "Timeout");
}

TEST(Errors, NameAnAnswerThatIsNoStatus) {
  for (const int answer : {-12, 2, 99}) {
    try {
      static_cast<void>(submitting_answers(answer).submit(any_program()));
      FAIL() << answer;
    } catch (const ProtocolError& error) {
      EXPECT_TRUE(contains(error.what(), "returned " + std::to_string(answer)));
    }
  }
}

TEST(Errors, CarryTheDevicesOwnAccount) {
  const Device device = submitting_answers(-8, R"(, "last_error": {"kind": "QuotaExhausted",
      "message": "quota exhausted, ask for more", "http_status": 403, "error_code": "quota_exceeded",
      "request_id": "r-1", "server_errors": [{"error_code": "e", "message": "m", "source": "s"}]})");
  try {
    static_cast<void>(device.submit(any_program()));
    FAIL();
  } catch (const PermissionDenied& error) {
    const ErrorDetail& detail = error.detail();
    EXPECT_EQ(error.kind(), "QuotaExhausted");
    EXPECT_EQ(detail.message, "quota exhausted, ask for more");
    EXPECT_EQ(detail.function, "SCRIPTED_QDMI_device_job_submit");
    EXPECT_EQ(detail.library, library("scripted-device"));
    EXPECT_EQ(detail.http_status, 403);
    EXPECT_EQ(detail.error_code, "quota_exceeded");
    EXPECT_EQ(detail.request_id, "r-1");
    ASSERT_EQ(detail.server_errors.size(), 1U);
    EXPECT_EQ(detail.server_errors[0].message, "m");
    EXPECT_TRUE(contains(error.what(), "cannot submit the job: quota exhausted, ask for more"));
    EXPECT_TRUE(contains(error.what(), "HTTP 403"));
    EXPECT_TRUE(contains(error.what(), "quota_exceeded"));
    EXPECT_TRUE(contains(error.what(), "r-1"));
    EXPECT_TRUE(contains(error.what(), library("scripted-device").string()));
  }
}

TEST(Errors, HaveClassesForKindsThatCallersHandle) {
  EXPECT_THROW(
      static_cast<void>(submitting_answers(-1, R"(, "last_error": {"kind": "Unreachable"})").submit(any_program())),
      Unreachable);
  EXPECT_THROW(
      static_cast<void>(submitting_answers(-1, R"(, "last_error": {"kind": "ProtocolError"})").submit(any_program())),
      ProtocolError);
  EXPECT_THROW(
      static_cast<void>(
          submitting_answers(-1, R"(, "last_error": {"kind": "SubmissionOutcomeUnknown"})").submit(any_program())),
      SubmissionOutcomeUnknown);
}

TEST(Errors, GiveNoReasonThatBelongsToAnotherCall) {
  const Device device = submitting_answers(
      -8, R"(, "last_error": {"message": "of an older failure", "function": "SCRIPTED_QDMI_device_job_cancel"})");
  try {
    static_cast<void>(device.submit(any_program()));
    FAIL();
  } catch (const PermissionDenied& error) {
    EXPECT_TRUE(contains(error.detail().message, "denies permission"));
  }
}

TEST(Errors, SurviveAnAccountThatIsNoJson) {
  for (const std::string account : {"", "nonsense", "[]", "{}"}) {
    const Device device = submitting_answers(-10, R"(, "last_error_text": ")" + account + "\"");
    EXPECT_THROW(static_cast<void>(device.submit(any_program())), BadState) << account;
  }
}

TEST(Errors, BelongToTheThreadOfTheCall) {
  const auto failing = [](const std::string& reason) {
    return submitting_answers(-1, R"(, "last_error": {"message": ")" + reason + "\"}");
  };
  std::array<std::string, 4> reasons;
  {
    std::vector<std::jthread> threads;
    threads.reserve(reasons.size());
    for (std::size_t i = 0; i < reasons.size(); ++i) {
      threads.emplace_back([&, i, device = failing("reason " + std::to_string(i))] {
        for (int round = 0; round < 200; ++round) {
          try {
            static_cast<void>(device.submit(any_program()));
          } catch (const Fatal& error) {
            if (reasons[i].empty() || reasons[i] == error.detail().message) {
              reasons[i] = error.detail().message;
            } else {
              reasons[i] = "mixed up";
            }
          }
        }
      });
    }
  }
  EXPECT_EQ(reasons, (std::array<std::string, 4>{"reason 0", "reason 1", "reason 2", "reason 3"}));
}

TEST(Errors, CanBeCopiedAndKeepTheirDetail) {
  const BadState original("cannot", {.status = Status::BadState, .message = "because"});
  const BadState copy = original;  // NOLINT(performance-unnecessary-copy-initialization)
  EXPECT_EQ(copy.detail().message, "because");
  EXPECT_STREQ(copy.what(), "cannot");
  EXPECT_TRUE(copy.detail().server_errors.empty());
}

}  // namespace
}  // namespace qdmikit::test
