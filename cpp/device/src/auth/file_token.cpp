// SPDX-License-Identifier: Apache-2.0
#include "auth/file_token.hpp"

#include <utility>

#include "auth/tokens_file.hpp"
#include "sitepolicy/jwt.hpp"
#include "support/error.hpp"

namespace iqm::auth {
namespace {

constexpr std::int64_t kNearlyExpired = 60;  // seconds

}  // namespace

FileToken::FileToken(std::string path, WallClock now) : path_(std::move(path)), now_(std::move(now)) { (void)read(); }

FileToken::Token FileToken::read() {
  Token token{.text = read_access_token(path_), .expiry = std::nullopt};
  token.expiry = sitepolicy::jwt_expiry(token.text);
  if (token.expiry && *token.expiry <= now_()) {
    throw UnusableCredential("the access token in the tokens file '" + path_ + "' expired at " +
                             utc_text(*token.expiry) + "; log in again, or restart the program that renews the file");
  }
  const std::scoped_lock lock(mutex_);
  token_ = token;
  return token;
}

std::optional<std::string> FileToken::bearer_token() {
  {
    const std::scoped_lock lock(mutex_);
    if (!token_.expiry || *token_.expiry > now_() + kNearlyExpired) {
      return token_.text;
    }
  }
  return read().text;
}

std::optional<std::string> FileToken::successor_of(const std::string& refused) {
  std::string text = read().text;
  return text == refused ? std::nullopt : std::optional(std::move(text));
}

std::string FileToken::explain_refusal(const std::string& /*refused*/) const {
  return "check the access token in the tokens file '" + path_ + "', which has not changed since it was read";
}

}  // namespace iqm::auth
