// SPDX-License-Identifier: Apache-2.0
// The names of the properties, and the proof that their values are QDMI's.
#include <qdmi/constants.h>

#include <array>

#include "enum_table.hpp"
#include "qdmikit/device_property.hpp"
#include "qdmikit/job_property.hpp"
#include "qdmikit/operation_property.hpp"
#include "qdmikit/site_property.hpp"

namespace qdmikit {
namespace {

using detail::matches_qdmi;
using detail::name_in;
using detail::Row;
using detail::values_of;

constexpr std::array kDeviceProperties{
    Row{DeviceProperty::Name, QDMI_DEVICE_PROPERTY_NAME, "NAME"},
    Row{DeviceProperty::Version, QDMI_DEVICE_PROPERTY_VERSION, "VERSION"},
    Row{DeviceProperty::Status, QDMI_DEVICE_PROPERTY_STATUS, "STATUS"},
    Row{DeviceProperty::LibraryVersion, QDMI_DEVICE_PROPERTY_LIBRARYVERSION, "LIBRARYVERSION"},
    Row{DeviceProperty::QubitsNum, QDMI_DEVICE_PROPERTY_QUBITSNUM, "QUBITSNUM"},
    Row{DeviceProperty::Sites, QDMI_DEVICE_PROPERTY_SITES, "SITES"},
    Row{DeviceProperty::Operations, QDMI_DEVICE_PROPERTY_OPERATIONS, "OPERATIONS"},
    Row{DeviceProperty::CouplingMap, QDMI_DEVICE_PROPERTY_COUPLINGMAP, "COUPLINGMAP"},
    Row{DeviceProperty::LengthUnit, QDMI_DEVICE_PROPERTY_LENGTHUNIT, "LENGTHUNIT"},
    Row{DeviceProperty::LengthScaleFactor, QDMI_DEVICE_PROPERTY_LENGTHSCALEFACTOR, "LENGTHSCALEFACTOR"},
    Row{DeviceProperty::DurationUnit, QDMI_DEVICE_PROPERTY_DURATIONUNIT, "DURATIONUNIT"},
    Row{DeviceProperty::DurationScaleFactor, QDMI_DEVICE_PROPERTY_DURATIONSCALEFACTOR, "DURATIONSCALEFACTOR"},
    Row{DeviceProperty::MinAtomDistance, QDMI_DEVICE_PROPERTY_MINATOMDISTANCE, "MINATOMDISTANCE"},
    Row{DeviceProperty::SupportedProgramFormats, QDMI_DEVICE_PROPERTY_SUPPORTEDPROGRAMFORMATS,
        "SUPPORTEDPROGRAMFORMATS"},
    Row{DeviceProperty::ChildDevices, QDMI_DEVICE_PROPERTY_CHILDDEVICES, "CHILDDEVICES"},
    Row{DeviceProperty::QueueLength, QDMI_DEVICE_PROPERTY_QUEUELENGTH, "QUEUELENGTH"},
    Row{DeviceProperty::Id, QDMI_DEVICE_PROPERTY_ID, "ID"},
    Row{DeviceProperty::Custom1, QDMI_DEVICE_PROPERTY_CUSTOM1, "CUSTOM1"},
    Row{DeviceProperty::Custom2, QDMI_DEVICE_PROPERTY_CUSTOM2, "CUSTOM2"},
    Row{DeviceProperty::Custom3, QDMI_DEVICE_PROPERTY_CUSTOM3, "CUSTOM3"},
    Row{DeviceProperty::Custom4, QDMI_DEVICE_PROPERTY_CUSTOM4, "CUSTOM4"},
    Row{DeviceProperty::Custom5, QDMI_DEVICE_PROPERTY_CUSTOM5, "CUSTOM5"},
};
static_assert(matches_qdmi(kDeviceProperties));
static_assert(kDeviceProperties.size() == QDMI_DEVICE_PROPERTY_MAX - 2 + 5,
              "two numbers are reserved, five are custom");

constexpr std::array kSiteProperties{
    Row{SiteProperty::Index, QDMI_SITE_PROPERTY_INDEX, "INDEX"},
    Row{SiteProperty::T1, QDMI_SITE_PROPERTY_T1, "T1"},
    Row{SiteProperty::T2, QDMI_SITE_PROPERTY_T2, "T2"},
    Row{SiteProperty::Name, QDMI_SITE_PROPERTY_NAME, "NAME"},
    Row{SiteProperty::XCoordinate, QDMI_SITE_PROPERTY_XCOORDINATE, "XCOORDINATE"},
    Row{SiteProperty::YCoordinate, QDMI_SITE_PROPERTY_YCOORDINATE, "YCOORDINATE"},
    Row{SiteProperty::ZCoordinate, QDMI_SITE_PROPERTY_ZCOORDINATE, "ZCOORDINATE"},
    Row{SiteProperty::IsZone, QDMI_SITE_PROPERTY_ISZONE, "ISZONE"},
    Row{SiteProperty::XExtent, QDMI_SITE_PROPERTY_XEXTENT, "XEXTENT"},
    Row{SiteProperty::YExtent, QDMI_SITE_PROPERTY_YEXTENT, "YEXTENT"},
    Row{SiteProperty::ZExtent, QDMI_SITE_PROPERTY_ZEXTENT, "ZEXTENT"},
    Row{SiteProperty::ModuleIndex, QDMI_SITE_PROPERTY_MODULEINDEX, "MODULEINDEX"},
    Row{SiteProperty::SubmoduleIndex, QDMI_SITE_PROPERTY_SUBMODULEINDEX, "SUBMODULEINDEX"},
    Row{SiteProperty::Custom1, QDMI_SITE_PROPERTY_CUSTOM1, "CUSTOM1"},
    Row{SiteProperty::Custom2, QDMI_SITE_PROPERTY_CUSTOM2, "CUSTOM2"},
    Row{SiteProperty::Custom3, QDMI_SITE_PROPERTY_CUSTOM3, "CUSTOM3"},
    Row{SiteProperty::Custom4, QDMI_SITE_PROPERTY_CUSTOM4, "CUSTOM4"},
    Row{SiteProperty::Custom5, QDMI_SITE_PROPERTY_CUSTOM5, "CUSTOM5"},
};
static_assert(matches_qdmi(kSiteProperties));
static_assert(kSiteProperties.size() == QDMI_SITE_PROPERTY_MAX + 5);

constexpr std::array kOperationProperties{
    Row{OperationProperty::Name, QDMI_OPERATION_PROPERTY_NAME, "NAME"},
    Row{OperationProperty::QubitsNum, QDMI_OPERATION_PROPERTY_QUBITSNUM, "QUBITSNUM"},
    Row{OperationProperty::ParametersNum, QDMI_OPERATION_PROPERTY_PARAMETERSNUM, "PARAMETERSNUM"},
    Row{OperationProperty::Duration, QDMI_OPERATION_PROPERTY_DURATION, "DURATION"},
    Row{OperationProperty::Fidelity, QDMI_OPERATION_PROPERTY_FIDELITY, "FIDELITY"},
    Row{OperationProperty::InteractionRadius, QDMI_OPERATION_PROPERTY_INTERACTIONRADIUS, "INTERACTIONRADIUS"},
    Row{OperationProperty::BlockingRadius, QDMI_OPERATION_PROPERTY_BLOCKINGRADIUS, "BLOCKINGRADIUS"},
    Row{OperationProperty::IdlingFidelity, QDMI_OPERATION_PROPERTY_IDLINGFIDELITY, "IDLINGFIDELITY"},
    Row{OperationProperty::IsZoned, QDMI_OPERATION_PROPERTY_ISZONED, "ISZONED"},
    Row{OperationProperty::Sites, QDMI_OPERATION_PROPERTY_SITES, "SITES"},
    Row{OperationProperty::MeanShuttlingSpeed, QDMI_OPERATION_PROPERTY_MEANSHUTTLINGSPEED, "MEANSHUTTLINGSPEED"},
    Row{OperationProperty::Custom1, QDMI_OPERATION_PROPERTY_CUSTOM1, "CUSTOM1"},
    Row{OperationProperty::Custom2, QDMI_OPERATION_PROPERTY_CUSTOM2, "CUSTOM2"},
    Row{OperationProperty::Custom3, QDMI_OPERATION_PROPERTY_CUSTOM3, "CUSTOM3"},
    Row{OperationProperty::Custom4, QDMI_OPERATION_PROPERTY_CUSTOM4, "CUSTOM4"},
    Row{OperationProperty::Custom5, QDMI_OPERATION_PROPERTY_CUSTOM5, "CUSTOM5"},
};
static_assert(matches_qdmi(kOperationProperties));
static_assert(kOperationProperties.size() == QDMI_OPERATION_PROPERTY_MAX + 5);

constexpr std::array kJobProperties{
    Row{JobProperty::Id, QDMI_DEVICE_JOB_PROPERTY_ID, "ID"},
    Row{JobProperty::ProgramFormat, QDMI_DEVICE_JOB_PROPERTY_PROGRAMFORMAT, "PROGRAMFORMAT"},
    Row{JobProperty::ShotsNum, QDMI_DEVICE_JOB_PROPERTY_SHOTSNUM, "SHOTSNUM"},
    Row{JobProperty::QueuePosition, QDMI_DEVICE_JOB_PROPERTY_QUEUEPOSITION, "QUEUEPOSITION"},
    Row{JobProperty::ProgramsNum, QDMI_DEVICE_JOB_PROPERTY_PROGRAMSNUM, "PROGRAMSNUM"},
    Row{JobProperty::Custom1, QDMI_DEVICE_JOB_PROPERTY_CUSTOM1, "CUSTOM1"},
    Row{JobProperty::Custom2, QDMI_DEVICE_JOB_PROPERTY_CUSTOM2, "CUSTOM2"},
    Row{JobProperty::Custom3, QDMI_DEVICE_JOB_PROPERTY_CUSTOM3, "CUSTOM3"},
    Row{JobProperty::Custom4, QDMI_DEVICE_JOB_PROPERTY_CUSTOM4, "CUSTOM4"},
    Row{JobProperty::Custom5, QDMI_DEVICE_JOB_PROPERTY_CUSTOM5, "CUSTOM5"},
};
static_assert(matches_qdmi(kJobProperties));
static_assert(kJobProperties.size() == QDMI_DEVICE_JOB_PROPERTY_MAX - 1 + 5, "one number is reserved, five are custom");

constexpr auto kAllDeviceProperties = values_of(kDeviceProperties);
constexpr auto kAllSiteProperties = values_of(kSiteProperties);
constexpr auto kAllOperationProperties = values_of(kOperationProperties);
constexpr auto kAllJobProperties = values_of(kJobProperties);

}  // namespace

std::string_view to_string(DeviceProperty property) noexcept { return name_in(kDeviceProperties, property); }
std::string_view to_string(SiteProperty property) noexcept { return name_in(kSiteProperties, property); }
std::string_view to_string(OperationProperty property) noexcept { return name_in(kOperationProperties, property); }
std::string_view to_string(JobProperty property) noexcept { return name_in(kJobProperties, property); }

std::span<const DeviceProperty> all_device_properties() noexcept { return kAllDeviceProperties; }
std::span<const SiteProperty> all_site_properties() noexcept { return kAllSiteProperties; }
std::span<const OperationProperty> all_operation_properties() noexcept { return kAllOperationProperties; }
std::span<const JobProperty> all_job_properties() noexcept { return kAllJobProperties; }

}  // namespace qdmikit
