// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "opening.hpp"
#include "si_unit.hpp"

namespace qdmikit::test {
namespace {

using Bytes = std::vector<std::byte>;

Device with_lengths() { return scripted(R"({"lengths": true})"); }

std::string text(const Bytes& bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    text += static_cast<char>(byte);
  }
  return text;
}

// What a program may rely on when it stores what property<P>() returns.
static_assert(std::is_same_v<PropertyType<DeviceProperty::Name>, std::string>);
static_assert(std::is_same_v<PropertyType<DeviceProperty::QubitsNum>, std::size_t>);
static_assert(std::is_same_v<PropertyType<DeviceProperty::Status>, std::optional<DeviceStatus>>);
static_assert(
    std::is_same_v<PropertyType<DeviceProperty::CouplingMap>, std::optional<std::vector<std::pair<Site, Site>>>>);
static_assert(std::is_same_v<PropertyType<SiteProperty::T1>, std::optional<double>>);
static_assert(std::is_same_v<PropertyType<SiteProperty::Index>, std::size_t>);
static_assert(std::is_same_v<PropertyType<OperationProperty::IsZoned>, std::optional<bool>>);
static_assert(std::is_same_v<PropertyType<JobProperty::ProgramFormat>, std::optional<ProgramFormat>>);
static_assert(std::is_same_v<PropertyType<JobProperty::Custom5>, std::optional<Bytes>>);

TEST(DeviceProperties, AreTheSameAsTheirNamedHelpers) {
  const Device device = scripted();
  EXPECT_EQ(device.property<DeviceProperty::Name>(), "Scripted");
  EXPECT_EQ(device.property<DeviceProperty::Version>(), "1.0");
  EXPECT_EQ(device.property<DeviceProperty::Status>(), DeviceStatus::Idle);
  EXPECT_EQ(device.property<DeviceProperty::QubitsNum>(), 3U);
  EXPECT_EQ(device.property<DeviceProperty::Sites>(), device.sites());
  EXPECT_EQ(device.property<DeviceProperty::Operations>(), device.operations());
  EXPECT_EQ(device.property<DeviceProperty::CouplingMap>(), device.coupling_map());
  EXPECT_EQ(device.property<DeviceProperty::DurationUnit>(), "us");
  EXPECT_EQ(device.property<DeviceProperty::DurationScaleFactor>(), 0.001);
  EXPECT_EQ(device.property<DeviceProperty::SupportedProgramFormats>(), device.supported_program_formats());
  EXPECT_EQ(text(device.property<DeviceProperty::Custom2>().value()), std::string("xxx\0", 4));
}

TEST(DeviceProperties, AreNoneWhereTheDeviceDoesNotSupportThem) {
  const Device device = scripted();
  EXPECT_EQ(device.property<DeviceProperty::LibraryVersion>(), std::nullopt);
  EXPECT_EQ(device.property<DeviceProperty::Id>(), std::nullopt);
  EXPECT_EQ(device.property<DeviceProperty::QueueLength>(), std::nullopt);
  EXPECT_EQ(device.property<DeviceProperty::LengthUnit>(), std::nullopt);
  EXPECT_EQ(device.property<DeviceProperty::LengthScaleFactor>(), std::nullopt);
  EXPECT_EQ(device.property<DeviceProperty::MinAtomDistance>(), std::nullopt);
  EXPECT_EQ(device.property<DeviceProperty::ChildDevices>(), std::nullopt);
  EXPECT_EQ(device.property<DeviceProperty::Custom3>(), std::nullopt);
}

TEST(DeviceProperties, GiveLengthsInMetres) {
  const Device device = with_lengths();
  EXPECT_EQ(device.property<DeviceProperty::LengthUnit>(), "um");
  EXPECT_EQ(device.property<DeviceProperty::LengthScaleFactor>(), 0.1);
  EXPECT_EQ(device.property<DeviceProperty::MinAtomDistance>(), 3.5e-6);
}

TEST(SiteProperties, GiveTimesInSecondsAndLengthsInMetres) {
  const Device device = with_lengths();
  EXPECT_DOUBLE_EQ(device.site(0).property<SiteProperty::T1>().value(), 34.7e-6);
  EXPECT_EQ(device.site(5).property<SiteProperty::T1>(), std::nullopt);
  EXPECT_EQ(device.site(0).property<SiteProperty::T2>(), std::nullopt);
  EXPECT_DOUBLE_EQ(device.site(2).property<SiteProperty::XCoordinate>().value(), -2e-6);
  EXPECT_DOUBLE_EQ(device.site(2).property<SiteProperty::YCoordinate>().value(), 2e-6);
  EXPECT_EQ(device.site(2).property<SiteProperty::ZCoordinate>(), std::nullopt);
  EXPECT_EQ(device.site(2).property<SiteProperty::YExtent>(), std::nullopt);
  EXPECT_DOUBLE_EQ(device.site(9).property<SiteProperty::YExtent>().value(), 40e-6);
  EXPECT_EQ(device.site(9).property<SiteProperty::XExtent>(), std::nullopt);
  EXPECT_EQ(device.site(9).property<SiteProperty::ZExtent>(), std::nullopt);
}

TEST(SiteProperties, TellWhatTheNamedHelpersTell) {
  const Site site = scripted().site(9);
  EXPECT_EQ(site.property<SiteProperty::Index>(), 9U);
  EXPECT_EQ(site.property<SiteProperty::Name>(), "Z");
  EXPECT_EQ(site.property<SiteProperty::IsZone>(), true);
  EXPECT_EQ(site.property<SiteProperty::ModuleIndex>(), 7U);
  EXPECT_EQ(site.property<SiteProperty::SubmoduleIndex>(), std::nullopt);
  EXPECT_EQ(text(site.property<SiteProperty::Custom1>().value()), std::string("site\0", 5));
  EXPECT_EQ(site.property<SiteProperty::Custom2>(), std::nullopt);
  EXPECT_EQ(scripted().site(0).property<SiteProperty::IsZone>(), std::nullopt)
      << "the helper takes that for false, the property tells that it was not said";
}

TEST(OperationProperties, PassSitesAndParametersOn) {
  const Device device = with_lengths();
  const Operation cz = device.operation("cz");
  const std::vector<Site> sites{device.site(2), device.site(5)};
  const std::vector<double> parameters{1.0, 2.0};
  EXPECT_EQ(cz.property<OperationProperty::Name>(), "cz");
  EXPECT_EQ(cz.property<OperationProperty::QubitsNum>(), 2U);
  EXPECT_EQ(cz.property<OperationProperty::ParametersNum>(), 0U);
  EXPECT_EQ(cz.property<OperationProperty::IsZoned>(), false);
  EXPECT_EQ(cz.property<OperationProperty::Sites>(), cz.sites());
  EXPECT_DOUBLE_EQ(cz.property<OperationProperty::Fidelity>().value(), 0.5);
  EXPECT_DOUBLE_EQ((cz.property<OperationProperty::Fidelity>(sites, parameters).value()), 0.573);
  EXPECT_DOUBLE_EQ(cz.property<OperationProperty::Duration>(sites).value(), 40e-9);
  EXPECT_EQ(cz.property<OperationProperty::Duration>(), std::nullopt);
  EXPECT_EQ(cz.property<OperationProperty::IdlingFidelity>(), std::nullopt);
  EXPECT_EQ(device.operation("rydberg").property<OperationProperty::IdlingFidelity>(), 0.9);
  EXPECT_EQ(text(cz.property<OperationProperty::Custom2>().value()), std::string("operation\0", 10));
}

TEST(OperationProperties, GiveLengthsInMetresAndSpeedsInMetresPerSecond) {
  const Operation cz = with_lengths().operation("cz");
  EXPECT_DOUBLE_EQ(cz.property<OperationProperty::InteractionRadius>().value(), 5e-6);
  EXPECT_DOUBLE_EQ(cz.property<OperationProperty::BlockingRadius>().value(), 7.5e-6);
  // 11 x 0.1 um in 0.001 us
  EXPECT_DOUBLE_EQ(cz.property<OperationProperty::MeanShuttlingSpeed>().value(), 1100.0);
}

TEST(OperationProperties, RefuseSitesOfAnotherSession) {
  const std::vector<Site> foreign{scripted().site(0)};
  const Operation operation = scripted().operation("prx");
  EXPECT_THROW(static_cast<void>(operation.property<OperationProperty::Custom1>(foreign)), InvalidArgument);
}

TEST(JobProperties, AreNoneWhereTheDeviceOrTheStateOfTheJobHasNone) {
  const Job job = scripted().submit(any_program());
  EXPECT_EQ(job.property<JobProperty::Id>(), "job-1");
  EXPECT_EQ(job.property<JobProperty::ProgramsNum>(), 1U);
  EXPECT_EQ(job.property<JobProperty::ProgramFormat>(), std::nullopt);
  EXPECT_EQ(job.property<JobProperty::ShotsNum>(), std::nullopt);
  EXPECT_EQ(job.property<JobProperty::QueuePosition>(), std::nullopt);
  EXPECT_EQ(job.property<JobProperty::Custom1>(), job.custom(1));
  EXPECT_EQ(job.property<JobProperty::Custom5>(), std::nullopt);
  EXPECT_EQ(scripted(R"({"job_status": 2})").submit(any_program()).property<JobProperty::QueuePosition>(), 4U);
}

TEST(Properties, HaveQdmisNames) {
  EXPECT_EQ(to_string(DeviceProperty::SupportedProgramFormats), "SUPPORTEDPROGRAMFORMATS");
  EXPECT_EQ(to_string(SiteProperty::XCoordinate), "XCOORDINATE");
  EXPECT_EQ(to_string(OperationProperty::Custom3), "CUSTOM3");
  EXPECT_EQ(to_string(JobProperty::QueuePosition), "QUEUEPOSITION");
  EXPECT_EQ(all_device_properties().size(), 22U);
  EXPECT_EQ(all_site_properties().back(), SiteProperty::Custom5);
  EXPECT_EQ(all_operation_properties().front(), OperationProperty::Name);
  EXPECT_EQ(all_job_properties().size(), 10U);
}

TEST(Properties, InAnUnknownUnitBreakTheContract) {
  const Device device = scripted(R"({"device": {"DURATIONUNIT": "min"}})");
  EXPECT_THROW(static_cast<void>(device.site(0).property<SiteProperty::T1>()), ProtocolError);
}

TEST(LengthUnits, AreSi) {
  EXPECT_EQ(detail::units_per_metre("m"), 1.0);
  EXPECT_EQ(detail::units_per_metre("mm"), 1e3);
  EXPECT_EQ(detail::units_per_metre("\u00b5m"), 1e6);
  EXPECT_EQ(detail::units_per_metre("nm"), 1e9);
  EXPECT_EQ(detail::units_per_metre("ms"), std::nullopt);
  EXPECT_EQ(detail::units_per_metre("inch"), std::nullopt);
  EXPECT_EQ(detail::units_per_second("us"), 1e6);
}

}  // namespace
}  // namespace qdmikit::test
