// SPDX-License-Identifier: Apache-2.0
#include "server/rate_limit.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

#include "support/environment.hpp"
#include "support/log.hpp"

namespace iqm::server {
namespace {

constexpr unsigned kDefaultPercent = 10;
// The server's window when a reply does not name its end.
constexpr std::uint64_t kWindowSeconds = 10;
constexpr std::uint64_t kLongestWindowSeconds = 3600;

std::optional<std::uint64_t> number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<std::uint64_t> number(const http::Headers& headers, const char* name) {
  const auto found = headers.find(name);
  return found == headers.end() ? std::nullopt : number(found->second);
}

}  // namespace

void RateLimit::observe(const http::Headers& headers, TimePoint now) {
  const auto limit = number(headers, "RateLimit-Limit");
  const auto remaining = number(headers, "RateLimit-Remaining");
  if (!limit || !remaining) {
    return;
  }
  const bool scarce = static_cast<double>(*remaining) * 100.0 < static_cast<double>(*limit) * percent_;
  const std::uint64_t window = number(headers, "RateLimit-Reset").value_or(kWindowSeconds);
  const std::scoped_lock lock(mutex_);
  not_before_ = scarce ? now + std::chrono::seconds(std::min(window, kLongestWindowSeconds)) : TimePoint{};
}

TimePoint RateLimit::not_before() const {
  const std::scoped_lock lock(mutex_);
  return not_before_;
}

unsigned rate_limit_percent_from_environment() {
  const auto text = environment_variable("IQM_RATE_LIMIT_THRESHOLD_PERCENT");
  if (!text) {
    return kDefaultPercent;
  }
  const auto value = number(*text);
  if (!value || *value > 100) {
    log::warning("IQM_RATE_LIMIT_THRESHOLD_PERCENT is '" + *text + "', not a number from 0 to 100; taken as " +
                 std::to_string(kDefaultPercent));
    return kDefaultPercent;
  }
  return static_cast<unsigned>(*value);
}

}  // namespace iqm::server
