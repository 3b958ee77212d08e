// SPDX-License-Identifier: Apache-2.0
#include "wait_loop.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

namespace qdmikit::test {
namespace {

using namespace std::chrono_literals;
using detail::WaitSteps;
using Clock = WaitSteps::Clock;

using Waits = std::vector<std::size_t>;

// A device and a clock that stand still between the steps of the loop: nothing here takes real time.
class World {
 public:
  explicit World(Clock::duration job_ends_after) : end_(Clock::time_point{} + job_ends_after) {}

  [[nodiscard]] WaitSteps steps() {
    return {.wait = [this](std::size_t seconds) { return wait(seconds); },
            .check = [this] { return check(); },
            .now = [this] { return now_; },
            .sleep = [this](Clock::duration duration) { now_ += duration; },
            .between_slices = {},
            .stop_requested = {}};
  }

  [[nodiscard]] JobStatus run(const WaitSteps& steps, std::optional<Clock::duration> timeout) {
    return wait_for_end(steps, timeout ? std::optional(Clock::time_point{} + *timeout) : std::nullopt);
  }

  [[nodiscard]] Clock::duration elapsed() const { return now_.time_since_epoch(); }
  [[nodiscard]] const Waits& waits() const { return waits_; }
  [[nodiscard]] int checks() const { return checks_; }
  void wait_comes_back_early(int times) { early_waits_ = times; }
  void each_call_costs(Clock::duration overhead) { overhead_ = overhead; }

 private:
  bool wait(std::size_t seconds) {
    waits_.push_back(seconds);
    now_ += overhead_;
    if (early_waits_ > 0) {
      --early_waits_;
      return true;
    }
    const auto until = seconds == 0 ? Clock::time_point::max() : now_ + std::chrono::seconds(seconds);
    const bool ends = end_ <= until;
    now_ = std::max(now_, std::min(end_, until));
    return ends;
  }
  JobStatus check() {
    ++checks_;
    now_ += overhead_;
    return now_ >= end_ ? JobStatus::Done : JobStatus::Running;
  }

