// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/operation.hpp"

#include <utility>

#include "device_core.hpp"

namespace qdmikit {

Operation::Operation(std::shared_ptr<const detail::DeviceCore> core, const detail::OperationData& data) noexcept
    : core_(std::move(core)), data_(&data) {}

const std::string& Operation::name() const noexcept { return data_->name; }

std::optional<std::size_t> Operation::qubits_num() const noexcept { return data_->qubits_num; }

std::optional<std::size_t> Operation::parameters_num() const noexcept { return data_->parameters_num; }

bool Operation::is_zoned() const {
  return core_
      ->operation_value<bool>(*data_, QDMI_OPERATION_PROPERTY_ISZONED, "ask for the zone property of operation ")
      .value_or(false);
}

std::optional<std::vector<std::vector<Site>>> Operation::sites() const {
  const auto tuples = core_->tuples_of(*data_, is_zoned());
  if (!tuples) {
    return std::nullopt;
  }
  std::vector<std::vector<Site>> sites;
  sites.reserve(tuples->size());
  for (const auto& tuple : *tuples) {
    std::vector<Site>& group = sites.emplace_back();
    group.reserve(tuple.size());
    for (const detail::SiteData* site : tuple) {
      group.push_back(core_->make_site(*site));
    }
  }
  return sites;
}

std::optional<double> Operation::fidelity(std::span<const Site> sites, std::span<const double> parameters) const {
  return core_->operation_value<double>(*data_, QDMI_OPERATION_PROPERTY_FIDELITY, "read the fidelity of operation ",
                                        place(sites, parameters));
}

std::optional<double> Operation::duration(std::span<const Site> sites, std::span<const double> parameters) const {
  const auto raw = core_->operation_value<std::uint64_t>(*data_, QDMI_OPERATION_PROPERTY_DURATION,
                                                         "read the duration of operation ", place(sites, parameters));
  return core_->seconds(raw);
}

bool Operation::is_last_owner() const noexcept { return core_.use_count() == 1; }

detail::Place Operation::place(std::span<const Site> sites, std::span<const double> parameters) const {
  detail::Place place;
  place.sites.reserve(sites.size());
  for (const Site& site : sites) {
    // A device may not be able to tell a handle of another session from its own.
    if (site.core_ != core_) {
      detail::fail<InvalidArgument>(
          Status::InvalidArgument, "site " + site.data_->label + " belongs to another session than operation " + name(),
          core_->module().path());
    }
    place.sites.push_back(site.data_->handle);
  }
  place.parameters.assign(parameters.begin(), parameters.end());
  return place;
}

}  // namespace qdmikit
