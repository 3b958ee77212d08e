// SPDX-License-Identifier: Apache-2.0
#include "auth/credential.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "auth/tokens_file.hpp"
#include "support/environment.hpp"
#include "support/error.hpp"

namespace iqm::auth {
namespace {

class NoToken final : public TokenSource {
 public:
  [[nodiscard]] std::optional<std::string> bearer_token() const override { return std::nullopt; }
};

// A token that would end the header line could smuggle a header of its own into every request.
std::string checked(std::string token, const std::string& origin) {
  const bool printable = std::ranges::all_of(token, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
  if (!printable) {
    throw UnusableCredential("the token of " + origin + " holds characters that no bearer token has");
  }
  return token;
}

class FixedToken final : public TokenSource {
 public:
  explicit FixedToken(std::string token) : token_(std::move(token)) {}
  [[nodiscard]] std::optional<std::string> bearer_token() const override { return token_; }

 private:
  std::string token_;
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

std::unique_ptr<TokenSource> resolve_credential(const ExplicitCredential& given) {
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
      return std::make_unique<FixedToken>(checked(*rank.token, rank.token_name));
    }
    if (rank.file) {
      return std::make_unique<FixedToken>(
          checked(read_access_token(*rank.file), "the tokens file '" + *rank.file + "'"));
    }
  }
  return std::make_unique<NoToken>();
}

}  // namespace iqm::auth
