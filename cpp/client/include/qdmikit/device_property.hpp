// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "qdmikit/device_status.hpp"
#include "qdmikit/export.hpp"
#include "qdmikit/program_format.hpp"
#include "qdmikit/property.hpp"

namespace qdmikit {

class Device;
class Operation;
class Site;

/// What can be asked about a device. The values are those of `QDMI_Device_Property`.
enum class DeviceProperty : int {
  Name = 0,
  Version = 1,
  Status = 2,
  LibraryVersion = 3,
  QubitsNum = 4,
  Sites = 5,
  Operations = 6,
  CouplingMap = 7,
  LengthUnit = 10,
  LengthScaleFactor = 11,
  DurationUnit = 12,
  DurationScaleFactor = 13,
  MinAtomDistance = 14,  ///< in metres
  SupportedProgramFormats = 15,
  ChildDevices = 16,
  QueueLength = 17,
  Id = 18,
  Custom1 = 999999995,
  Custom2 = 999999996,
  Custom3 = 999999997,
  Custom4 = 999999998,
  Custom5 = 999999999,
};

/// QDMI's own name without its prefix, for example "ID".
[[nodiscard]] QDMIKIT_EXPORT std::string_view to_string(DeviceProperty property) noexcept;

/// Every value, in QDMI's order.
[[nodiscard]] QDMIKIT_EXPORT std::span<const DeviceProperty> all_device_properties() noexcept;

namespace detail {

template <DeviceProperty P>
consteval auto property_type() {
  using enum DeviceProperty;
  if constexpr (P == Name || P == Version) {
    return std::type_identity<std::string>{};
  } else if constexpr (P == LibraryVersion || P == LengthUnit || P == DurationUnit || P == Id) {
    return std::type_identity<std::optional<std::string>>{};
  } else if constexpr (P == QubitsNum) {
    return std::type_identity<std::size_t>{};
  } else if constexpr (P == QueueLength) {
    return std::type_identity<std::optional<std::size_t>>{};
  } else if constexpr (P == LengthScaleFactor || P == DurationScaleFactor || P == MinAtomDistance) {
    return std::type_identity<std::optional<double>>{};
  } else if constexpr (P == Status) {
    return std::type_identity<std::optional<DeviceStatus>>{};
  } else if constexpr (P == SupportedProgramFormats) {
    return std::type_identity<std::vector<ProgramFormat>>{};
  } else if constexpr (P == Sites) {
    return std::type_identity<std::vector<Site>>{};
  } else if constexpr (P == Operations) {
    return std::type_identity<std::vector<Operation>>{};
  } else if constexpr (P == CouplingMap) {
    return std::type_identity<std::optional<std::vector<std::pair<Site, Site>>>>{};
  } else if constexpr (P == ChildDevices) {
    return std::type_identity<std::optional<std::vector<Device>>>{};
  } else {
    return std::type_identity<std::optional<std::vector<std::byte>>>{};  // the device's own
  }
}

}  // namespace detail

template <DeviceProperty P>
struct PropertyTrait<P> : decltype(detail::property_type<P>()) {};

}  // namespace qdmikit
