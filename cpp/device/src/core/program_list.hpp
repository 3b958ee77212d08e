// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "iqm_qdmi/constants.h"

namespace iqm::core {

// The formats that this device takes, the one it likes best first.
inline constexpr std::array kProgramFormats{QDMI_PROGRAM_FORMAT_IQMJSON, QDMI_PROGRAM_FORMAT_QIRBASESTRING};

// The programs of a job, copied and checked as QDMI demands before the caller gets them accepted: text has exactly one
// NUL, its last byte. What the text means is judged at submission.
class ProgramList {
 public:
  ProgramList() = default;
  // Throws NotSupported for a format this device does not take, InvalidArgument for anything malformed.
  ProgramList(QDMI_Program_Format format, std::size_t count, const std::size_t* sizes, const void* const* programs);

  // Throws like the constructor, for a list that does not exist yet.
  static void require_supported(QDMI_Program_Format format, std::size_t count);

  [[nodiscard]] bool empty() const { return programs_.empty(); }
  [[nodiscard]] std::size_t size() const { return programs_.size(); }
  [[nodiscard]] QDMI_Program_Format format() const { return format_; }
  // Without the NUL that follows it in memory.
  [[nodiscard]] const std::string& text(std::size_t index) const { return programs_[index]; }
  [[nodiscard]] std::vector<std::string_view> texts() const { return {programs_.begin(), programs_.end()}; }

 private:
  QDMI_Program_Format format_ = QDMI_PROGRAM_FORMAT_IQMJSON;
  std::vector<std::string> programs_;
};

}  // namespace iqm::core