  Clock::time_point now_;
  Clock::time_point end_;
  Waits waits_;
  int checks_ = 0;
  int early_waits_ = 0;
  Clock::duration overhead_ = 0s;
};

TEST(WaitLoop, LeavesAnEndlessWaitToTheDevice) {
  World world(3600s);
  EXPECT_EQ(world.run(world.steps(), std::nullopt), JobStatus::Done);
  EXPECT_EQ(world.waits(), (Waits{0}));
  EXPECT_EQ(world.elapsed(), 3600s);
}

TEST(WaitLoop, LeavesWholeSecondsToTheDeviceInOneGo) {
  World world(4700ms);
  EXPECT_EQ(world.run(world.steps(), 10s), JobStatus::Done);
  EXPECT_EQ(world.waits(), (Waits{10}));
  EXPECT_EQ(world.elapsed(), 4700ms);
}

TEST(WaitLoop, SlicesTheWaitWhenSomebodyWantsToBeCalled) {
  World world(2500ms);
  WaitSteps steps = world.steps();
  int calls = 0;
  steps.between_slices = [&] { ++calls; };
  EXPECT_EQ(world.run(steps, std::nullopt), JobStatus::Done);
  EXPECT_EQ(world.waits(), (Waits{1, 1, 1}));
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(world.elapsed(), 2500ms) << "no slice is waited out once the job has ended";
}

TEST(WaitLoop, EndsWhenTheCallbackThrows) {
  World world(3600s);
  WaitSteps steps = world.steps();
  steps.between_slices = [] { throw std::runtime_error("interrupted"); };
  EXPECT_THROW(static_cast<void>(world.run(steps, std::nullopt)), std::runtime_error);
  EXPECT_EQ(world.elapsed(), 1s);
}

TEST(WaitLoop, PollsTheFractionOfASecond) {
  World world(3600s);
  EXPECT_EQ(world.run(world.steps(), 2300ms), JobStatus::Running);
  EXPECT_EQ(world.waits(), (Waits{2}));
  EXPECT_EQ(world.elapsed(), 2300ms);
}

TEST(WaitLoop, NeverReportsTheEndOfTheTimeEarly) {
  for (const auto timeout : {0ms, 1ms, 300ms, 990ms, 1000ms, 1001ms, 5999ms}) {
    World world(3600s);
    EXPECT_EQ(world.run(world.steps(), timeout), JobStatus::Running);
    EXPECT_GE(world.elapsed(), timeout);
    EXPECT_LT(world.elapsed(), timeout + 50ms);
  }
}

TEST(WaitLoop, UsesTheDevicesWaitForASecondThatHasJustBegun) {
  World world(3600s);
  WaitSteps steps = world.steps();
  steps.sleep(2ms);
  EXPECT_EQ(world.run(steps, 1000ms), JobStatus::Running);
  EXPECT_EQ(world.waits(), (Waits{1}));
  EXPECT_LT(world.elapsed(), 1050ms);
}

TEST(WaitLoop, SeesAJobEndWithinTheFraction) {
  World world(450ms);
  EXPECT_EQ(world.run(world.steps(), 900ms), JobStatus::Done);
  EXPECT_TRUE(world.waits().empty());
  EXPECT_LT(world.elapsed(), 500ms);
  EXPECT_LT(world.checks(), 40) << "pauses grow";
}

TEST(WaitLoop, SeesAJobThatEndedJustBeforeTheDeadline) {
  World world(999ms);
  EXPECT_EQ(world.run(world.steps(), 999ms), JobStatus::Done);
}

TEST(WaitLoop, ChecksOnceWithNoTimeAtAll) {
  World done(0s);
  EXPECT_EQ(done.run(done.steps(), 0s), JobStatus::Done);
  World running(1s);
  EXPECT_EQ(running.run(running.steps(), 0s), JobStatus::Running);
  EXPECT_EQ(running.checks(), 1);
}

TEST(WaitLoop, GoesOnWhenTheDeviceComesBackEarly) {
  World world(5s);
  world.wait_comes_back_early(3);
  EXPECT_EQ(world.run(world.steps(), std::nullopt), JobStatus::Done);
  EXPECT_EQ(world.waits(), (Waits{0, 0, 0, 0}));
  EXPECT_EQ(world.elapsed(), 5s);
}

TEST(WaitLoop, KeepsOneDeadlineOverSlowCalls) {
  World world(3600s);
  world.each_call_costs(30ms);
  WaitSteps steps = world.steps();
  steps.between_slices = [] {};
  EXPECT_EQ(world.run(steps, 5s), JobStatus::Running);
  EXPECT_GE(world.elapsed(), 5s);
  EXPECT_LT(world.elapsed(), 5100ms);
}

TEST(WaitLoop, StopsWithinASliceOfTheRequest) {
  World world(3600s);
  WaitSteps steps = world.steps();
  steps.stop_requested = [&] { return world.elapsed() >= 2500ms; };
  EXPECT_EQ(world.run(steps, std::nullopt), JobStatus::Running);
  EXPECT_EQ(world.waits(), (Waits{1, 1, 1}));
  EXPECT_EQ(world.elapsed(), 3s);
  EXPECT_EQ(world.checks(), 1) << "what it reports is what the device says now";
}

TEST(WaitLoop, StoppedBeforeItBeginsAsksOnceAndNeverWaits) {
  World world(3600s);
  WaitSteps steps = world.steps();
  steps.stop_requested = [] { return true; };
  EXPECT_EQ(world.run(steps, 10s), JobStatus::Running);
  EXPECT_EQ(world.waits(), Waits{});
  EXPECT_EQ(world.checks(), 1);
}

}  // namespace
}  // namespace qdmikit::test
