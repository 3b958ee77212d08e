// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/packed_shots.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

namespace qdmikit {
namespace {

static_assert(std::endian::native == std::endian::little, "the first character of eight is taken for the lowest byte");

constexpr std::size_t kEight = 8;
constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::uint64_t kZeroDigits = kOnes * '0';

// Eight characters, each as a byte that is 0 or 1 if it is a digit that may stand there.
std::uint64_t eight_of(const char* text) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, text, kEight);
  return bytes ^ kZeroDigits;
}

// Eight bytes of 0 or 1 in one, the lowest becoming the highest bit: the factor moves byte i to bit 63 - i, and no two
// of its products meet.
std::uint8_t packed(std::uint64_t bits) { return static_cast<std::uint8_t>((bits * 0x8040201008040201) >> 56U); }

// Pack one row of text, of which eight characters are read even if it has fewer. The first byte has those that are too
// many for whole bytes, after zeros. What is returned has a bit beyond kOnes if a character of the row is no digit.
std::uint64_t pack_row(const char* from, std::size_t width, std::uint8_t* to) {
  std::uint64_t odd = 0;
  const std::size_t first = width % kEight;
  if (first != 0) {
    const std::uint64_t bits = eight_of(from) << (kEight * (kEight - first));
    odd |= bits;
    *to++ = packed(bits);
    from += first;
  }
  for (std::size_t left = width / kEight; left != 0; --left) {
    const std::uint64_t bits = eight_of(from);
    odd |= bits;
    *to++ = packed(bits);
    from += kEight;
  }
  return odd;
}

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
  const std::size_t width = width_;
  const std::size_t bytes = stride();
  const char* from = text.data();
  std::uint8_t* to = bytes_.data();
  const char* const end = from + text.size();
  for (std::size_t left = size_; left != 0; --left, to += bytes) {
    if (end - from >= static_cast<std::ptrdiff_t>(kEight)) {
      odd |= pack_row(from, width, to);
    } else {
      std::array<char, kEight> last{};
      std::copy(from, from + width, last.begin());
      odd |= pack_row(last.data(), width, to);
    }
    from += width;
    if (left != 1) {
      odd |= static_cast<std::uint64_t>(*from++ != ',') << 1U;
    }
  }
  if ((odd & ~kOnes) != 0) {
    throw std::invalid_argument("not all of its characters are bits of shots of one length");
  }
}

PackedShots PackedShots::of_width_zero(std::size_t count) {
  PackedShots shots;
  shots.size_ = count;
  return shots;
}

}  // namespace qdmikit
