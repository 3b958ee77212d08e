// SPDX-License-Identifier: Apache-2.0
#include "server/plain_scanner.hpp"

namespace iqm::server {
bool PlainScanner::take_after_space(char expected) noexcept {
  skip_space();
  if (at_ == text_.size() || text_[at_] != expected) {
    return false;
  }
  ++at_;
  return true;
}

bool PlainScanner::at_end() noexcept {
  skip_space();
  return at_ == text_.size();
}

bool PlainScanner::word(std::string_view expected) noexcept {
  skip_space();
  if (!text_.substr(at_).starts_with(expected)) {
    return false;
  }
  at_ += expected.size();
  return true;
}

bool PlainScanner::skip_value(std::size_t levels) noexcept {
  skip_space();
  if (at_ == text_.size()) {
    return false;
  }
  switch (text_[at_]) {
    case '"':
      return string().has_value();
    case '[':
      ++at_;
      return skip_array(levels);
    case '{':
      ++at_;
      return skip_object(levels);
    case 't':
      return word("true");
    case 'f':
      return word("false");
    case 'n':
      return word("null");
    default:
      return skip_number();
  }
}

bool PlainScanner::skip_array(std::size_t levels) noexcept {
  return levels > 0 && scan_elements(*this, [&] { return skip_value(levels - 1); });
}

bool PlainScanner::skip_object(std::size_t levels) noexcept {
  return levels > 0 && scan_fields(*this, [&](std::string_view /*name*/) { return skip_value(levels - 1); });
}

std::size_t PlainScanner::skip_digits() noexcept {
  const std::size_t begin = at_;
  while (at_ < text_.size() && is_digit(text_[at_])) {
    ++at_;
  }
  return at_ - begin;
}

bool PlainScanner::skip_number() noexcept {
  constexpr std::size_t kDigits = 200;  // together with the exponent far from what a double cannot hold
  constexpr std::size_t kExponent = 2;
  if (at_ < text_.size() && text_[at_] == '-') {
    ++at_;
  }
  const bool zero = at_ < text_.size() && text_[at_] == '0';
  const std::size_t digits = skip_digits();
  if (digits == 0 || digits > kDigits || (zero && digits > 1)) {
    return false;
  }
  if (at_ < text_.size() && text_[at_] == '.') {
    ++at_;
    if (skip_digits() == 0) {
      return false;
    }
  }
  if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) {
      ++at_;
    }
    const std::size_t exponent = skip_digits();
    return exponent > 0 && exponent <= kExponent;
  }
  return true;
}

}  // namespace iqm::server
