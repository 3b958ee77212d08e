// SPDX-License-Identifier: Apache-2.0
#include "sitepolicy/jwt.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

namespace sitepolicy {
namespace {

// Six bits per character; none for a character that base64url (RFC 4648, section 5) does not have.
std::optional<std::uint32_t> sextet(char c) {
  if (c >= 'A' && c <= 'Z') {
    return static_cast<std::uint32_t>(c - 'A');
  }
  if (c >= 'a' && c <= 'z') {
    return static_cast<std::uint32_t>(c - 'a') + 26;
  }
  if (c >= '0' && c <= '9') {
    return static_cast<std::uint32_t>(c - '0') + 52;
  }
  if (c == '-') {
    return 62;
  }
  if (c == '_') {
    return 63;
  }
  return std::nullopt;
}

// JWTs carry no padding (RFC 7515, section 2).
std::optional<std::string> decode_base64url(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char c : text) {
    const auto value = sextet(c);
    if (!value) {
      return std::nullopt;
    }
    bits = (bits << 6U) | *value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<char>((bits >> count) & 0xffU));
    }
  }
  // A lone character holds no whole byte.
  return text.size() % 4 == 1 ? std::nullopt : std::optional(std::move(bytes));
}

std::optional<std::string_view> payload_of(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return token.substr(first + 1, second - first - 1);
}

}  // namespace

std::optional<std::int64_t> jwt_expiry(std::string_view token) {
  const auto payload = payload_of(token);
  const auto json = payload ? decode_base64url(*payload) : std::nullopt;
  if (!json) {
    return std::nullopt;
  }
  const auto claims = nlohmann::json::parse(*json, nullptr, /*allow_exceptions=*/false);
  if (!claims.is_object()) {
    return std::nullopt;
  }
  const auto expiry = claims.find("exp");
  if (expiry == claims.end() || !expiry->is_number()) {
    return std::nullopt;
  }
  // A NumericDate may have a fraction. What no clock will ever reach is no expiry.
  constexpr double kEndOfTime = 1e15;
  const auto seconds = expiry->get<double>();
  if (!std::isfinite(seconds) || std::fabs(seconds) > kEndOfTime) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(std::floor(seconds));
}

}  // namespace sitepolicy
