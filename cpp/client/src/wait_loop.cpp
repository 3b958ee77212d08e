// SPDX-License-Identifier: Apache-2.0
#include "wait_loop.hpp"

#include <algorithm>

namespace qdmikit::detail {
namespace {

using namespace std::chrono_literals;
using Duration = WaitSteps::Clock::duration;

constexpr Duration kSlice = 1s;        // the shortest wait that QDMI knows
constexpr Duration kSlack = 20ms;      // this little short of a second still counts as one
constexpr Duration kFirstPause = 1ms;  // between two checks, doubled each time
constexpr Duration kLongestPause = 20ms;

// How long the device's own wait may take next; none when less than a slice is left and only checks fit in.
std::optional<std::size_t> next_wait(const WaitSteps& steps, std::optional<Duration> remaining) {
  if (remaining && *remaining + kSlack < kSlice) {
    return std::nullopt;
  }
  if (steps.between_slices || steps.stop_requested) {
    return 1;
  }
  return remaining ? static_cast<std::size_t>((*remaining + kSlack) / kSlice) : 0;
}

}  // namespace

JobStatus wait_for_end(const WaitSteps& steps, std::optional<WaitSteps::Clock::time_point> deadline) {
  Duration pause = kFirstPause;
  for (;;) {
    const auto started = steps.now();
    const bool stopping = steps.stop_requested && steps.stop_requested();
    const auto seconds =
        stopping ? std::nullopt : next_wait(steps, deadline ? std::optional(*deadline - started) : std::nullopt);
    const bool expired = seconds && !steps.wait(*seconds);
    if (!expired) {
      const JobStatus status = steps.check();
      if (is_terminal(status) || stopping || (deadline && started >= *deadline)) {
        return status;
      }
    }
    // Checks need a pause between them, and so do the waits of a device that comes back early without an end to report.
    const auto now = steps.now();
    if (!expired || now - started < kSlice / 2) {
      steps.sleep(deadline ? std::clamp(*deadline - now, Duration::zero(), pause) : pause);
      pause = std::min(pause * 2, kLongestPause);
    }
    if (steps.between_slices) {
      steps.between_slices();
    }
  }
}

}  // namespace qdmikit::detail
