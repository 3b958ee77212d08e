// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "qdmikit/export.hpp"

namespace qdmikit {

/// Single shots, eight bits to a byte: one row of `stride()` bytes for each shot. The highest classical bit stands
/// first, and a row that does not fill its bytes begins with zeros, which is also the layout of Qiskit's BitArray.
class QDMIKIT_EXPORT PackedShots {
 public:
  PackedShots() = default;
  /// @param text bitstrings of one length with commas between them, as devices hand them out; an empty text is no shot.
  /// @throws std::invalid_argument when it is anything else.
  explicit PackedShots(std::string_view text);

  /// So many shots of a program that measures nothing.
  static PackedShots of_width_zero(std::size_t count);

  /// The number of shots.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  /// Bits of each shot.
  [[nodiscard]] std::size_t width() const noexcept { return width_; }
  /// Bytes of each shot.
  [[nodiscard]] std::size_t stride() const noexcept { return (width_ + 7) / 8; }

  [[nodiscard]] std::span<const std::uint8_t> operator[](std::size_t shot) const noexcept {
    return std::span(bytes_).subspan(shot * stride(), stride());
  }
  /// A classical bit of a shot; bit 0 is the one that stands last.
  [[nodiscard]] bool bit(std::size_t shot, std::size_t index) const noexcept {
    const unsigned byte = bytes_[(shot + 1) * stride() - 1 - index / 8];
    return ((byte >> (index % 8)) & 1U) != 0;
  }
  /// All rows, one after another.
  [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept { return bytes_; }
  /// The same, given away.
  [[nodiscard]] std::vector<std::uint8_t> take_bytes() && noexcept { return std::move(bytes_); }

 private:
  std::size_t size_ = 0;
  std::size_t width_ = 0;
  std::vector<std::uint8_t> bytes_;
};

/// How often each bitstring was measured, in the device's order: a row for each, and as many numbers.
struct PackedCounts {
  PackedShots keys;
  std::vector<std::size_t> values;
};

}  // namespace qdmikit
