// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "qdmikit/job_status.hpp"

namespace qdmikit {

/// Why a wait that could be stopped is over.
enum class WaitEnd {
  JobEnded,  ///< the job has come to its end, good or bad
  TimedOut,  ///< the time is up
  Stopped,   ///< somebody asked to stop waiting
};

/// What came of a wait that could be stopped.
struct WaitOutcome {
  WaitEnd end = WaitEnd::JobEnded;
  JobStatus status =
      JobStatus::Created;  ///< the last that the device told; terminal if, and only if, the job has ended

  /// Whether the job has ended.
  explicit operator bool() const noexcept { return end == WaitEnd::JobEnded; }
  friend bool operator==(const WaitOutcome&, const WaitOutcome&) = default;
};

}  // namespace qdmikit
