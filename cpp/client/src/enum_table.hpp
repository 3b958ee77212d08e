// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace qdmikit::detail {

// A public enumerator, the number that QDMI's headers give it, and QDMI's name without its prefix.
template <typename Ours>
struct Row {
  Ours value;
  int qdmi;
  std::string_view name;
};

template <typename Ours, std::size_t N>
consteval bool matches_qdmi(const std::array<Row<Ours>, N>& table) {
  return std::ranges::all_of(table, [](const Row<Ours>& row) { return static_cast<int>(row.value) == row.qdmi; });
}

template <typename Ours, std::size_t N>
constexpr std::array<Ours, N> values_of(const std::array<Row<Ours>, N>& table) {
  std::array<Ours, N> values{};
  std::ranges::transform(table, values.begin(), &Row<Ours>::value);
  return values;
}

template <typename Ours, std::size_t N>
std::string_view name_in(const std::array<Row<Ours>, N>& table, Ours value) noexcept {
  const auto* row = std::ranges::find(table, value, &Row<Ours>::value);
  return row != table.end() ? row->name : "UNKNOWN";
}

}  // namespace qdmikit::detail
