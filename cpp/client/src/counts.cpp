// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/counts.hpp"

#include <numeric>
#include <string>
#include <unordered_map>
#include <utility>

namespace qdmikit {

Counts::Counts(Bitstrings keys, std::vector<std::size_t> values) : keys_(std::move(keys)), values_(std::move(values)) {}

Counts Counts::of_shots(const Bitstrings& shots) {
  std::unordered_map<std::string_view, std::size_t> position;
  std::vector<std::string_view> keys;
  std::vector<std::size_t> values;
  for (std::size_t i = 0; i < shots.size(); ++i) {
    const auto [found, is_new] = position.try_emplace(shots[i], keys.size());
    if (is_new) {
      keys.push_back(shots[i]);
      values.push_back(0);
    }
    ++values[found->second];
  }
  std::string text;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    text += i == 0 ? "" : ",";
    text += keys[i];
  }
  const bool width_zero = text.empty();
  return {width_zero ? Bitstrings::of_width_zero(keys.size()) : Bitstrings(std::move(text)), std::move(values)};
}

std::size_t Counts::operator[](std::string_view bitstring) const noexcept {
  for (std::size_t i = 0; i < size(); ++i) {
    if (keys_[i] == bitstring) {
      return values_[i];
    }
  }
  return 0;
}

std::size_t Counts::total() const noexcept { return std::accumulate(values_.begin(), values_.end(), std::size_t{0}); }

}  // namespace qdmikit
