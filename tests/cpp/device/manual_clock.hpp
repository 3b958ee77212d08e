// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <vector>

#include "support/clock.hpp"

namespace iqm::test {

// Time that passes only when somebody sleeps or a test says so.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint(Duration(ticks_.load())); }
  void sleep_until(TimePoint when, const std::stop_token& /*stop*/) const override {
    pauses_.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(when - now()));
    advance_to(when);
  }
  void advance(Duration by) const { ticks_ += by.count(); }
  void advance_to(TimePoint when) const { ticks_ = std::max(ticks_.load(), when.time_since_epoch().count()); }
  // The pauses that were asked for, in order.
  [[nodiscard]] const std::vector<std::chrono::milliseconds>& pauses() const { return pauses_; }

 private:
  mutable std::atomic<Duration::rep> ticks_{std::chrono::duration_cast<Duration>(std::chrono::hours(1)).count()};
  mutable std::vector<std::chrono::milliseconds> pauses_;
};

}  // namespace iqm::test
