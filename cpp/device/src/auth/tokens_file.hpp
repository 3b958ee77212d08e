// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace iqm::auth {

// The `access_token` of a tokens file, a JSON object as IQM's login client writes it: a regular file of at most 64 KiB,
// and one that nobody else may read when IQM_REQUIRE_PRIVATE_TOKENS_FILE=1.
// Throws UnusableCredential, which names the file and never its content.
[[nodiscard]] std::string read_access_token(const std::string& path);

// The token itself when a header line can carry it: one that ends the line could smuggle a header of its own into every
// request. Throws UnusableCredential, which names `origin` and never the token.
[[nodiscard]] std::string checked_token(std::string token, const std::string& origin);

}  // namespace iqm::auth
