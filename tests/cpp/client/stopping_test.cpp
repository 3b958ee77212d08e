// SPDX-License-Identifier: Apache-2.0
// Waits that somebody ends from outside.
#include <gtest/gtest.h>

#include <stop_token>
#include <thread>

#include "opening.hpp"

namespace qdmikit::test {
namespace {

using namespace std::chrono_literals;

Job endless() { return scripted(R"({"stays": true})").submit(any_program()); }

TEST(StoppableWaits, EndWhenAnotherThreadAsksThemTo) {
  const Job job = endless();
  std::stop_source source;
  const std::jthread other([&] { source.request_stop(); });
  EXPECT_EQ(job.wait(source.get_token()), (WaitOutcome{WaitEnd::Stopped, JobStatus::Running}));
}

TEST(StoppableWaits, LeaveTheJobAlone) {
  Job job = endless();
  std::stop_source source;  // NOLINT(misc-const-correctness): g++ 12 takes a constant one for uninitialised
  source.request_stop();
  EXPECT_FALSE(job.wait(source.get_token()));
  EXPECT_EQ(job.check(), JobStatus::Running);
  job.cancel();
  EXPECT_EQ(job.wait(source.get_token()).status, JobStatus::Canceled) << "what has ended is told, stopped or not";
}

TEST(StoppableWaits, EndWithTheJob) {
  std::stop_source source;  // NOLINT(misc-const-correctness): g++ 12 takes a constant one for uninitialised
  EXPECT_EQ(scripted().submit(any_program()).wait(source.get_token()),
            (WaitOutcome{WaitEnd::JobEnded, JobStatus::Done}));
  EXPECT_EQ(scripted(R"({"job_status": 6})").submit(any_program()).wait(source.get_token(), 5s),
            (WaitOutcome{WaitEnd::JobEnded, JobStatus::Failed}));
}

TEST(StoppableWaits, TellThatTheTimeIsUp) {
  const Job job = endless();
  std::stop_source source;  // NOLINT(misc-const-correctness): g++ 12 takes a constant one for uninitialised
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(job.wait(source.get_token(), Seconds(0.05)), (WaitOutcome{WaitEnd::TimedOut, JobStatus::Running}));
  EXPECT_GE(std::chrono::steady_clock::now() - start, 50ms);
}

TEST(StoppableWaits, WithATokenThatNobodyCanUseAreOrdinaryOnes) {
  const Job job = endless();
  EXPECT_EQ(job.wait(std::stop_token(), Seconds(0)).end, WaitEnd::TimedOut);
}

TEST(StoppableWaits, EndForEachOfManyThreadsOnOneJob) {
  const Job job = endless();
  std::stop_source source;
  std::vector<WaitEnd> ends(4, WaitEnd::JobEnded);
  {
    std::vector<std::jthread> threads;
    for (WaitEnd& end : ends) {
      threads.emplace_back([&] { end = job.wait(source.get_token()).end; });
    }
    source.request_stop();
  }
  EXPECT_EQ(ends, std::vector<WaitEnd>(4, WaitEnd::Stopped));
}

TEST(StoppableWaits, RefuseTimeoutsThatAreNone) {
  EXPECT_THROW(static_cast<void>(endless().wait(std::stop_token(), Seconds(-1))), InvalidArgument);
}

}  // namespace
}  // namespace qdmikit::test
