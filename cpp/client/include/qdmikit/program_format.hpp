// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "qdmikit/export.hpp"

namespace qdmikit {

/// The language of a program. The values are those of `QDMI_Program_Format`.
enum class ProgramFormat : int {
  Qasm2 = 0,
  Qasm3 = 1,
  QirBaseString = 2,
  QirBaseModule = 3,
  QirAdaptiveString = 4,
  QirAdaptiveModule = 5,
  Qpy = 7,
  IqmJson = 8,
  Custom1 = 999999995,
  Custom2 = 999999996,
  Custom3 = 999999997,
  Custom4 = 999999998,
  Custom5 = 999999999,
};

/// How the bytes of a program travel.
enum class ProgramEncoding : int {
  Text,           ///< a string; its terminating NUL is sent along
  Binary,         ///< arbitrary bytes, sent as they are
  DeviceDefined,  ///< a custom format: sent as they are, so whoever needs a NUL writes it
};

[[nodiscard]] QDMIKIT_EXPORT ProgramEncoding encoding(ProgramFormat format) noexcept;

/// QDMI's own name without its prefix, for example "QIRBASEMODULE".
[[nodiscard]] QDMIKIT_EXPORT std::string_view to_string(ProgramFormat format) noexcept;

/// Every value, in QDMI's order.
[[nodiscard]] QDMIKIT_EXPORT std::span<const ProgramFormat> all_program_formats() noexcept;

}  // namespace qdmikit
