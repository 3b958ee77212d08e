// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace iqm::core {

// One program's histogram as QDMI returns it.
struct Histogram {
  std::string keys;                 // comma separated, in ascending order
  std::vector<std::size_t> values;  // in the order of the keys
};

// An outcome as a number, the leftmost bit highest, and how often it was seen.
struct CountedWord {
  std::uint64_t word = 0;
  std::uint64_t count = 0;
};

inline constexpr std::size_t kWordBits = 64;

// Sorts outcomes of `width` bits, at most kWordBits, and sums the counts of equal ones.
[[nodiscard]] Histogram histogram_of(std::vector<CountedWord> outcomes, std::size_t width);

// The same for outcomes of any length: outcome k is the `width` characters of `outcomes` from k * stride on.
[[nodiscard]] Histogram histogram_of(std::string_view outcomes, std::size_t width, std::size_t stride,
                                     const std::vector<std::uint64_t>& counts);

// Moves the next bit, '0' or '1', into a word from the right.
[[nodiscard]] constexpr std::uint64_t with_bit(std::uint64_t word, char bit) {
  return (word << 1U) | static_cast<std::uint64_t>(bit == '1');
}

}  // namespace iqm::core
