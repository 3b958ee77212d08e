// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "qdmikit/export.hpp"

namespace qdmikit {

/// A list of bitstrings in the one buffer they arrived in: "0010,1101" is two of them. In each, the leftmost character
/// is the highest classical bit.
class QDMIKIT_EXPORT Bitstrings {
 public:
  Bitstrings() = default;
  /// @param text the strings with commas between them; an empty text is an empty list.
  explicit Bitstrings(std::string text);

  /// A list of `count` empty strings: what programs measure that measure nothing.
  static Bitstrings of_width_zero(std::size_t count);

  [[nodiscard]] std::size_t size() const noexcept { return ends_.size(); }
  [[nodiscard]] bool empty() const noexcept { return ends_.empty(); }
  [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1] + 1;
    return std::string_view(text_).substr(begin, ends_[i] - begin);
  }
  /// Everything in one piece, as it arrived.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  std::vector<std::size_t> ends_;  // of each string in the text
};

}  // namespace qdmikit
