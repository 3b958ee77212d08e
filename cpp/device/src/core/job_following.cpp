// SPDX-License-Identifier: Apache-2.0
// A job from its submission to its results.
#include <algorithm>
#include <utility>

#include "core/job.hpp"
#include "support/error.hpp"
#include "support/log.hpp"

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
// How long a server may be away before whoever waits for a job is told.
constexpr std::chrono::seconds kPatience{60};

bool is_active(QDMI_Job_Status status) { return status == QDMI_JOB_STATUS_QUEUED || status == QDMI_JOB_STATUS_RUNNING; }

// Whether a later request may well succeed.
bool may_pass(const Error& error) {
  const long status = error.detail().http_status;
  return status == 429 || (status >= 502 && status <= 504) || error.kind() == "Unreachable" ||
         error.kind() == "ConnectionLost" || error.kind() == "RequestTimedOut";
}

}  // namespace

// --- the state that requests and callers share -----------------------------------------------------------------------

QDMI_Job_Status Job::status() const {
  const std::scoped_lock lock(mutex_);
  return status_;
}

void Job::set_status(QDMI_Job_Status status) {
  const auto counts = [this](QDMI_Job_Status of) {
    return calibration_ ? of == QDMI_JOB_STATUS_SUBMITTED || is_active(of) : is_active(of);
  };
  const int change = static_cast<int>(counts(status)) - static_cast<int>(counts(status_));
  status_ = status;
  if (change != 0) {
    calibration_ ? machine_->count_calibration(change) : machine_->count_active_job(change);
  }
  if (model::is_terminal(status)) {
    terminal_.request_stop();
  }
}

void Job::record(const model::JobReport& report) {
  const std::scoped_lock lock(mutex_);
  failing_since_.reset();
  // Replies of concurrent requests may overtake each other; QDMI's statuses only ever move forward, and their numbers
  // grow with them.
  if (model::is_terminal(status_) || report.status < status_) {
    return;
  }
  errors_ = report.errors;
  queue_position_ = report.queue_position;
  set_status(report.status);
}

std::shared_ptr<RemoteJob> Job::require_remote(const char* what) const {
  const std::scoped_lock lock(mutex_);
  if (!remote_) {
    throw BadState(std::string("cannot ") + what + " a job that has not been submitted");
  }
  return remote_;
}

QDMI_Job_Status Job::check() {
  const QDMI_Job_Status before = status();
  if (before == QDMI_JOB_STATUS_CREATED || model::is_terminal(before)) {
    return before;
  }
  record(require_remote("check")->check(machine_->call()));
  return status();
}

// --- waiting ---------------------------------------------------------------------------------------------------------

TimePoint Job::next_poll(TimePoint now) const {
  const std::scoped_lock lock(mutex_);
  return now + std::clamp<Duration>((now - submitted_at_) / 8, kShortestPause, kLongestPause);
}

void Job::poll(const RemoteJob& remote, const std::optional<TimePoint>& deadline) {
  const Clock& clock = machine_->clock();
  const TimePoint asked_at = clock.now();
  const bool can_hold = remote.can_hold() && !machine_->long_poll_missing();
  // A held request must not be cut off by the session's own time-out.
  std::chrono::seconds hold =
      can_hold ? std::min(kLongestPoll, std::chrono::floor<std::chrono::seconds>(machine_->request_timeout() / 2))
               : std::chrono::seconds(0);
  std::optional<TimePoint> latest;
  if (deadline) {
    hold = std::min(hold, std::chrono::ceil<std::chrono::seconds>(*deadline - asked_at));
    latest = *deadline + kDeadlineGrace;
  }
  try {
    const auto polled = remote.poll(hold, machine_->call(latest, terminal_.get_token()));
    record(polled.job);
    if (can_hold && !polled.held && !model::is_terminal(polled.job.status) && clock.now() < asked_at + hold) {
      machine_->note_long_poll_missing();
    }
  } catch (const Interrupted&) {  // NOLINT(bugprone-empty-catch)
    // Another thread has learned that the job is over.
  } catch (const Error& error) {
    const bool out_of_time = deadline && clock.now() >= *deadline;
    if (!(out_of_time && error.kind() == "RequestTimedOut") && !bear(error, asked_at)) {
      throw;
    }
  }
}

