// SPDX-License-Identifier: Apache-2.0
// A job up to its submission, and its properties.
#include "core/job.hpp"

#include <cstdint>
#include <cstring>
#include <utility>

#include "core/calibration_run.hpp"
#include "core/circuit_run.hpp"
#include "core/job_tag.hpp"
#include "core/session.hpp"
#include "core/submission.hpp"
#include "server/submission.hpp"
#include "support/error.hpp"
#include "support/log.hpp"

namespace iqm::core {

Job::~Job() {
  const std::scoped_lock lock(mutex_);
  if (!model::is_terminal(status_)) {
    set_status(QDMI_JOB_STATUS_CREATED);  // no longer this process's concern
  }
}

std::shared_ptr<Job> Job::retrieve(const std::shared_ptr<Machine>& machine, const std::string& id) {
  const model::JobReport report = machine->server().job(id, machine->call());
  if (!report.type.empty() && report.type != "circuit") {
    throw NotSupported("the job " + id + " is of the type '" + report.type + "', not a circuit job");
  }
  auto job = std::make_shared<Job>(machine);
  ExpectedShots expected{.number = SIZE_MAX, .heralded = true};
  try {
    model::SubmittedPayload payload = machine->server().payload(id, machine->call());
    expected = {.number = payload.shots.value_or(SIZE_MAX), .heralded = payload.heralded || !payload.shots};
    std::vector<ReadoutLayout> layouts;
    layouts.reserve(payload.circuits.size());
    for (model::CircuitOutline& circuit : payload.circuits) {
      layouts.emplace_back(std::move(circuit.readout));
    }
    job->programs_ = {.count = layouts.size(), .format = payload.format, .list = nullptr};
    job->shots_ = payload.shots;
    job->remote_ = std::make_shared<CircuitRun>(machine, id, std::move(layouts), expected);
  } catch (const NotFound& error) {
    if (!report.circuits) {
      throw NotSupported("the server does not keep what was submitted as job " + id +
                         ", so its programs cannot be told apart");
    }
    log::info("the server does not keep what was submitted as job " + id + ": " + error.what());
    job->programs_.count = *report.circuits;
    job->shots_.reset();
    job->remote_ = std::make_shared<CircuitRun>(machine, id, *report.circuits, expected);
  }
  const std::scoped_lock lock(job->mutex_);
  job->phase_ = Phase::kSubmitted;
  job->id_ = id;
  job->submitted_at_ = machine->clock().now();
  job->queue_position_ = report.queue_position;
  job->errors_ = report.errors;
  job->set_status(report.status);
  return job;
}

void Job::require_editable() const {
  if (phase_ != Phase::kCreated || status_ != QDMI_JOB_STATUS_CREATED) {
    throw BadState("the job is no longer being prepared: it was submitted or cancelled");
  }
}

void Job::require_program(std::size_t index) const {
  if (programs_.count == 0) {
    throw BadState("the job has no programs yet");
  }
  if (index >= programs_.count) {
    throw OutOfRange("the job has " + std::to_string(programs_.count) + " programs, there is no number " +
                     std::to_string(index));
  }
}

void Job::set_parameter(QDMI_Device_Job_Parameter parameter, std::size_t size, const void* value) {
  if (value != nullptr && size == 0) {
    throw InvalidArgument("a job parameter was given with size 0");
  }
  const std::scoped_lock lock(mutex_);
  require_editable();
  if (parameter != QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM && !JobOptions::is_supported(parameter)) {
    throw NotSupported("this device has no job parameter " + std::to_string(parameter));
  }
  if (value == nullptr) {
    return;
  }
  if (JobOptions::is_supported(parameter)) {
    options_.set(parameter, string_parameter("the job parameter", size, value));
    return;
  }
  std::size_t shots = 0;
  if (size != sizeof(shots)) {
    throw InvalidArgument("the number of shots must be a size_t of " + std::to_string(sizeof(shots)) + " bytes");
  }
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
    programs_ = {.count = list->size(), .format = list->format(), .list = list};
  }
}

