// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>

#include "http/transport.hpp"
#include "support/clock.hpp"

namespace iqm::server {

// Evenly distributed in [0, 1). Injected, so that a test knows every pause.
using Jitter = std::function<double()>;

[[nodiscard]] double random_jitter();

// How often a request is sent before its failure is the caller's. The pauses between grow from the first by doubling,
// and each is shortened by up to half at random, so that clients that failed together do not come back together.
struct RetryPolicy {
  int most_attempts = 8;
  // A server that cannot be reached is more often a wrong address than a passing fault.
  int most_attempts_to_reach = 3;
  Duration first_pause = std::chrono::milliseconds(100);
  Duration longest_pause = std::chrono::seconds(10);

  // The pause after `attempt` attempts, counted from 1.
  [[nodiscard]] Duration pause_after(int attempt, double jitter) const;
};

// How long the server asks to be left alone: `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3). None
// when it does not say, or says something unreadable.
[[nodiscard]] std::optional<Duration> retry_after(const http::Headers& headers, const WallClock& now);

}  // namespace iqm::server
