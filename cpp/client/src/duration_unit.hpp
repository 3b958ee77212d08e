// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace qdmikit::detail {

// How a device counts time: a raw number stands for number * scale / units_per_second seconds.
struct DurationUnit {
  double units_per_second = 1.0;
  double scale = 1.0;

  // One division by what is a whole number in practice keeps 8376 ns exactly what is written 8.376e-06, even when they
  // are counted in units of 0.001 us; multiplications with 1e-9 or 0.001 would not.
  [[nodiscard]] double seconds(std::uint64_t raw) const noexcept {
    return static_cast<double>(raw) / (units_per_second / scale);
  }
};

// How many of the SI unit make a second: s, ms, us (also with the micro sign), ns, ps, fs. None for anything else.
[[nodiscard]] constexpr std::optional<double> units_per_second(std::string_view unit) noexcept {
  if (unit == "s") {
    return 1.0;
  }
  if (unit == "ms") {
    return 1e3;
  }
  if (unit == "us" || unit == "\u00b5s" || unit == "\u03bcs") {
    return 1e6;
  }
  if (unit == "ns") {
    return 1e9;
  }
  if (unit == "ps") {
    return 1e12;
  }
  if (unit == "fs") {
    return 1e15;
  }
  return std::nullopt;
}

}  // namespace qdmikit::detail
