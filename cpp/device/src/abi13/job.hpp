// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/job.hpp"
#include "core/property_sink.hpp"

namespace iqm::abi13 {

// A job as QDMI 1.3 has it: one program, which comes in two parameters in any order, and a calibration is a program
// format. The core's job gets its list of one program as soon as both are there.
class Job {
 public:
  explicit Job(std::shared_ptr<core::Machine> machine);
  // One that was retrieved. Throws NotSupported unless it has exactly one program.
  explicit Job(std::shared_ptr<core::Job> retrieved);

  [[nodiscard]] const std::shared_ptr<core::Job>& core() const { return core_; }

  // A null value only asks whether the parameter is supported.
  void set_format(std::size_t size, const void* value);
  void set_program(std::size_t size, const void* value);
  void query_format(const core::PropertySink& sink) const;
  void query_program(const core::PropertySink& sink) const;
  void submit();

 private:
  void require_editable() const;  // with the lock held
  void hand_over(int format, const std::string& program) const;
  // Whether this is a calibration. The program stays as it is until end_submission().
  [[nodiscard]] bool begin_submission();
  void end_submission();

  const std::shared_ptr<core::Machine> machine_;  // null for a job that was retrieved
  const std::shared_ptr<core::Job> core_;
  mutable std::mutex mutex_;
  std::optional<int> format_;           // QDMI 1.3's number, which 1.4 need not have
  std::optional<std::string> program_;  // the bytes as they were set
  bool submitting_ = false;
};

}  // namespace iqm::abi13
