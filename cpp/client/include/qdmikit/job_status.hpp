// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "qdmikit/export.hpp"

namespace qdmikit {

/// Where a job, or one program of it, stands. The values are those of `QDMI_Job_Status`.
enum class JobStatus : int { Created = 0, Submitted = 1, Queued = 2, Running = 3, Done = 4, Canceled = 5, Failed = 6 };

/// Whether a job has come to its end, good or bad. Such a status never changes.
[[nodiscard]] constexpr bool is_terminal(JobStatus status) noexcept {
  return status == JobStatus::Done || status == JobStatus::Canceled || status == JobStatus::Failed;
}

/// QDMI's own name without its prefix, for example "RUNNING".
[[nodiscard]] QDMIKIT_EXPORT std::string_view to_string(JobStatus status) noexcept;

/// Every value, in QDMI's order.
[[nodiscard]] QDMIKIT_EXPORT std::span<const JobStatus> all_job_statuses() noexcept;

}  // namespace qdmikit
