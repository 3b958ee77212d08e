// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/job.hpp"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "custom_number.hpp"
#include "job_core.hpp"
#include "wait_loop.hpp"

namespace qdmikit {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Seconds kForever = std::chrono::hours(24 * 365 * 100);  // the clock would overflow beyond

std::optional<Clock::time_point> deadline_after(std::optional<Seconds> timeout, const std::filesystem::path& library) {
  if (!timeout) {
    return std::nullopt;
  }
  if (std::isnan(timeout->count()) || timeout->count() < 0.0) {
    detail::fail<InvalidArgument>(Status::InvalidArgument,
                                  "a time-out must be zero or more seconds, not " + std::to_string(timeout->count()),
                                  library);
  }
  if (*timeout >= kForever) {
    return std::nullopt;
  }
  return Clock::now() + std::chrono::ceil<Clock::duration>(*timeout);
}

void sleep_until_stopped(Clock::duration duration, const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;  // only the request ends this early
  never.wait_for(lock, stop, duration, [] { return false; });
}

}  // namespace

Job::Job(std::unique_ptr<const detail::JobCore> core) noexcept : core_(std::move(core)) {}
Job::~Job() = default;
Job::Job(Job&&) noexcept = default;
Job& Job::operator=(Job&&) noexcept = default;

void Job::set_programs(ProgramFormat format, std::span<const std::string> programs) {
  const bool is_text = encoding(format) == ProgramEncoding::Text;
  std::vector<std::size_t> sizes;
  std::vector<const void*> pointers;
  for (const std::string& program : programs) {
    if (is_text && program.find('\0') != std::string::npos) {
      detail::fail<InvalidArgument>(Status::InvalidArgument,
                                    "program " + std::to_string(sizes.size()) + " has a NUL character inside, which " +
                                        std::string(to_string(format)) + " text must not have",
                                    core_->module().path());
    }
    sizes.push_back(program.size() + (is_text ? 1 : 0));
    pointers.push_back(program.c_str());
  }
  if (programs.empty()) {
    detail::fail<InvalidArgument>(Status::InvalidArgument, "a job needs at least one program", core_->module().path());
  }
  core_->module().require(core_->functions().job_set_programs(core_->handle(), static_cast<QDMI_Program_Format>(format),
                                                              programs.size(), sizes.data(), pointers.data()),
                          {"device_job_set_programs", "give the job its programs in the format ", to_string(format)});
}

void Job::set_shots(std::size_t shots) {
  core_->module().require(
      core_->functions().job_set_parameter(core_->handle(), QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM, sizeof shots, &shots),
      {"device_job_set_parameter", "set the number of shots to ", std::to_string(shots)});
}

void Job::set_custom(int number, const std::string& value) {
  const auto parameter = detail::custom_value(QDMI_DEVICE_JOB_PARAMETER_CUSTOM1, number);
  if (value.find('\0') != std::string::npos) {
    detail::fail<InvalidArgument>(Status::InvalidArgument,
                                  "job parameter CUSTOM" + std::to_string(number) + " has a NUL character inside",
                                  core_->module().path());
  }
  core_->module().require(
      core_->functions().job_set_parameter(core_->handle(), parameter, value.size() + 1, value.c_str()),
      {"device_job_set_parameter", "set job parameter CUSTOM", std::to_string(number)});
}

void Job::submit() {
  core_->module().require(core_->functions().job_submit(core_->handle()), {"device_job_submit", "submit the job"});
}

void Job::submit_calibration() {
  auto* const submit = core_->functions().job_submit_calibration;
  if (submit == nullptr) {
    detail::fail<NotSupported>(Status::NotSupported,
                               "cannot submit a calibration: the device library " + core_->module().path().string() +
                                   " has no function for it",
                               core_->module().path());
  }
  core_->module().require(submit(core_->handle()), {"device_job_submit_calibration", "submit the calibration"});
}

JobStatus Job::check() const { return core_->check(); }

