// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "qdmikit/export.hpp"

namespace qdmikit {

/// A kind of result that a device can hand out. The values are those of `QDMI_Job_Result`.
enum class JobResult : int {
  Shots = 0,
  HistogramKeys = 1,
  HistogramValues = 2,
  StatevectorDense = 3,
  ProbabilitiesDense = 4,
  StatevectorSparseKeys = 5,
  StatevectorSparseValues = 6,
  ProbabilitiesSparseKeys = 7,
  ProbabilitiesSparseValues = 8,
  Custom1 = 999999995,
  Custom2 = 999999996,
  Custom3 = 999999997,
  Custom4 = 999999998,
  Custom5 = 999999999,
};

/// QDMI's own name without its prefix, for example "HIST_KEYS".
[[nodiscard]] QDMIKIT_EXPORT std::string_view to_string(JobResult result) noexcept;

/// Every value, in QDMI's order.
[[nodiscard]] QDMIKIT_EXPORT std::span<const JobResult> all_job_results() noexcept;

}  // namespace qdmikit
