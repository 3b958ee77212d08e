// SPDX-License-Identifier: Apache-2.0
#include "support/clock.hpp"

#include <condition_variable>
#include <mutex>

namespace iqm {

void SystemClock::sleep_until(TimePoint when, const std::stop_token& stop) const {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_until(lock, stop, when, [] { return false; });
}

}  // namespace iqm
