// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/job_results.hpp"
#include "core/machine.hpp"
#include "core/program_list.hpp"
#include "core/property_sink.hpp"
#include "iqm_qdmi/constants.h"
#include "model/job.hpp"

namespace iqm::core {

// A circuit job from creation to its results. Safe to use from several threads: its state is guarded, its requests run
// without a lock.
class Job {
 public:
  explicit Job(std::shared_ptr<Machine> machine) : machine_(std::move(machine)) {}
  ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  Job(Job&&) = delete;
  Job& operator=(Job&&) = delete;

  void set_parameter(QDMI_Device_Job_Parameter parameter, std::size_t size, const void* value);
  // A null list only asks whether so many programs of this format are supported.
  void set_programs(QDMI_Program_Format format, std::size_t count, const std::size_t* sizes,
                    const void* const* programs);
  void get_program(std::size_t index, const PropertySink& sink) const;
  // Throws BadState while the job has no programs, OutOfRange when it has fewer.
  void require_program(std::size_t index) const;
  void query(QDMI_Device_Job_Property property, const PropertySink& sink);

  // Validates, then sends. A job that the server certainly did not take may be corrected and submitted again; one whose
  // fate is unknown may not.
  void submit();
  void cancel();
  // The status after asking the server; terminal ones are remembered.
  [[nodiscard]] QDMI_Job_Status check();
  // Returns when the job is terminal. Throws WaitTimedOut once `timeout` seconds are over, never before; 0 waits for
  // ever.
  void wait(std::size_t timeout);
  void get_results(std::size_t index, QDMI_Job_Result result, const PropertySink& sink);

 private:
  // `kSubmitting` covers the request itself, `kAbandoned` a submission whose outcome nobody knows.
  enum class Phase { kCreated, kSubmitting, kSubmitted, kAbandoned };

  void require_editable() const;  // with the lock held
  [[nodiscard]] std::shared_ptr<const ProgramList> programs_with(std::size_t index) const;
  [[nodiscard]] std::string require_submitted(const char* what) const;
  void set_status(QDMI_Job_Status status);  // with the lock held
  void record(const model::JobReport& report);
  [[nodiscard]] QDMI_Job_Status status() const;
  // One long poll, or one plain poll of a server that has none.
  void poll(const std::string& id, const std::optional<TimePoint>& deadline);
  [[nodiscard]] TimePoint next_poll(TimePoint now) const;
  [[nodiscard]] std::shared_ptr<JobResults> require_succeeded() const;

  const std::shared_ptr<Machine> machine_;
  // Requested once the job is terminal: ends the polls and pauses of every waiting thread.
  std::stop_source terminal_;

  mutable std::mutex mutex_;
  Phase phase_ = Phase::kCreated;
  std::shared_ptr<const ProgramList> programs_ = std::make_shared<ProgramList>();
  std::size_t shots_ = 1;
  std::string id_;
  QDMI_Job_Status status_ = QDMI_JOB_STATUS_CREATED;
  std::optional<std::size_t> queue_position_;
  std::vector<ServerError> errors_;
  TimePoint submitted_at_;
  std::shared_ptr<JobResults> results_;
};

}  // namespace iqm::core
