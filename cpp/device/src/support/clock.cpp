// SPDX-License-Identifier: Apache-2.0
#include "support/clock.hpp"

#include <condition_variable>
#include <ctime>
#include <mutex>

namespace iqm {

void SystemClock::sleep_until(TimePoint when, const std::stop_token& stop) const {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_until(lock, stop, when, [] { return false; });
}

std::int64_t system_wall_clock() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string utc_text(std::int64_t seconds_since_epoch) {
  const std::time_t time = seconds_since_epoch;
  std::tm parts{};
  std::string text(32, '\0');
  if (gmtime_r(&time, &parts) == nullptr) {
    return std::to_string(seconds_since_epoch) + " s after the epoch";
  }
  text.resize(std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts));
  return text;
}

}  // namespace iqm
