// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "qdmikit/export.hpp"

namespace qdmikit {

/// What a call into a device answered. The values are those of `QDMI_STATUS`.
enum class Status : int {
  WarnGeneral = 1,
  Success = 0,
  Fatal = -1,
  OutOfMemory = -2,
  NotImplemented = -3,
  LibraryNotFound = -4,
  NotFound = -5,
  OutOfRange = -6,
  InvalidArgument = -7,
  PermissionDenied = -8,
  NotSupported = -9,
  BadState = -10,
  Timeout = -11,
};

/// QDMI's own name without its prefix, for example "PERMISSIONDENIED".
[[nodiscard]] QDMIKIT_EXPORT std::string_view to_string(Status status) noexcept;

/// Every value, in QDMI's order.
[[nodiscard]] QDMIKIT_EXPORT std::span<const Status> all_statuses() noexcept;

}  // namespace qdmikit
