// SPDX-License-Identifier: Apache-2.0
#include "core/job.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "server/run_request.hpp"
#include "support/error.hpp"

namespace iqm::core {
namespace {

constexpr std::chrono::seconds kLongestPoll{30};  // the API's own limit
// A century: keeps "practically for ever" from overflowing the clock.
constexpr std::size_t kLongestWait = std::size_t{100} * 365 * 24 * 3600;
// How long past the deadline a reply may still arrive. The server answers a long poll just when its time is over; a
// request that is cut short at that moment costs the connection.
constexpr std::chrono::milliseconds kDeadlineGrace{20};
constexpr std::chrono::milliseconds kShortestPause{10};
constexpr std::chrono::milliseconds kLongestPause{1000};

bool is_active(QDMI_Job_Status status) { return status == QDMI_JOB_STATUS_QUEUED || status == QDMI_JOB_STATUS_RUNNING; }

}  // namespace

Job::~Job() {
  if (is_active(status_)) {
    machine_->count_active_job(-1);
  }
}

// --- before submission -----------------------------------------------------------------------------------------------

void Job::require_editable() const {
  if (phase_ != Phase::kCreated || status_ != QDMI_JOB_STATUS_CREATED) {
    throw BadState("the job is no longer being prepared: it was submitted or cancelled");
  }
}

void Job::set_parameter(QDMI_Device_Job_Parameter parameter, std::size_t size, const void* value) {
  if (value != nullptr && size == 0) {
    throw InvalidArgument("a job parameter was given with size 0");
  }
  const std::scoped_lock lock(mutex_);
  require_editable();
  if (parameter != QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM) {
    throw NotSupported("this device has no job parameter " + std::to_string(parameter));
  }
  if (value == nullptr) {
    return;
  }
  if (size != sizeof(shots_)) {
    throw InvalidArgument("the number of shots must be a size_t of " + std::to_string(sizeof(shots_)) + " bytes");
  }
  std::size_t shots = 0;
  std::memcpy(&shots, value, sizeof(shots));
  if (shots == 0) {
    throw InvalidShots("the number of shots is 0; a quantum computer needs at least 1");
  }
  shots_ = shots;
}

void Job::set_programs(QDMI_Program_Format format, std::size_t count, const std::size_t* sizes,
                       const void* const* programs) {
  std::shared_ptr<const ProgramList> list;
  if (programs == nullptr) {
    ProgramList::require_supported(format, count);
  } else {
    list = std::make_shared<const ProgramList>(format, count, sizes, programs);
  }
  const std::scoped_lock lock(mutex_);
  require_editable();
  if (list) {
    programs_ = std::move(list);
  }
}

std::shared_ptr<const ProgramList> Job::programs_with(std::size_t index) const {
  const std::scoped_lock lock(mutex_);
  if (programs_->empty()) {
    throw BadState("the job has no programs yet");
  }
  if (index >= programs_->size()) {
    throw OutOfRange("the job has " + std::to_string(programs_->size()) + " programs, there is no number " +
                     std::to_string(index));
  }
  return programs_;
}

void Job::require_program(std::size_t index) const { (void)programs_with(index); }

void Job::get_program(std::size_t index, const PropertySink& sink) const {
  const auto programs = programs_with(index);
  sink.require_usable();
  sink.write_string(programs->text(index));
}

// --- properties ------------------------------------------------------------------------------------------------------

void Job::query(QDMI_Device_Job_Property property, const PropertySink& sink) {
  if (property == QDMI_DEVICE_JOB_PROPERTY_QUEUEPOSITION && check() != QDMI_JOB_STATUS_QUEUED) {
    throw BadState("the job is not queued");
  }
  const std::scoped_lock lock(mutex_);
  switch (property) {
    case QDMI_DEVICE_JOB_PROPERTY_ID:
      if (id_.empty()) {
        throw BadState("the job has no id before the server accepted it");
      }
      sink.write_string(id_);
      return;
    case QDMI_DEVICE_JOB_PROPERTY_PROGRAMFORMAT:
    case QDMI_DEVICE_JOB_PROPERTY_PROGRAMSNUM:
      if (programs_->empty()) {
        throw BadState("the job has no programs yet");
      }
      if (property == QDMI_DEVICE_JOB_PROPERTY_PROGRAMSNUM) {
        sink.write(programs_->size());
      } else {
        sink.write(programs_->format());
      }
      return;
    case QDMI_DEVICE_JOB_PROPERTY_SHOTSNUM:
      sink.write(shots_);
      return;
    case QDMI_DEVICE_JOB_PROPERTY_QUEUEPOSITION:
      if (!queue_position_) {
        throw NotSupported("the server does not tell the job's place in the queue");
      }
      sink.write(*queue_position_);
      return;
    default:
      throw NotSupported("this device does not provide the job property " + std::to_string(property));
  }
}

// --- submission ------------------------------------------------------------------------------------------------------

void Job::submit() {
  std::shared_ptr<const ProgramList> programs;
  std::size_t shots = 0;
  {
    const std::scoped_lock lock(mutex_);
    require_editable();
    if (programs_->empty()) {
      throw BadState("the job has no programs to submit");
    }
    phase_ = Phase::kSubmitting;
    programs = programs_;
    shots = shots_;
  }
  try {
    std::vector<ReadoutLayout> layouts;
    layouts.reserve(programs->size());
    for (std::size_t i = 0; i < programs->size(); ++i) {
      try {
        layouts.emplace_back(server::read_circuit(programs->text(i)));
      } catch (const InvalidProgram& error) {
        throw InvalidProgram("program " + std::to_string(i) + ": " + error.what());
      }
    }
    const auto snapshot = machine_->snapshot();
    const model::JobReport report = machine_->server().submit_circuits(
        snapshot->computer.alias, server::run_request(programs->texts(), shots, snapshot->calibration_set_id),
        machine_->call());
    const std::scoped_lock lock(mutex_);
    phase_ = Phase::kSubmitted;
    id_ = report.id;
    submitted_at_ = machine_->clock().now();
    results_ = std::make_shared<JobResults>(std::move(layouts), ExpectedShots{.number = shots, .heralded = false});
    errors_ = report.errors;
    queue_position_ = report.queue_position;
    set_status(report.status);
  } catch (const SubmissionOutcomeUnknown& error) {
    const std::scoped_lock lock(mutex_);
    phase_ = Phase::kAbandoned;
    errors_ = error.detail().server_errors;
    set_status(QDMI_JOB_STATUS_FAILED);
    throw;
  } catch (...) {
    const std::scoped_lock lock(mutex_);
    phase_ = Phase::kCreated;
    throw;
  }
}

std::string Job::require_submitted(const char* what) const {
  const std::scoped_lock lock(mutex_);
  if (phase_ == Phase::kSubmitted || model::is_terminal(status_)) {
    return id_;
  }
  throw BadState(std::string("cannot ") + what + " a job that has not been submitted");
}

// --- following the job -----------------------------------------------------------------------------------------------

QDMI_Job_Status Job::status() const {
  const std::scoped_lock lock(mutex_);
  return status_;
}

void Job::set_status(QDMI_Job_Status status) {
  const int change = static_cast<int>(is_active(status)) - static_cast<int>(is_active(status_));
  status_ = status;
  if (change != 0) {
    machine_->count_active_job(change);
  }
  if (model::is_terminal(status)) {
    terminal_.request_stop();
  }
}

void Job::record(const model::JobReport& report) {
  const std::scoped_lock lock(mutex_);
  // Replies of concurrent requests may overtake each other; QDMI's statuses only ever move forward, and their numbers
  // grow with them.
  if (model::is_terminal(status_) || report.status < status_) {
    return;
  }
  queue_position_ = report.queue_position;
  errors_ = report.errors;
  set_status(report.status);
}

QDMI_Job_Status Job::check() {
  const QDMI_Job_Status before = status();
  if (before == QDMI_JOB_STATUS_CREATED || model::is_terminal(before)) {
    return before;
  }
  record(machine_->server().job(require_submitted("check"), machine_->call()));
  return status();
}

TimePoint Job::next_poll(TimePoint now) const {
  const std::scoped_lock lock(mutex_);
  return now + std::clamp<Duration>((now - submitted_at_) / 8, kShortestPause, kLongestPause);
}

void Job::poll(const std::string& id, const std::optional<TimePoint>& deadline) {
  const Clock& clock = machine_->clock();
  const TimePoint asked_at = clock.now();
  std::chrono::seconds hold = machine_->long_poll_missing() ? std::chrono::seconds(0) : kLongestPoll;
  std::optional<TimePoint> latest;
  if (deadline) {
    hold = std::min(hold, std::chrono::ceil<std::chrono::seconds>(*deadline - asked_at));
    latest = *deadline + kDeadlineGrace;
  }
  try {
    const auto polled = machine_->server().poll_job(id, hold, machine_->call(latest, terminal_.get_token()));
    record(polled.job);
    if (!polled.held && !model::is_terminal(polled.job.status) && clock.now() < asked_at + hold) {
      machine_->note_long_poll_missing();
    }
  } catch (const Interrupted&) {  // NOLINT(bugprone-empty-catch)
    // Another thread has learned that the job is over.
  } catch (const RequestTimedOut&) {
    if (!deadline || clock.now() < *deadline) {
      throw;
    }
  }
}

void Job::wait(std::size_t timeout) {
  const Clock& clock = machine_->clock();
  std::optional<TimePoint> deadline;
  if (timeout != 0) {
    deadline = clock.now() + std::chrono::seconds(std::min(timeout, kLongestWait));
  }
  const std::string id = require_submitted("wait for");
  while (!model::is_terminal(status())) {
    poll(id, deadline);
    if (model::is_terminal(status())) {
      return;
    }
    const TimePoint now = clock.now();
    if (deadline && now >= *deadline) {
      throw WaitTimedOut("the job " + id + " is not finished after " + std::to_string(timeout) + " s");
    }
    if (machine_->long_poll_missing()) {
      const TimePoint next = next_poll(now);
      clock.sleep_until(deadline ? std::min(*deadline, next) : next, terminal_.get_token());
    }
  }
}

void Job::cancel() {
  std::string id;
  {
    const std::scoped_lock lock(mutex_);
    if (phase_ == Phase::kSubmitting) {
      throw BadState("the job is being submitted; cancel it once the server has accepted it");
    }
    if (status_ == QDMI_JOB_STATUS_CANCELED) {
      return;
    }
    if (model::is_terminal(status_)) {
      throw JobAlreadyTerminal("the job " + id_ + " has finished and cannot be cancelled");
    }
    if (phase_ == Phase::kCreated) {
      set_status(QDMI_JOB_STATUS_CANCELED);
      return;
    }
    id = id_;
  }
  if (const auto report = machine_->server().cancel_job(id, machine_->call())) {
    record(*report);
    return;
  }
  const std::scoped_lock lock(mutex_);
  if (!model::is_terminal(status_)) {
    set_status(QDMI_JOB_STATUS_CANCELED);
  }
}

// --- results ---------------------------------------------------------------------------------------------------------

std::shared_ptr<JobResults> Job::require_succeeded() const {
  const std::scoped_lock lock(mutex_);
  if (status_ == QDMI_JOB_STATUS_FAILED) {
    std::string message = "the job " + id_ + " failed";
    ErrorDetail detail;
    if (!errors_.empty()) {
      message += ": " + errors_.front().message;
      detail.error_code = errors_.front().error_code;
      detail.server_errors = errors_;
    }
    throw JobFailed(message, std::move(detail));
  }
  if (status_ != QDMI_JOB_STATUS_DONE) {
    throw BadState("the job has no results: it has not finished successfully");
  }
  return results_;
}

void Job::get_results(std::size_t index, QDMI_Job_Result result, const PropertySink& sink) {
  require_program(index);
  sink.require_usable();
  const auto counts = [&] {
    return machine_->server().measurement_counts(require_submitted("read"), machine_->call());
  };
  const auto shots = [&] { return machine_->server().measurements(require_submitted("read"), machine_->call()); };
  switch (result) {
    case QDMI_JOB_RESULT_SHOTS:
      sink.write_string((*require_succeeded()->shots(shots))[index]);
      return;
    case QDMI_JOB_RESULT_HIST_KEYS:
      sink.write_string((*require_succeeded()->histograms(counts))[index].keys);
      return;
    case QDMI_JOB_RESULT_HIST_VALUES:
      sink.write_list((*require_succeeded()->histograms(counts))[index].values);
      return;
    default:
      throw NotSupported("a quantum computer returns shots and histograms, not the result kind " +
                         std::to_string(result));
  }
}

}  // namespace iqm::core
