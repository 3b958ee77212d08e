// SPDX-License-Identifier: Apache-2.0
#include "core/program_list.hpp"

#include <algorithm>

#include "core/session.hpp"
#include "support/error.hpp"

namespace iqm::core {

void ProgramList::require_supported(QDMI_Program_Format format, std::size_t count) {
  if (QDMI_IS_INVALID_ENUM_VALUE(format, QDMI_PROGRAM_FORMAT)) {
    throw InvalidArgument("there is no program format " + std::to_string(format));
  }
  if (count == 0) {
    throw InvalidArgument("a job needs at least one program");
  }
  if (std::ranges::find(kProgramFormats, format) == kProgramFormats.end()) {
    throw NotSupported("this device takes programs in the formats IQMJSON and QIRBASESTRING");
  }
}

ProgramList::ProgramList(QDMI_Program_Format format, std::size_t count, const std::size_t* sizes,
                         const void* const* programs)
    : format_(format) {
  require_supported(format, count);
  if (sizes == nullptr) {
    throw InvalidArgument("the programs come without their sizes");
  }
  programs_.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string what = "program " + std::to_string(i);
    if (programs[i] == nullptr || sizes[i] == 0) {
      throw InvalidArgument(what + " is empty");
    }
    programs_.push_back(string_parameter(what, sizes[i], programs[i]));
  }
}

}  // namespace iqm::core
