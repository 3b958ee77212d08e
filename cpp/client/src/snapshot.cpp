// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/snapshot.hpp"

#include <ranges>
#include <utility>

#include "device_core.hpp"
#include "qdmikit/device.hpp"

namespace qdmikit {
namespace {

using detail::DeviceCore;
using detail::OperationData;
using detail::Place;
using detail::SiteData;

std::optional<double> length_of(const DeviceCore& core, const SiteData& site, QDMI_Site_Property property) {
  return core.metres(core.site_value<std::uint64_t>(site, property, "read an extent of site "));
}

std::optional<double> coordinate_of(const DeviceCore& core, const SiteData& site, QDMI_Site_Property property) {
  return core.metres(core.site_value<std::int64_t>(site, property, "read a coordinate of site "));
}

SiteSnapshot snapshot_of(const DeviceCore& core, const SiteData& site) {
  SiteSnapshot values;
  values.index = site.index;
  values.name = site.name;
  values.t1 = core.seconds(core.site_value<std::uint64_t>(site, QDMI_SITE_PROPERTY_T1, "read T1 of site "));
  values.t2 = core.seconds(core.site_value<std::uint64_t>(site, QDMI_SITE_PROPERTY_T2, "read T2 of site "));
  values.is_zone =
      core.site_value<bool>(site, QDMI_SITE_PROPERTY_ISZONE, "ask for the zone property of site ").value_or(false);
  if (core.length_unit_name()) {  // without a unit a device reports no lengths
    values.x = coordinate_of(core, site, QDMI_SITE_PROPERTY_XCOORDINATE);
    values.y = coordinate_of(core, site, QDMI_SITE_PROPERTY_YCOORDINATE);
    values.z = coordinate_of(core, site, QDMI_SITE_PROPERTY_ZCOORDINATE);
    values.x_extent = length_of(core, site, QDMI_SITE_PROPERTY_XEXTENT);
    values.y_extent = length_of(core, site, QDMI_SITE_PROPERTY_YEXTENT);
    values.z_extent = length_of(core, site, QDMI_SITE_PROPERTY_ZEXTENT);
  }
  values.module_index =
      core.site_value<std::uint64_t>(site, QDMI_SITE_PROPERTY_MODULEINDEX, "read the module index of site ");
  values.submodule_index =
      core.site_value<std::uint64_t>(site, QDMI_SITE_PROPERTY_SUBMODULEINDEX, "read the submodule index of site ");
  return values;
}

std::optional<double> duration_of(const DeviceCore& core, const OperationData& operation, const Place& place) {
  return core.seconds(core.operation_value<std::uint64_t>(operation, QDMI_OPERATION_PROPERTY_DURATION,
                                                          "read the duration of operation ", place));
}

std::optional<double> fidelity_of(const DeviceCore& core, const OperationData& operation, const Place& place) {
  return core.operation_value<double>(operation, QDMI_OPERATION_PROPERTY_FIDELITY, "read the fidelity of operation ",
                                      place);
}

Locus locus_of(const DeviceCore& core, const OperationData& operation, const std::vector<const SiteData*>& sites) {
  Locus locus;
  Place place;
  for (const SiteData* site : sites) {
    locus.sites.push_back(site->index);
    place.sites.push_back(site->handle);
  }
  locus.duration = duration_of(core, operation, place);
  locus.fidelity = fidelity_of(core, operation, place);
  return locus;
}

OperationSnapshot snapshot_of(const DeviceCore& core, const OperationData& operation) {
  const auto raw_length = [&](QDMI_Operation_Property property, std::string_view action) {
    return core.operation_value<std::uint64_t>(operation, property, action);
  };
  OperationSnapshot values;
  values.name = operation.name;
  values.qubits_num = operation.qubits_num;
  values.parameters_num = operation.parameters_num;
  values.is_zoned =
      core.operation_value<bool>(operation, QDMI_OPERATION_PROPERTY_ISZONED, "ask for the zone property of operation ")
          .value_or(false);
  values.duration = duration_of(core, operation, {});
  values.fidelity = fidelity_of(core, operation, {});
  values.idling_fidelity = core.operation_value<double>(operation, QDMI_OPERATION_PROPERTY_IDLINGFIDELITY,
                                                        "read the idling fidelity of operation ");
  if (core.length_unit_name()) {
    values.interaction_radius =
        core.metres(raw_length(QDMI_OPERATION_PROPERTY_INTERACTIONRADIUS, "read the interaction radius of operation "));
    values.blocking_radius =
        core.metres(raw_length(QDMI_OPERATION_PROPERTY_BLOCKINGRADIUS, "read the blocking radius of operation "));
    values.mean_shuttling_speed = core.metres_per_second(
        raw_length(QDMI_OPERATION_PROPERTY_MEANSHUTTLINGSPEED, "read the mean shuttling speed of operation "));
  }
  if (const auto tuples = core.tuples_of(operation, values.is_zoned)) {
    values.loci.emplace();
    for (const auto& sites : *tuples) {
      values.loci->push_back(locus_of(core, operation, sites));
    }
  }
  return values;
}

Snapshot read(const Device& device, const DeviceCore& core) {
  Snapshot values;
  values.taken_at = std::chrono::system_clock::now();
  values.status = device.status();
  values.queue_length = device.queue_length();
  values.name = core.name();
  values.version = core.version();
  values.library_version = core.library_version();
  values.id = core.id();
  values.qubits_num = core.qubits_num();
  values.formats = core.formats();
  if (core.length_unit_name()) {
    values.min_atom_distance = device.property<DeviceProperty::MinAtomDistance>();
  }
  for (const SiteData& site : core.sites()) {
    values.sites.push_back(snapshot_of(core, site));
  }
  for (const OperationData& operation : core.operations()) {
    values.operations.push_back(snapshot_of(core, operation));
  }
  if (const auto& coupling = core.coupling_map()) {
    values.coupling_map.emplace();
    for (const auto& [first, second] : *coupling) {
      values.coupling_map->emplace_back(first->index, second->index);
    }
  }
  return values;
}

}  // namespace

Snapshot Device::snapshot(std::optional<int> marker) const {
  if (!marker) {
    return read(*this, *core_);
  }
  const std::string subject = "custom property " + std::to_string(*marker);
  auto before = custom_text(*marker);
  if (!before) {
    detail::fail<NotSupported>(Status::NotSupported,
                               "cannot mark a snapshot by " + subject + ": device " + name() + " has none",
                               library_path());
  }
  constexpr int kTries = 3;
  for (int tries = 0; tries < kTries; ++tries) {
    Snapshot values = read(*this, *core_);
    auto after = custom_text(*marker);
    if (after == before) {
      values.marker = std::move(after);
      return values;
    }
    before = std::move(after);
  }
  detail::fail<BadState>(Status::BadState,
                         "cannot read a snapshot of device " + name() + ": its " + subject +
                             " changed during each of " + std::to_string(kTries) +
                             " attempts. Wait until the device is calibrated, then try again",
                         library_path());
}

}  // namespace qdmikit
