// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace iqm::server {

// Takes JSON apart that is written plainly, as programs write it: ASCII, strings without escapes, no number beyond what
// a double holds. Everything else it refuses without a reason: what it refuses, nlohmann's reader reads once more, and
// that one knows all of JSON and says what is wrong. What it accepts is JSON.
class PlainScanner {
 public:
  explicit PlainScanner(std::string_view text) noexcept : text_(text) {}

  // Takes a character, and the white space before it, if it is the next one.
  [[nodiscard]] bool take(char expected) noexcept {
    if (at_ == text_.size()) {
      return false;
    }
    if (text_[at_] == expected) {
      ++at_;
      return true;
    }
    return is_space(text_[at_]) && take_after_space(expected);
  }

  [[nodiscard]] bool at_end() noexcept;
  [[nodiscard]] std::optional<std::string_view> string() noexcept;
  [[nodiscard]] std::optional<std::uint64_t> unsigned_integer() noexcept;
  // Whether a word such as "null" comes next, taken then.
  [[nodiscard]] bool word(std::string_view expected) noexcept;
  // Any value, nested no deeper than a few levels.
  [[nodiscard]] bool skip_value() noexcept { return skip_value(kDeepest); }

  // `count` characters as they are, and the quote after them; none if those are not there.
  [[nodiscard]] std::optional<std::string_view> quoted(std::size_t count) noexcept;

 private:
  static constexpr std::size_t kDeepest = 16;

  [[nodiscard]] static constexpr bool is_space(char c) noexcept {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }
  [[nodiscard]] static constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
  // Neither the end of a string nor an escape, a control character or a part of a character beyond ASCII.
  [[nodiscard]] static constexpr bool is_plain(char c) noexcept { return kPlain[static_cast<unsigned char>(c)]; }
  static constexpr auto kPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t byte = 0x20; byte < 0x80; ++byte) {
      plain.at(byte) = byte != '\\' && byte != '"';
    }
    return plain;
  }();
  [[nodiscard]] bool take_after_space(char expected) noexcept;
  void skip_space() noexcept;
  [[nodiscard]] bool skip_value(std::size_t levels) noexcept;
  [[nodiscard]] bool skip_array(std::size_t levels) noexcept;
  [[nodiscard]] bool skip_object(std::size_t levels) noexcept;
  [[nodiscard]] bool skip_number() noexcept;
  [[nodiscard]] std::size_t skip_digits() noexcept;

  std::string_view text_;
  std::size_t at_ = 0;
};

// What is called for every few characters stands here, for the compiler to put it in place.

inline std::optional<std::string_view> PlainScanner::string() noexcept {
  if (!take('"')) {
    return std::nullopt;
  }
  const std::string_view rest = text_.substr(at_);
  std::size_t length = 0;
  while (length < rest.size() && is_plain(rest[length])) {
    ++length;
  }
  if (length == rest.size() || rest[length] != '"') {
    return std::nullopt;
  }
  at_ += length + 1;
  return rest.substr(0, length);
}

inline std::optional<std::string_view> PlainScanner::quoted(std::size_t count) noexcept {
  if (text_.size() - at_ <= count || text_[at_ + count] != '"') {
    return std::nullopt;
  }
  const std::string_view characters = text_.substr(at_, count);
  at_ += count + 1;
  return characters;
}

inline std::optional<std::uint64_t> PlainScanner::unsigned_integer() noexcept {
  constexpr std::size_t kDigits = 19;  // all numbers of so many digits fit
  skip_space();
  const std::size_t begin = at_;
  std::uint64_t value = 0;
  while (at_ < text_.size() && is_digit(text_[at_]) && at_ - begin <= kDigits) {
    value = 10 * value + static_cast<std::uint64_t>(text_[at_++] - '0');
  }
  const std::size_t digits = at_ - begin;
  if (digits == 0 || digits > kDigits || (digits > 1 && text_[begin] == '0')) {
    return std::nullopt;
  }
  return value;
}

inline void PlainScanner::skip_space() noexcept {
  while (at_ < text_.size() && is_space(text_[at_])) {
    ++at_;
  }
}

// The fields of an object, after its opening brace: `field(name)` takes the value. False when the object is not plain
// or `field` said so.
template <typename Field>
[[nodiscard]] bool scan_fields(PlainScanner& scanner, Field field) {
  if (scanner.take('}')) {
    return true;
  }
  do {
    const auto name = scanner.string();
    if (!name || !scanner.take(':') || !field(*name)) {
      return false;
    }
  } while (scanner.take(','));
  return scanner.take('}');
}

// The elements of an array, after its opening bracket: `element()` takes the value.
template <typename Element>
[[nodiscard]] bool scan_elements(PlainScanner& scanner, Element element) {
  if (scanner.take(']')) {
    return true;
  }
  do {
    if (!element()) {
      return false;
    }
  } while (scanner.take(','));
  return scanner.take(']');
}

}  // namespace iqm::server
