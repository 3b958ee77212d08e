// SPDX-License-Identifier: Apache-2.0
#include "auth/credential.hpp"

#include <array>
#include <utility>

#include "auth/file_token.hpp"
#include "auth/tokens_file.hpp"
#include "sitepolicy/jwt.hpp"
#include "support/environment.hpp"
#include "support/error.hpp"

namespace iqm::auth {
namespace {

class NoToken final : public TokenSource {
 public:
  [[nodiscard]] std::optional<std::string> bearer_token() override { return std::nullopt; }
  [[nodiscard]] std::optional<std::string> successor_of(const std::string& /*refused*/) override {
    return std::nullopt;
  }
  [[nodiscard]] std::string explain_refusal(const std::string& /*refused*/) const override {
    return "no token was given: set the session parameter TOKEN or AUTHFILE, or IQM_TOKEN or IQM_TOKENS_FILE";
  }
};

// Sent as it is, even when it looks expired: the server's clock decides, and it need not be a JWT at all.
class FixedToken final : public TokenSource {
 public:
  FixedToken(std::string token, std::string origin, WallClock now)
      : token_(std::move(token)), origin_(std::move(origin)), now_(std::move(now)) {}

  [[nodiscard]] std::optional<std::string> bearer_token() override { return token_; }
  [[nodiscard]] std::optional<std::string> successor_of(const std::string& /*refused*/) override {
    return std::nullopt;
  }
  [[nodiscard]] std::string explain_refusal(const std::string& refused) const override {
    const auto expiry = sitepolicy::jwt_expiry(refused);
    if (expiry && *expiry <= now_()) {
      return "the token of " + origin_ + " expired at " + utc_text(*expiry) + "; get a new one";
    }
    return "check the token of " + origin_;
  }

 private:
  std::string token_;
  std::string origin_;
  WallClock now_;
};

// One rank of the precedence: a token and a tokens file, either of which may be missing.
struct Rank {
  std::optional<std::string> token;
  std::string token_name;
  std::optional<std::string> file;
  std::string file_name;
};

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

std::unique_ptr<TokenSource> resolve_credential(const ExplicitCredential& given, WallClock now) {
  const std::array ranks{
      Rank{unless_empty(given.token), "the session parameter TOKEN", unless_empty(given.tokens_file),
           "the session parameter AUTHFILE"},
      Rank{environment_variable("IQM_TOKEN"), "the environment variable IQM_TOKEN",
           environment_variable("IQM_TOKENS_FILE"), "the environment variable IQM_TOKENS_FILE"},
      Rank{std::nullopt, {}, environment_variable("QDMI_AUTH_FILE"), "the environment variable QDMI_AUTH_FILE"},
  };
  for (const Rank& rank : ranks) {
    if (rank.token && rank.file) {
      throw AmbiguousCredential(rank.token_name + " and " + rank.file_name +
                                " both name a credential: keep the one that is meant");
    }
    if (rank.token) {
      return std::make_unique<FixedToken>(checked_token(*rank.token, rank.token_name), rank.token_name, std::move(now));
    }
    if (rank.file) {
      return std::make_unique<FileToken>(*rank.file, std::move(now));
    }
  }
  return std::make_unique<NoToken>();
}

}  // namespace iqm::auth
