// SPDX-License-Identifier: Apache-2.0
#include "server/job_status.hpp"

#include <mutex>
#include <set>
#include <string>
#include <unordered_map>

#include "support/log.hpp"

namespace iqm::server {

std::optional<QDMI_Job_Status> job_status_from_native(std::string_view native) {
  static const std::unordered_map<std::string_view, QDMI_Job_Status> kStatus{
      {"received", QDMI_JOB_STATUS_SUBMITTED},

      {"queued", QDMI_JOB_STATUS_QUEUED},
      {"waiting", QDMI_JOB_STATUS_QUEUED},

      {"validation_started", QDMI_JOB_STATUS_RUNNING},
      {"validation_ended", QDMI_JOB_STATUS_RUNNING},
      {"fetch_calibration_started", QDMI_JOB_STATUS_RUNNING},
      {"fetch_calibration_ended", QDMI_JOB_STATUS_RUNNING},
      {"compilation_started", QDMI_JOB_STATUS_RUNNING},
      {"compilation_ended", QDMI_JOB_STATUS_RUNNING},
      {"save_sweep_metadata_started", QDMI_JOB_STATUS_RUNNING},
      {"save_sweep_metadata_ended", QDMI_JOB_STATUS_RUNNING},
      {"pending_execution", QDMI_JOB_STATUS_RUNNING},
      {"pending execution", QDMI_JOB_STATUS_RUNNING},
      {"execution_started", QDMI_JOB_STATUS_RUNNING},
      {"execution_ended", QDMI_JOB_STATUS_RUNNING},
      {"post_processing_pending", QDMI_JOB_STATUS_RUNNING},
      {"post_processing_started", QDMI_JOB_STATUS_RUNNING},
      {"post_processing_ended", QDMI_JOB_STATUS_RUNNING},
      {"running", QDMI_JOB_STATUS_RUNNING},
      {"processing", QDMI_JOB_STATUS_RUNNING},
      {"accepted", QDMI_JOB_STATUS_RUNNING},
      {"pending compilation", QDMI_JOB_STATUS_RUNNING},
      {"compiled", QDMI_JOB_STATUS_RUNNING},

      {"ready", QDMI_JOB_STATUS_DONE},
      {"completed", QDMI_JOB_STATUS_DONE},

      {"aborted", QDMI_JOB_STATUS_CANCELED},
      {"cancelled", QDMI_JOB_STATUS_CANCELED},

      {"failed", QDMI_JOB_STATUS_FAILED},
  };
  const auto found = kStatus.find(native);
  return found == kStatus.end() ? std::nullopt : std::optional(found->second);
}

QDMI_Job_Status job_status_or_running(const std::string& native) {
  if (const auto status = job_status_from_native(native)) {
    return *status;
  }
  static std::mutex mutex;
  static std::set<std::string> seen;
  const std::scoped_lock lock(mutex);
  if (seen.insert(native).second) {
    log::warning("the server knows a job status that this library does not: '" + native + "'; taken for running");
  }
  return QDMI_JOB_STATUS_RUNNING;
}

}  // namespace iqm::server
