// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sitepolicy/policy.hpp"

namespace sitepolicy {

// Whether a tokens file can be used by the user that this process runs as: it is there, a regular file of at most 64
// KiB, readable, not open to everybody, owned by this user or root, a JSON object with an `access_token`, and that has
// not expired at `now`, in seconds since the epoch. Opening it neither waits nor takes a terminal over.
[[nodiscard]] std::optional<Rejection> check_tokens_file(const std::string& path, std::int64_t now);

}  // namespace sitepolicy
