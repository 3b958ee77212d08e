// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace iqm::http {

// Seconds since the epoch of a date in any of the forms of RFC 9110, section 5.6.7.
[[nodiscard]] std::optional<std::int64_t> parse_http_date(const std::string& text);

}  // namespace iqm::http
