// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/packed_shots.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>

namespace qdmikit {
namespace {

static_assert(std::endian::native == std::endian::little, "the first character of eight is taken for the lowest byte");

constexpr std::size_t kEight = 8;
constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kZeroDigits = kOnes * '0';

// The next characters, at most eight, each as a byte that is 0 or 1 if it is a digit that may stand there. Fewer than
// eight follow upon zeros. Copying a fixed number, where there are as many, costs one instruction.
std::uint64_t eight_of(const char* text, const char* end, std::size_t number) {
  std::uint64_t bytes = 0;
  if (std::cmp_greater_equal(end - text, kEight)) {
    std::memcpy(&bytes, text, kEight);
  } else {
    std::memcpy(&bytes, text, static_cast<std::size_t>(end - text));
  }
  return (bytes ^ kZeroDigits) << (kEight * (kEight - number));
}

// Eight bytes of 0 or 1 in one, the lowest becoming the highest bit: the factor moves byte i to bit 63 - i, and no two
// of its products meet.
std::uint8_t packed(std::uint64_t bits) { return static_cast<std::uint8_t>((bits * 0x8040201008040201) >> 56U); }

}  // namespace

PackedShots::PackedShots(std::string_view text) {
  if (text.empty()) {
    return;
  }
  width_ = std::min(text.find(','), text.size());
  const std::size_t row = width_ + 1;
  if ((text.size() + 1) % row != 0) {
    throw std::invalid_argument("its " + std::to_string(text.size()) + " characters are not made of shots of " +
                                std::to_string(width_) + " bits");
  }
  size_ = (text.size() + 1) / row;
  bytes_.resize(size_ * stride());
  // Whatever is neither 0 nor 1, or no comma, is noticed once for all rows: the loop has nothing to branch on.
  std::uint64_t odd = 0;
  std::uint8_t* to = bytes_.data();
  const std::size_t first = width_ % kEight;  // characters for the first byte of a row, if not eight
  const char* from = text.data();
  const char* const end = from + text.size();
  for (std::size_t shot = 0; shot < size_; ++shot) {
    if (first != 0) {
      const std::uint64_t bits = eight_of(from, end, first);
      odd |= bits & ~kOnes;
      *to++ = packed(bits);
      from += first;
    }
    for (std::size_t i = first; i < width_; i += kEight) {
      const std::uint64_t bits = eight_of(from, end, kEight);
      odd |= bits & ~kOnes;
      *to++ = packed(bits);
      from += kEight;
    }
    if (shot + 1 < size_) {
      odd |= static_cast<std::uint64_t>(*from++ != ',') << 1U;
    }
  }
  if (odd != 0) {
    throw std::invalid_argument("not all of its characters are bits of shots of one length");
  }
}

PackedShots PackedShots::of_width_zero(std::size_t count) {
  PackedShots shots;
  shots.size_ = count;
  return shots;
}

}  // namespace qdmikit
