// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "core/property_sink.hpp"
#include "iqm_qdmi/constants.h"
#include "model/job.hpp"
#include "server/iqm_server.hpp"

namespace iqm::core {

// A job that the server has taken: how it is asked about, ended and read. One class for each kind of job; safe under
// threads.
class RemoteJob {
 public:
  RemoteJob() = default;
  RemoteJob(const RemoteJob&) = delete;
  RemoteJob& operator=(const RemoteJob&) = delete;
  RemoteJob(RemoteJob&&) = delete;
  RemoteJob& operator=(RemoteJob&&) = delete;
  virtual ~RemoteJob() = default;

  // Whether any kind of job has results of this kind.
  [[nodiscard]] static bool may_have(QDMI_Job_Result result) {
    return result == QDMI_JOB_RESULT_SHOTS || result == QDMI_JOB_RESULT_HIST_KEYS ||
           result == QDMI_JOB_RESULT_HIST_VALUES || result == QDMI_JOB_RESULT_CUSTOM1;
  }

  [[nodiscard]] virtual model::JobReport check(const server::Call& call) const = 0;
  // Whether the server can be asked to hold the reply until the job has ended.
  [[nodiscard]] virtual bool can_hold() const = 0;
  [[nodiscard]] virtual server::PolledJob poll(std::chrono::seconds hold, const server::Call& call) const = 0;
  // The job after the cancellation; none when the server does not describe it.
  [[nodiscard]] virtual std::optional<model::JobReport> cancel(const server::Call& call) const = 0;

  // Results of a job that has succeeded.
  virtual void get_results(std::size_t index, QDMI_Job_Result result, const PropertySink& sink) = 0;
  // Ends a get_results() that is waiting for something else than a reply.
  virtual void interrupt() {}
};

}  // namespace iqm::core
