// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "qdmikit/export.hpp"
#include "qdmikit/property.hpp"

namespace qdmikit {

class Site;

/// What can be asked about an operation. The values are those of `QDMI_Operation_Property`.
enum class OperationProperty : int {
  Name = 0,
  QubitsNum = 1,
  ParametersNum = 2,
  Duration = 3,           ///< in seconds
  Fidelity = 4,           ///< in [0, 1]
  InteractionRadius = 5,  ///< in metres
  BlockingRadius = 6,     ///< in metres
  IdlingFidelity = 7,     ///< in [0, 1], of qubits that a zoned operation finds without a partner
  IsZoned = 8,
  Sites = 9,
  MeanShuttlingSpeed = 10,  ///< in metres per second
  Custom1 = 999999995,
  Custom2 = 999999996,
  Custom3 = 999999997,
  Custom4 = 999999998,
  Custom5 = 999999999,
};

/// QDMI's own name without its prefix, for example "MEANSHUTTLINGSPEED".
[[nodiscard]] QDMIKIT_EXPORT std::string_view to_string(OperationProperty property) noexcept;

/// Every value, in QDMI's order.
[[nodiscard]] QDMIKIT_EXPORT std::span<const OperationProperty> all_operation_properties() noexcept;

namespace detail {

template <OperationProperty P>
consteval auto property_type() {
  using enum OperationProperty;
  if constexpr (P == Name) {
    return std::type_identity<std::string>{};
  } else if constexpr (P == QubitsNum || P == ParametersNum) {
    return std::type_identity<std::optional<std::size_t>>{};
  } else if constexpr (P == Duration || P == Fidelity || P == InteractionRadius || P == BlockingRadius ||
                       P == IdlingFidelity || P == MeanShuttlingSpeed) {
    return std::type_identity<std::optional<double>>{};
  } else if constexpr (P == IsZoned) {
    return std::type_identity<std::optional<bool>>{};
  } else if constexpr (P == Sites) {
    return std::type_identity<std::optional<std::vector<std::vector<Site>>>>{};
  } else {
    return std::type_identity<std::optional<std::vector<std::byte>>>{};  // the device's own
  }
}

}  // namespace detail

template <OperationProperty P>
struct PropertyTrait<P> : decltype(detail::property_type<P>()) {};

}  // namespace qdmikit
