// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "auth/credential.hpp"

namespace iqm::auth {

// The access token of a tokens file, which another program rewrites before the token expires. It is read again when the
// token at hand has no more than a minute left, and when the server refuses it.
class FileToken final : public TokenSource {
 public:
  // Throws UnusableCredential when the file cannot be used now.
  FileToken(std::string path, WallClock now);

  [[nodiscard]] std::optional<std::string> bearer_token() override;
  [[nodiscard]] std::optional<std::string> successor_of(const std::string& refused) override;
  [[nodiscard]] std::string explain_refusal(const std::string& refused) const override;

 private:
  struct Token {
    std::string text;
    std::optional<std::int64_t> expiry;  // seconds since the epoch
  };

  // Reads the file and keeps what it holds. Throws UnusableCredential, also when that has expired.
  Token read();

  std::string path_;
  WallClock now_;
  std::mutex mutex_;
  Token token_;
};

}  // namespace iqm::auth
