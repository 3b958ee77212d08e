// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/packed_shots.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace qdmikit {

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
  bytes_.assign(size_ * stride(), 0);
  const std::size_t padding = stride() * 8 - width_;
  // Whatever is neither 0 nor 1, or no comma, is noticed once for all rows: the loop has nothing to branch on.
  unsigned odd = 0;
  for (std::size_t shot = 0; shot < size_; ++shot) {
    const char* bits = text.data() + shot * row;
    std::uint8_t* bytes = bytes_.data() + shot * stride();
    for (std::size_t i = 0; i < width_; ++i) {
      const unsigned value = static_cast<unsigned char>(bits[i]) - static_cast<unsigned>('0');
      odd |= value & ~1U;
      const std::size_t place = padding + i;
      bytes[place / 8] = static_cast<std::uint8_t>(bytes[place / 8] | ((value & 1U) << (7 - place % 8)));
    }
    odd |= static_cast<unsigned>(shot + 1 < size_ && bits[width_] != ',');
  }
  if (odd != 0) {
    throw std::invalid_argument("not all of its characters are bits of shots of one length");
  }
}

}  // namespace qdmikit
