// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "qdmikit/bitstrings.hpp"
#include "qdmikit/export.hpp"

namespace qdmikit {

/// How often each bitstring was measured, in the device's order.
class QDMIKIT_EXPORT Counts {
 public:
  Counts() = default;
  /// @param keys distinct bitstrings.
  /// @param values as many numbers.
  Counts(Bitstrings keys, std::vector<std::size_t> values);
  /// Count single shots.
  static Counts of_shots(const Bitstrings& shots);

  [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }
  [[nodiscard]] bool empty() const noexcept { return values_.empty(); }
  /// All bitstrings in one piece, with commas between them.
  [[nodiscard]] const std::string& keys_text() const noexcept { return keys_.text(); }
  [[nodiscard]] std::string_view key(std::size_t i) const noexcept { return keys_[i]; }
  [[nodiscard]] std::size_t value(std::size_t i) const noexcept { return values_[i]; }

  /// How often a bitstring was measured; 0 when it is not in the list.
  [[nodiscard]] std::size_t operator[](std::string_view bitstring) const noexcept;
  /// The sum of all values. Smaller than the number of shots where a device discards some.
  [[nodiscard]] std::size_t total() const noexcept;

 private:
  Bitstrings keys_;
  std::vector<std::size_t> values_;
};

}  // namespace qdmikit
