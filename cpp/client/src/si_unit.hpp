// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

namespace qdmikit::detail {

// How a device counts a quantity: a raw number stands for number * scale / per_base of the base unit.
struct SiUnit {
  double per_base = 1.0;
  double scale = 1.0;

  // One division by what is a whole number in practice keeps 8376 ns exactly what is written 8.376e-06, even when they
  // are counted in units of 0.001 us; multiplications with 1e-9 or 0.001 would not.
  template <typename Raw>
  [[nodiscard]] double in_base_units(Raw raw) const noexcept {
    return static_cast<double>(raw) / (per_base / scale);
  }
};

// How many of the unit make one of its base, by its prefix: none, m, u (also the micro sign), n, p or f. None for
// anything else.
[[nodiscard]] constexpr std::optional<double> units_per_base(std::string_view unit, std::string_view base) noexcept {
  if (!unit.ends_with(base)) {
    return std::nullopt;
  }
  unit.remove_suffix(base.size());
  if (unit.empty()) {
    return 1.0;
  }
  if (unit == "m") {
    return 1e3;
  }
  if (unit == "u" || unit == "\u00b5" || unit == "\u03bc") {
    return 1e6;
  }
  if (unit == "n") {
    return 1e9;
  }
  if (unit == "p") {
    return 1e12;
  }
  if (unit == "f") {
    return 1e15;
  }
  return std::nullopt;
}

[[nodiscard]] constexpr std::optional<double> units_per_second(std::string_view unit) noexcept {
  return units_per_base(unit, "s");
}

[[nodiscard]] constexpr std::optional<double> units_per_metre(std::string_view unit) noexcept {
  return units_per_base(unit, "m");
}

}  // namespace qdmikit::detail
