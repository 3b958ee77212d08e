// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

namespace iqm {

using TimePoint = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

// Time as the device sees it. Injected, so that tests of deadlines and pauses need no waiting.
class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  Clock(Clock&&) = delete;
  Clock& operator=(Clock&&) = delete;
  virtual ~Clock() = default;

  [[nodiscard]] virtual TimePoint now() const = 0;
  // Returns at `when`, or earlier when `stop` is requested.
  virtual void sleep_until(TimePoint when, const std::stop_token& stop) const = 0;
};

class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return std::chrono::steady_clock::now(); }
  void sleep_until(TimePoint when, const std::stop_token& stop) const override;
};

// The time of day, in seconds since the epoch: for what other machines date, such as a token's expiry.
using WallClock = std::function<std::int64_t()>;

[[nodiscard]] std::int64_t system_wall_clock();

// Like 2026-01-31T12:00:00Z.
[[nodiscard]] std::string utc_text(std::int64_t seconds_since_epoch);

}  // namespace iqm
