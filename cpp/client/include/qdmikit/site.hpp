// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "qdmikit/export.hpp"
#include "qdmikit/site_property.hpp"

namespace qdmikit {

namespace detail {
class DeviceCore;
struct SiteData;
}  // namespace detail

/// A place that holds a qubit, or a zone of such places. A cheap value; it keeps its session alive.
class QDMIKIT_EXPORT Site {
 public:
  /// Unique within the device, not necessarily without gaps.
  [[nodiscard]] std::size_t index() const noexcept;
  [[nodiscard]] const std::optional<std::string>& name() const noexcept;

  /// Relaxation time in seconds, as of now.
  [[nodiscard]] std::optional<double> t1() const;
  /// Dephasing time in seconds, as of now.
  [[nodiscard]] std::optional<double> t2() const;

  [[nodiscard]] bool is_zone() const;
  [[nodiscard]] std::optional<std::uint64_t> module_index() const;
  [[nodiscard]] std::optional<std::uint64_t> submodule_index() const;

  /// Any property, by QDMI's own list, as of now. See PropertyType for what it returns.
  template <SiteProperty P>
  [[nodiscard]] PropertyType<P> property() const;

  /// See Device::is_last_owner().
  [[nodiscard]] bool is_last_owner() const noexcept;

  /// Sites are equal when they are the same site of the same session.
  friend bool operator==(const Site& a, const Site& b) noexcept { return a.data_ == b.data_; }

 private:
  friend class detail::DeviceCore;
  friend class Operation;
  friend struct std::hash<Site>;
  Site(std::shared_ptr<const detail::DeviceCore> core, const detail::SiteData& data) noexcept;

  std::shared_ptr<const detail::DeviceCore> core_;
  const detail::SiteData* data_;  // lives in the core
};

}  // namespace qdmikit

template <>
struct std::hash<qdmikit::Site> {
  std::size_t operator()(const qdmikit::Site& site) const noexcept { return std::hash<const void*>{}(site.data_); }
};
