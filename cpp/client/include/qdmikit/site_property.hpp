// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "qdmikit/export.hpp"
#include "qdmikit/property.hpp"

namespace qdmikit {

/// What can be asked about a site. The values are those of `QDMI_Site_Property`.
enum class SiteProperty : int {
  Index = 0,
  T1 = 1,  ///< in seconds
  T2 = 2,  ///< in seconds
  Name = 3,
  XCoordinate = 4,  ///< in metres
  YCoordinate = 5,  ///< in metres
  ZCoordinate = 6,  ///< in metres
  IsZone = 7,
  XExtent = 8,   ///< in metres; of a zone, as the other two
  YExtent = 9,   ///< in metres
  ZExtent = 10,  ///< in metres
  ModuleIndex = 11,
  SubmoduleIndex = 12,
  Custom1 = 999999995,
  Custom2 = 999999996,
  Custom3 = 999999997,
  Custom4 = 999999998,
  Custom5 = 999999999,
};

/// QDMI's own name without its prefix, for example "SUBMODULEINDEX".
[[nodiscard]] QDMIKIT_EXPORT std::string_view to_string(SiteProperty property) noexcept;

/// Every value, in QDMI's order.
[[nodiscard]] QDMIKIT_EXPORT std::span<const SiteProperty> all_site_properties() noexcept;

namespace detail {

template <SiteProperty P>
consteval auto property_type() {
  using enum SiteProperty;
  if constexpr (P == Index) {
    return std::type_identity<std::size_t>{};
  } else if constexpr (P == Name) {
    return std::type_identity<std::optional<std::string>>{};
  } else if constexpr (P == T1 || P == T2 || P == XCoordinate || P == YCoordinate || P == ZCoordinate || P == XExtent ||
                       P == YExtent || P == ZExtent) {
    return std::type_identity<std::optional<double>>{};
  } else if constexpr (P == IsZone) {
    return std::type_identity<std::optional<bool>>{};
  } else if constexpr (P == ModuleIndex || P == SubmoduleIndex) {
    return std::type_identity<std::optional<std::uint64_t>>{};
  } else {
    return std::type_identity<std::optional<std::vector<std::byte>>>{};  // the device's own
  }
}

}  // namespace detail

template <SiteProperty P>
struct PropertyTrait<P> : decltype(detail::property_type<P>()) {};

}  // namespace qdmikit
