// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "support/clock.hpp"

namespace iqm::auth {

// Where bearer tokens come from.
class TokenSource {
 public:
  TokenSource() = default;
  TokenSource(const TokenSource&) = delete;
  TokenSource& operator=(const TokenSource&) = delete;
  TokenSource(TokenSource&&) = delete;
  TokenSource& operator=(TokenSource&&) = delete;
  virtual ~TokenSource() = default;

  // The token for the next request; empty when the server is to be reached without one.
  // Throws UnusableCredential.
  [[nodiscard]] virtual std::optional<std::string> bearer_token() = 0;

  // Looks for a successor of a token that the server refused. Throws UnusableCredential.
  [[nodiscard]] virtual std::optional<std::string> successor_of(const std::string& refused) = 0;

  // What is known about why the server refused a token, for the error; may be empty.
  [[nodiscard]] virtual std::string explain_refusal(const std::string& refused) const = 0;
};

// What the caller set on the session; empty strings count as not set.
struct ExplicitCredential {
  std::string token;
  std::string tokens_file;
};

// The credential of the strongest rank that has one: the session's parameters, then IQM_TOKEN or IQM_TOKENS_FILE,
// then QDMI_AUTH_FILE. A weaker rank is never looked at, so that a parameter cannot be overruled by an environment
// somebody else prepared. Throws AmbiguousCredential when one rank holds both a token and a file, and
// UnusableCredential when the tokens file cannot be used.
[[nodiscard]] std::unique_ptr<TokenSource> resolve_credential(const ExplicitCredential& given, WallClock now);

}  // namespace iqm::auth
