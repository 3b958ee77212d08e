// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/site.hpp"

#include <utility>

#include "device_core.hpp"

namespace qdmikit {

Site::Site(std::shared_ptr<const detail::DeviceCore> core, const detail::SiteData& data) noexcept
    : core_(std::move(core)), data_(&data) {}

std::size_t Site::index() const noexcept { return data_->index; }

const std::optional<std::string>& Site::name() const noexcept { return data_->name; }

std::optional<double> Site::t1() const {
  return core_->seconds(core_->site_value<std::uint64_t>(*data_, QDMI_SITE_PROPERTY_T1, "read T1 of site "));
}

std::optional<double> Site::t2() const {
  return core_->seconds(core_->site_value<std::uint64_t>(*data_, QDMI_SITE_PROPERTY_T2, "read T2 of site "));
}

bool Site::is_zone() const {
  return core_->site_value<bool>(*data_, QDMI_SITE_PROPERTY_ISZONE, "ask for the zone property of site ")
      .value_or(false);
}

std::optional<std::uint64_t> Site::module_index() const {
  return core_->site_value<std::uint64_t>(*data_, QDMI_SITE_PROPERTY_MODULEINDEX, "read the module index of site ");
}

std::optional<std::uint64_t> Site::submodule_index() const {
  return core_->site_value<std::uint64_t>(*data_, QDMI_SITE_PROPERTY_SUBMODULEINDEX,
                                          "read the submodule index of site ");
}

bool Site::is_last_owner() const noexcept { return core_.use_count() == 1; }

}  // namespace qdmikit
