// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>

#include "http/transport.hpp"
#include "support/clock.hpp"

namespace iqm::server {

// Keeps a session from using up its share of a rate-limited server: once `RateLimit-Remaining` has fallen below a
// percentage of `RateLimit-Limit`, the next request waits for the window to move on.
class RateLimit {
 public:
  // `percent` 0 never waits.
  explicit RateLimit(unsigned percent) : percent_(percent) {}

  // Takes note of what a reply says.
  void observe(const http::Headers& headers, TimePoint now);

  // When the next request may go out; in the past when at once.
  [[nodiscard]] TimePoint not_before() const;

 private:
  unsigned percent_;
  mutable std::mutex mutex_;
  TimePoint not_before_;
};

// IQM_RATE_LIMIT_THRESHOLD_PERCENT, 0 to 100; 10 when unset or unreadable.
[[nodiscard]] unsigned rate_limit_percent_from_environment();

}  // namespace iqm::server
