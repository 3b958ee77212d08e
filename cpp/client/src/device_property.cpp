// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/device_property.hpp"

#include "device_core.hpp"
#include "qdmikit/device.hpp"

namespace qdmikit {

template <DeviceProperty P>
PropertyType<P> Device::property() const {
  using enum DeviceProperty;
  constexpr auto kProperty = static_cast<QDMI_Device_Property>(P);
  if constexpr (P == Name) {
    return name();
  } else if constexpr (P == Version) {
    return version();
  } else if constexpr (P == Status) {
    return status();
  } else if constexpr (P == LibraryVersion) {
    return library_version();
  } else if constexpr (P == QubitsNum) {
    return qubits_num();
  } else if constexpr (P == Sites) {
    return sites();
  } else if constexpr (P == Operations) {
    return operations();
  } else if constexpr (P == CouplingMap) {
    return coupling_map();
  } else if constexpr (P == LengthUnit) {
    return core_->length_unit_name();
  } else if constexpr (P == DurationUnit) {
    return duration_unit();
  } else if constexpr (P == LengthScaleFactor || P == DurationScaleFactor) {
    return core_->device_value<double>(kProperty, to_string(P));
  } else if constexpr (P == MinAtomDistance) {
    return core_->metres(core_->device_value<std::uint64_t>(kProperty, "minimum distance of atoms"));
  } else if constexpr (P == SupportedProgramFormats) {
    return supported_program_formats();
  } else if constexpr (P == ChildDevices) {
    const auto& cores = core_->children();
    if (!cores) {
      return std::nullopt;
    }
    std::vector<Device> children;
    for (const auto& core : *cores) {
      children.push_back(Device(core));
    }
    return children;
  } else if constexpr (P == QueueLength) {
    return queue_length();
  } else if constexpr (P == Id) {
    return id();
  } else {
    return core_->device_list<std::byte>(kProperty, to_string(P));
  }
}

// Everything that a caller can ask for.
template QDMIKIT_EXPORT PropertyType<DeviceProperty::Name> Device::property<DeviceProperty::Name>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::Version> Device::property<DeviceProperty::Version>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::Status> Device::property<DeviceProperty::Status>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::LibraryVersion> Device::property<DeviceProperty::LibraryVersion>()
    const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::QubitsNum> Device::property<DeviceProperty::QubitsNum>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::Sites> Device::property<DeviceProperty::Sites>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::Operations> Device::property<DeviceProperty::Operations>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::CouplingMap> Device::property<DeviceProperty::CouplingMap>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::LengthUnit> Device::property<DeviceProperty::LengthUnit>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::LengthScaleFactor>
Device::property<DeviceProperty::LengthScaleFactor>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::DurationUnit> Device::property<DeviceProperty::DurationUnit>()
    const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::DurationScaleFactor>
Device::property<DeviceProperty::DurationScaleFactor>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::MinAtomDistance>
Device::property<DeviceProperty::MinAtomDistance>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::SupportedProgramFormats>
Device::property<DeviceProperty::SupportedProgramFormats>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::ChildDevices> Device::property<DeviceProperty::ChildDevices>()
    const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::QueueLength> Device::property<DeviceProperty::QueueLength>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::Id> Device::property<DeviceProperty::Id>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::Custom1> Device::property<DeviceProperty::Custom1>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::Custom2> Device::property<DeviceProperty::Custom2>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::Custom3> Device::property<DeviceProperty::Custom3>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::Custom4> Device::property<DeviceProperty::Custom4>() const;
template QDMIKIT_EXPORT PropertyType<DeviceProperty::Custom5> Device::property<DeviceProperty::Custom5>() const;

}  // namespace qdmikit
