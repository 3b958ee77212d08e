// SPDX-License-Identifier: Apache-2.0
#include "sitepolicy/jwt.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
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

// Finds the number `exp` among the claims without keeping any: a tree of them would need memory to be destroyed.
class ExpiryReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  [[nodiscard]] std::optional<double> expiry() const { return expiry_; }

  bool null() override { return value(std::nullopt); }
  bool boolean(bool /*value*/) override { return value(std::nullopt); }
  bool number_integer(std::int64_t number) override { return value(static_cast<double>(number)); }
  bool number_unsigned(std::uint64_t number) override { return value(static_cast<double>(number)); }
  bool number_float(double number, const std::string& /*text*/) override { return value(number); }
  bool string(std::string& /*text*/) override { return value(std::nullopt); }
  bool binary(nlohmann::json::binary_t& /*bytes*/) override { return value(std::nullopt); }
  bool start_object(std::size_t /*size*/) override { return begin(); }
  bool start_array(std::size_t /*size*/) override { return depth_ > 0 && begin(); }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }
  bool key(std::string& name) override {
    is_expiry_ = depth_ == 1 && name == "exp";
    return true;
  }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::json::exception& /*error*/) override {
    return false;
  }

 private:
  // Of a claim that is given twice the last one counts. Claims are an object: anything else ends the reading.
  bool value(std::optional<double> number) {
    if (is_expiry_ && depth_ == 1) {
      expiry_ = number;
      is_expiry_ = false;
    }
    return depth_ > 0;
  }
  bool begin() {
    if (depth_ > 0) {
      value(std::nullopt);
    }
    ++depth_;
    return true;
  }
  bool end() {
    --depth_;
    return true;
  }

  std::size_t depth_ = 0;
  bool is_expiry_ = false;  // whether the next value is
  std::optional<double> expiry_;
};

}  // namespace

std::optional<std::int64_t> jwt_expiry(std::string_view token) {
  const auto payload = payload_of(token);
  const auto json = payload ? decode_base64url(*payload) : std::nullopt;
  if (!json) {
    return std::nullopt;
  }
  ExpiryReader claims;
  const bool are_claims = nlohmann::json::sax_parse(*json, &claims);
  const auto expiry = claims.expiry();
  if (!are_claims || !expiry) {
    return std::nullopt;
  }
  // A NumericDate may have a fraction. What no clock will ever reach is no expiry.
  constexpr double kEndOfTime = 1e15;
  const double seconds = *expiry;
  if (!std::isfinite(seconds) || std::fabs(seconds) > kEndOfTime) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(std::floor(seconds));
}

}  // namespace sitepolicy
