// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>

#include "qdmikit/job_status.hpp"

namespace qdmikit::detail {

// What waiting is made of; time and device are given, so that tests need neither.
struct WaitSteps {
  using Clock = std::chrono::steady_clock;

  // The device's own wait of that many whole seconds, 0 for no limit; false when they passed first.
  std::function<bool(std::size_t)> wait;
  std::function<JobStatus()> check;
  std::function<Clock::time_point()> now;
  std::function<void(Clock::duration)> sleep;
  // Called between the steps when there is one; it may throw.
  std::function<void()> between_slices;
  // Whether to give up, when somebody might want that.
  std::function<bool()> stop_requested;
};

// Wait until a job has ended, until the deadline, or until asked to stop: in the latter cases its last status is not
// terminal. One check is made even if the deadline has passed, and one after it, so that a job that ended in time is
// never reported as late.
[[nodiscard]] JobStatus wait_for_end(const WaitSteps& steps, std::optional<WaitSteps::Clock::time_point> deadline);

}  // namespace qdmikit::detail
