// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/job_options.hpp"
#include "core/machine.hpp"
#include "core/program_list.hpp"
#include "core/property_sink.hpp"
#include "core/remote_job.hpp"
#include "iqm_qdmi/constants.h"
#include "model/job.hpp"

namespace iqm::core {

// A job from creation to its results, of circuits or of a calibration. Safe to use from several threads: its state is
// guarded, its requests run without a lock.
class Job {
 public:
  explicit Job(std::shared_ptr<Machine> machine) : machine_(std::move(machine)) {}
  // A circuit job that the server has already, from whichever program it was submitted. Throws NotFound, and
  // NotSupported for a job of another kind.
  [[nodiscard]] static std::shared_ptr<Job> retrieve(const std::shared_ptr<Machine>& machine, const std::string& id);
  ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  Job(Job&&) = delete;
  Job& operator=(Job&&) = delete;

  // --- before submission (job.cpp)

  void set_parameter(QDMI_Device_Job_Parameter parameter, std::size_t size, const void* value);
  // A null list only asks whether so many programs of this format are supported.
  void set_programs(QDMI_Program_Format format, std::size_t count, const std::size_t* sizes,
                    const void* const* programs);
  void get_program(std::size_t index, const PropertySink& sink) const;
  void query(QDMI_Device_Job_Property property, const PropertySink& sink);
  // Validates, then sends. A job that the server certainly did not take may be corrected and submitted again; one whose
  // fate is unknown may not.
  void submit();
  // The same for a calibration: the one program is its configuration, and goes out as it is.
  void submit_calibration();

  // --- afterwards (job_following.cpp)

  // At any moment, also while another thread submits or waits.
  void cancel();
  // The status after asking the server; terminal ones are remembered.
  [[nodiscard]] QDMI_Job_Status check();
  // Returns when the job is terminal. Throws WaitTimedOut once `timeout` seconds are over, never before; 0 waits for
  // ever. Faults that may pass are borne for a while.
  void wait(std::size_t timeout);
  [[nodiscard]] QDMI_Job_Status program_status(std::size_t index) const;
  void get_results(std::size_t index, QDMI_Job_Result result, const PropertySink& sink);
  // Ends what another thread waits for on behalf of a job that nobody holds any more.
  void release();

 private:
  // `kSubmitting` covers the request itself, `kAbandoned` a submission whose outcome nobody knows.
  enum class Phase { kCreated, kSubmitting, kSubmitted, kAbandoned };

  // What a job consists of, before and after its programs are at hand.
  struct Programs {
    std::size_t count = 0;
    std::optional<QDMI_Program_Format> format;
    std::shared_ptr<const ProgramList> list;  // null for a job that was retrieved
  };

  void require_editable() const;                  // with the lock held
  void require_program(std::size_t index) const;  // with the lock held
  void set_status(QDMI_Job_Status status);        // with the lock held
  // Takes the job through its one request. `send` returns what the server has now.
  template <typename Send>
  void submit_with(const char* what, Send send);
  void record(const model::JobReport& report);
  // The status after asking the server, or the last one when it does not answer.
  [[nodiscard]] QDMI_Job_Status outcome();
  [[nodiscard]] QDMI_Job_Status status() const;
  [[nodiscard]] std::shared_ptr<RemoteJob> require_remote(const char* what) const;
  // One long poll, or one plain poll of a server that has none.
  void poll(const RemoteJob& remote, const std::optional<TimePoint>& deadline);
  [[nodiscard]] TimePoint next_poll(TimePoint now) const;
  // Whether a poll that failed may be repeated: its cause may pass, and has not lasted too long.
  [[nodiscard]] bool bear(const Error& error, TimePoint asked_at);
  [[nodiscard]] std::shared_ptr<RemoteJob> require_succeeded() const;

  const std::shared_ptr<Machine> machine_;
  // Requested once the job is terminal: ends the polls and pauses of every waiting thread.
  std::stop_source terminal_;

  mutable std::mutex mutex_;
  std::condition_variable submission_over_;
  Phase phase_ = Phase::kCreated;
  Programs programs_;
  std::optional<std::size_t> shots_ = 1;
  JobOptions options_;
  std::string id_;
  bool calibration_ = false;
  QDMI_Job_Status status_ = QDMI_JOB_STATUS_CREATED;
  std::optional<std::size_t> queue_position_;
  std::vector<ServerError> errors_;
  TimePoint submitted_at_;
  std::optional<TimePoint> failing_since_;
  std::shared_ptr<RemoteJob> remote_;
};

}  // namespace iqm::core