bool Job::bear(const Error& error, TimePoint asked_at) {
  if (!may_pass(error)) {
    return false;
  }
  const std::scoped_lock lock(mutex_);
  if (!failing_since_) {
    failing_since_ = asked_at;
  }
  if (machine_->clock().now() - *failing_since_ >= kPatience) {
    failing_since_.reset();
    return false;
  }
  log::info("waiting for job " + id_ + " goes on after: " + error.what());
  return true;
}

void Job::wait(std::size_t timeout) {
  const Clock& clock = machine_->clock();
  std::optional<TimePoint> deadline;
  if (timeout != 0) {
    deadline = clock.now() + std::chrono::seconds(std::min(timeout, kLongestWait));
  }
  if (model::is_terminal(status())) {
    return;
  }
  const auto remote = require_remote("wait for");
  while (!model::is_terminal(status())) {
    poll(*remote, deadline);
    if (model::is_terminal(status())) {
      return;
    }
    const TimePoint now = clock.now();
    if (deadline && now >= *deadline) {
      throw WaitTimedOut("the job is not finished after " + std::to_string(timeout) + " s");
    }
    bool failing = false;
    {
      const std::scoped_lock lock(mutex_);
      failing = failing_since_.has_value();
    }
    if (failing || machine_->long_poll_missing() || !remote->can_hold()) {
      const TimePoint next = next_poll(now);
      clock.sleep_until(deadline ? std::min(*deadline, next) : next, terminal_.get_token());
    }
  }
}

// --- ending ----------------------------------------------------------------------------------------------------------

void Job::cancel() {
  std::shared_ptr<RemoteJob> remote;
  {
    std::unique_lock lock(mutex_);
    submission_over_.wait(lock, [this] { return phase_ != Phase::kSubmitting; });
    if (status_ == QDMI_JOB_STATUS_CANCELED) {
      return;
    }
    if (phase_ == Phase::kCreated) {
      set_status(QDMI_JOB_STATUS_CANCELED);
      return;
    }
    remote = remote_;
    if (model::is_terminal(status_)) {
      if (remote) {
        remote->interrupt();
      }
      throw JobAlreadyTerminal("the job " + id_ + " has finished and cannot be cancelled");
    }
  }
  try {
    if (const auto report = remote->cancel(machine_->call())) {
      record(*report);
      return;
    }
  } catch (const JobAlreadyTerminal&) {
    // Whoever cancelled it first, or a request that was sent twice: what counts is what became of the job.
    if (outcome() != QDMI_JOB_STATUS_CANCELED) {
      throw;
    }
    return;
  }
  const std::scoped_lock lock(mutex_);
  if (!model::is_terminal(status_)) {
    set_status(QDMI_JOB_STATUS_CANCELED);
  }
}

QDMI_Job_Status Job::outcome() {
  try {
    return check();
  } catch (const Error& error) {
    log::info(std::string("cannot learn what became of a job: ") + error.what());
    return status();
  }
}

void Job::release() {
  std::shared_ptr<RemoteJob> remote;
  {
    const std::scoped_lock lock(mutex_);
    remote = remote_;
  }
  if (remote) {
    remote->interrupt();
  }
}

// --- results ---------------------------------------------------------------------------------------------------------

QDMI_Job_Status Job::program_status(std::size_t index) const {
  const std::scoped_lock lock(mutex_);
  require_program(index);
  if (!model::is_terminal(status_)) {
    throw BadState("the job has not finished, so neither have its programs");
  }
  // The server tells the outcome of a job as a whole: success is that of every program, a failure that of some.
  if (status_ != QDMI_JOB_STATUS_DONE && programs_.count > 1) {
    throw NotSupported("the server does not tell which programs of the job " + id_ + " failed");
  }
  return status_;
}

std::shared_ptr<RemoteJob> Job::require_succeeded() const {
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
  return remote_;
}

void Job::get_results(std::size_t index, QDMI_Job_Result result, const PropertySink& sink) {
  std::shared_ptr<RemoteJob> remote;
  {
    const std::scoped_lock lock(mutex_);
    require_program(index);
    sink.require_usable();
    if (!RemoteJob::may_have(result)) {
      throw NotSupported("a quantum computer returns shots and histograms, not the result kind " +
                         std::to_string(result));
    }
    remote = require_succeeded();
  }
  remote->get_results(index, result, sink);
}

}  // namespace iqm::core
