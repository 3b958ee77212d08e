// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "qdmikit/export.hpp"

namespace qdmikit {

/// Whether a device takes work. The values are those of `QDMI_Device_Status`.
enum class DeviceStatus : int { Offline = 0, Idle = 1, Busy = 2, Error = 3, Maintenance = 4, Calibration = 5 };

/// QDMI's own name without its prefix, for example "MAINTENANCE".
[[nodiscard]] QDMIKIT_EXPORT std::string_view to_string(DeviceStatus status) noexcept;

/// Every value, in QDMI's order.
[[nodiscard]] QDMIKIT_EXPORT std::span<const DeviceStatus> all_device_statuses() noexcept;

}  // namespace qdmikit
