// SPDX-License-Identifier: Apache-2.0
#include "abi13/job.hpp"

#include <cstring>
#include <utility>

#include "abi13/device.h"
#include "support/error.hpp"

namespace iqm::abi13 {
namespace {

constexpr int kCalibration = IQM_QDMI13_PROGRAM_FORMAT_CALIBRATION;
// What a calibration without a program sends: the server's own configuration in all.
constexpr const char* kNoConfiguration = "{}";

std::size_t programs_of(core::Job& job) {
  std::size_t count = 0;
  job.query(QDMI_DEVICE_JOB_PROPERTY_PROGRAMSNUM, core::PropertySink(sizeof(count), &count, nullptr));
  return count;
}

}  // namespace

Job::Job(std::shared_ptr<core::Machine> machine)
    : machine_(std::move(machine)), core_(std::make_shared<core::Job>(machine_)) {}

Job::Job(std::shared_ptr<core::Job> retrieved) : core_(std::move(retrieved)) {
  if (const std::size_t count = programs_of(*core_); count != 1) {
    throw NotSupported("the job has " + std::to_string(count) + " programs; QDMI 1.3 knows jobs of one only");
  }
}

void Job::require_editable() const {
  if (submitting_) {
    throw BadState("the job is no longer being prepared: it is being submitted");
  }
  // Asked for its support only, it is refused once the job was submitted.
  core_->set_parameter(QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM, 0, nullptr);
}

void Job::hand_over(int format, const std::string& program) const {
  std::size_t size = program.size();
  const void* data = program.data();
  if (format != kCalibration) {
    core_->set_programs(static_cast<QDMI_Program_Format>(format), 1, &size, &data);
    return;
  }
  // QDMI does not call it text, so its NUL may be missing; the string has one.
  size = program.ends_with('\0') ? size : size + 1;
  core_->set_programs(QDMI_PROGRAM_FORMAT_IQMJSON, 1, &size, &data);
}

void Job::set_format(std::size_t size, const void* value) {
  int format = 0;
  static_assert(sizeof(format) == sizeof(QDMI_Program_Format));
  if (value != nullptr && size != sizeof(format)) {
    throw InvalidArgument("a program format is " + std::to_string(sizeof(format)) + " bytes long, not " +
                          std::to_string(size));
  }
  const std::scoped_lock lock(mutex_);
  require_editable();
  if (value == nullptr) {
    return;
  }
  std::memcpy(&format, value, sizeof(format));
  if (format != kCalibration) {
    core::ProgramList::require_supported(static_cast<QDMI_Program_Format>(format), 1);
  } else if (!machine_->calibration_supported()) {
    throw NotSupported("this server has no calibration service");
  }
  if (program_) {
    hand_over(format, *program_);
  }
  format_ = format;
}

void Job::set_program(std::size_t size, const void* value) {
  if (value != nullptr && size == 0) {
    throw InvalidArgument("the program is empty");
  }
  const std::scoped_lock lock(mutex_);
  require_editable();
  if (value == nullptr) {
    return;
  }
  std::string program(static_cast<const char*>(value), size);
  if (format_) {
    hand_over(*format_, program);
  }
  program_ = std::move(program);
}

void Job::query_format(const core::PropertySink& sink) const {
  {
    const std::scoped_lock lock(mutex_);
    if (format_) {
      sink.write(*format_);
      return;
    }
  }
  core_->query(QDMI_DEVICE_JOB_PROPERTY_PROGRAMFORMAT, sink);
}

void Job::query_program(const core::PropertySink& sink) const {
  {
    const std::scoped_lock lock(mutex_);
    if (program_) {
      sink.write_bytes(program_->data(), program_->size());
      return;
    }
  }
  core_->get_program(0, sink);
}

bool Job::begin_submission() {
  const std::scoped_lock lock(mutex_);
  require_editable();
  if (!format_) {
    throw BadState("the job has no program format");
  }
  const bool calibration = *format_ == kCalibration;
  if (calibration && !program_) {
    hand_over(kCalibration, kNoConfiguration);
  }
  submitting_ = true;
  return calibration;
}

void Job::end_submission() {
  const std::scoped_lock lock(mutex_);
  submitting_ = false;
}

void Job::submit() {
  const bool calibration = begin_submission();
  try {
    calibration ? core_->submit_calibration() : core_->submit();
  } catch (...) {
    end_submission();
    throw;
  }
  end_submission();
}

}  // namespace iqm::abi13