JobStatus Job::wait_until_over(std::optional<Seconds> timeout, const std::function<void()>& between_slices,
                               const std::stop_token& stop) const {
  const auto deadline = deadline_after(timeout, core_->module().path());
  detail::WaitSteps steps{
      .wait =
          [this](std::size_t seconds) {
            const int answer = core_->functions().job_wait(core_->handle(), seconds);
            if (answer == QDMI_ERROR_TIMEOUT && seconds != 0) {
              return false;
            }
            core_->module().require(answer, {"device_job_wait", "wait for the job"});
            return true;
          },
      .check = [this] { return check(); },
      .now = [] { return Clock::now(); },
      .sleep = [&stop](Clock::duration duration) { sleep_until_stopped(duration, stop); },
      .between_slices = between_slices,
      .stop_requested = {},
  };
  if (stop.stop_possible()) {
    steps.stop_requested = [&stop] { return stop.stop_requested(); };
  }
  return detail::wait_for_end(steps, deadline);
}

JobStatus Job::wait(std::optional<Seconds> timeout, const std::function<void()>& between_slices) const {
  const JobStatus status = wait_until_over(timeout, between_slices, {});
  if (!is_terminal(status)) {
    detail::fail<Timeout>(Status::Timeout,
                          "the job is still " + std::string(to_string(status)) + " after " +
                              std::to_string(timeout.value_or(Seconds{}).count()) +
                              " s. It runs on: wait again, or cancel it",
                          core_->module().path(), core_->module().prefix() + "_QDMI_device_job_wait");
  }
  return status;
}

WaitOutcome Job::wait(const std::stop_token& stop, std::optional<Seconds> timeout) const {
  const JobStatus status = wait_until_over(timeout, {}, stop);
  if (is_terminal(status)) {
    return {WaitEnd::JobEnded, status};
  }
  return {stop.stop_requested() ? WaitEnd::Stopped : WaitEnd::TimedOut, status};
}

void Job::cancel() {
  core_->module().require(core_->functions().job_cancel(core_->handle()), {"device_job_cancel", "cancel the job"});
}

std::string Job::id() const {
  const auto attempt = detail::JobCore::property_attempt("id");
  auto id = detail::query_text(core_->module(), attempt, core_->property_query(QDMI_DEVICE_JOB_PROPERTY_ID));
  if (!id) {
    core_->module().throw_answer(QDMI_ERROR_NOTSUPPORTED, attempt);
  }
  return *std::move(id);
}

std::optional<ProgramFormat> Job::program_format() const {
  const auto value = core_->property_if_any<int>(QDMI_DEVICE_JOB_PROPERTY_PROGRAMFORMAT, "program format");
  if (!value) {
    return std::nullopt;
  }
  const auto format = static_cast<ProgramFormat>(*value);
  if (std::ranges::find(all_program_formats(), format) == all_program_formats().end()) {
    core_->module().throw_broken_contract(detail::JobCore::property_attempt("program format"),
                                          std::to_string(*value) + " is no program format");
  }
  return format;
}

std::optional<std::size_t> Job::shots() const {
  return core_->property_if_any<std::size_t>(QDMI_DEVICE_JOB_PROPERTY_SHOTSNUM, "number of shots");
}

std::optional<std::size_t> Job::programs_num() const {
  return core_->property_if_any<std::size_t>(QDMI_DEVICE_JOB_PROPERTY_PROGRAMSNUM, "number of programs");
}

std::optional<std::size_t> Job::queue_position() const {
  return core_->property_if_any<std::size_t>(QDMI_DEVICE_JOB_PROPERTY_QUEUEPOSITION, "queue position");
}

std::optional<JobStatus> Job::program_status(std::size_t program) const {
  const std::string subject = std::to_string(program);
  const detail::Attempt attempt{"device_job_get_program_status", "read the status of program ", subject};
  QDMI_Job_Status status = QDMI_JOB_STATUS_CREATED;
  const int answer = core_->functions().job_get_program_status(core_->handle(), program, &status);
  if (!core_->module().supported(answer, attempt)) {
    return std::nullopt;
  }
  return core_->checked(status, attempt);
}

std::optional<std::vector<std::byte>> Job::custom(int number) const {
  const auto property = detail::custom_value(QDMI_DEVICE_JOB_PROPERTY_CUSTOM1, number);
  const std::string what = "custom property " + std::to_string(number);
  return detail::query_list<std::byte>(core_->module(), detail::JobCore::property_attempt(what),
                                       core_->property_query(property));
}

}  // namespace qdmikit
