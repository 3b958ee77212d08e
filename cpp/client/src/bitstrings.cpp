// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/bitstrings.hpp"

#include <algorithm>
#include <utility>

namespace qdmikit {

Bitstrings::Bitstrings(std::string text) : text_(std::move(text)) {
  if (text_.empty()) {
    return;
  }
  ends_.reserve(static_cast<std::size_t>(std::ranges::count(text_, ',')) + 1);
  for (std::size_t comma = text_.find(','); comma != std::string::npos; comma = text_.find(',', comma + 1)) {
    ends_.push_back(comma);
  }
  ends_.push_back(text_.size());
}

Bitstrings Bitstrings::of_width_zero(std::size_t count) {
  if (count == 0) {
    return {};
  }
  Bitstrings strings;
  strings.text_.assign(count - 1, ',');
  for (std::size_t i = 0; i < count; ++i) {
    strings.ends_.push_back(i);
  }
  return strings;
}

}  // namespace qdmikit
