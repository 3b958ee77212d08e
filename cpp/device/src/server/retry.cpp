// SPDX-License-Identifier: Apache-2.0
#include "server/retry.hpp"

#include <algorithm>
#include <charconv>
#include <random>
#include <string>

#include "http/http_date.hpp"

namespace iqm::server {
namespace {

// Longer than any deadline; keeps a senseless number from overflowing the clock.
constexpr std::int64_t kLongestSeconds = std::int64_t{366} * 24 * 3600;

}  // namespace

double random_jitter() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

Duration RetryPolicy::pause_after(int attempt, double jitter) const {
  Duration pause = first_pause;
  for (int i = 1; i < attempt && pause < longest_pause; ++i) {
    pause *= 2;
  }
  pause = std::min(pause, longest_pause);
  return pause - std::chrono::duration_cast<Duration>(pause * (jitter / 2));
}

std::optional<Duration> retry_after(const http::Headers& headers, const WallClock& now) {
  const auto header = headers.find("Retry-After");
  if (header == headers.end()) {
    return std::nullopt;
  }
  const std::string& text = header->second;
  const auto digits = std::ranges::find_if_not(text, [](char c) { return c >= '0' && c <= '9'; });
  std::int64_t seconds = 0;
  if (!text.empty() && digits == text.end()) {
    if (std::from_chars(text.data(), text.data() + text.size(), seconds).ec != std::errc()) {
      seconds = kLongestSeconds;
    }
  } else if (const auto date = http::parse_http_date(text)) {
    seconds = *date - now();
  } else {
    return std::nullopt;
  }
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, kLongestSeconds));
}

}  // namespace iqm::server
