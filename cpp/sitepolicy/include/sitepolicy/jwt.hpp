// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sitepolicy {

// When a token stops being valid, in seconds since the epoch: the claim `exp` of a JSON Web Token (RFC 7519). None for
// a token of any other form and for a JWT without that claim; such tokens are opaque here, and only the server can
// tell. The signature is not looked at: whoever holds the token may read its expiry, and the server checks the rest.
[[nodiscard]] std::optional<std::int64_t> jwt_expiry(std::string_view token);

}  // namespace sitepolicy