void Job::get_program(std::size_t index, const PropertySink& sink) const {
  std::shared_ptr<const ProgramList> list;
  {
    const std::scoped_lock lock(mutex_);
    require_program(index);
    list = programs_.list;
  }
  sink.require_usable();
  if (!list) {
    throw NotSupported("the programs of a job that was retrieved by its id are not at hand");
  }
  sink.write_string(list->text(index));
}

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
      require_program(0);
      if (!programs_.format) {
        throw NotSupported("the programs of this job are of different or unknown formats");
      }
      sink.write(*programs_.format);
      return;
    case QDMI_DEVICE_JOB_PROPERTY_PROGRAMSNUM:
      require_program(0);
      sink.write(programs_.count);
      return;
    case QDMI_DEVICE_JOB_PROPERTY_SHOTSNUM:
      if (!shots_) {
        throw NotSupported("the server does not tell the shots of this job");
      }
      sink.write(*shots_);
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

namespace {

// What a submission came to.
struct Sent {
  model::JobReport report;
  std::shared_ptr<RemoteJob> remote;
  bool calibration = false;
};

}  // namespace

template <typename Send>
void Job::submit_with(const char* what, Send send) {
  std::shared_ptr<const ProgramList> programs;
  std::size_t shots = 0;
  JobOptions options;
  {
    const std::scoped_lock lock(mutex_);
    require_editable();
    if (!programs_.list) {
      throw BadState(std::string("the job has no ") + what);
    }
    programs = programs_.list;
    shots = shots_.value_or(1);
    options = options_;
    phase_ = Phase::kSubmitting;
  }
  // Whoever wants to cancel the job meanwhile waits for the end of its submission.
  const auto end = [this](Phase phase) {
    phase_ = phase;
    submission_over_.notify_all();
  };
  try {
    Sent sent = send(*programs, shots, options);
    const std::scoped_lock lock(mutex_);
    id_ = std::move(sent.report.id);
    submitted_at_ = machine_->clock().now();
    remote_ = std::move(sent.remote);
    calibration_ = sent.calibration;
    errors_ = std::move(sent.report.errors);
    queue_position_ = sent.report.queue_position;
    set_status(sent.report.status);
    end(Phase::kSubmitted);
  } catch (const SubmissionOutcomeUnknown& error) {
    const std::scoped_lock lock(mutex_);
    set_status(QDMI_JOB_STATUS_FAILED);
    end(Phase::kAbandoned);
    errors_ = error.detail().server_errors;
    throw;
  } catch (const OutOfMemoryOnceSent& error) {
    {
      const std::scoped_lock lock(mutex_);
      set_status(QDMI_JOB_STATUS_FAILED);
      end(Phase::kAbandoned);
    }
    server::throw_outcome_unknown(error.what(), {});
  } catch (...) {
    const std::scoped_lock lock(mutex_);
    end(Phase::kCreated);
    throw;
  }
}

void Job::submit() {
  submit_with("programs to submit", [this](const ProgramList& programs, std::size_t shots, const JobOptions& options) {
    const auto snapshot = machine_->snapshot();
    // A refusal for too many programs must come from here, where it costs nothing and says that fewer would do.
    const model::Limits* limits = programs.size() > 1 ? &machine_->limits().get() : machine_->limits().peek();
    Submission submission = prepare(
        programs, shots, options,
        {.snapshot = *snapshot, .sites = machine_->sites(), .operations = machine_->operations(), .limits = limits});
    model::JobReport report = machine_->server().submit_circuits(snapshot->computer.alias, std::move(submission.body),
                                                                 job_tag(), machine_->call());
    auto remote = once_sent([&] {
      return std::make_shared<CircuitRun>(machine_, report.id, std::move(submission.layouts), submission.expected);
    });
    return Sent{.report = std::move(report), .remote = std::move(remote), .calibration = false};
  });
}

void Job::submit_calibration() {
  submit_with("calibration configuration to submit",
              [this](const ProgramList& programs, std::size_t /*shots*/, const JobOptions& /*options*/) {
                if (!machine_->calibration_supported()) {
                  throw NotSupported("this server has no calibration service");
                }
                if (programs.format() != QDMI_PROGRAM_FORMAT_IQMJSON || programs.size() != 1) {
                  throw InvalidProgram("a calibration takes one program in the format IQMJSON: its configuration");
                }
                model::JobReport report = machine_->server().submit_calibration(programs.text(0), machine_->call());
                auto remote = once_sent([&] { return std::make_shared<CalibrationRun>(machine_, report.id); });
                return Sent{.report = std::move(report), .remote = std::move(remote), .calibration = true};
              });
}

}  // namespace iqm::core
