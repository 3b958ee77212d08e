// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/transport.hpp"
#include "server/json_document.hpp"
#include "support/error.hpp"

namespace iqm::server {

// One error object of the API: {message | detail, error_code, source}. None when it has no readable message.
[[nodiscard]] std::optional<ServerError> parse_server_error(const Json& value);

// An `errors` list; entries that say nothing readable are left out.
[[nodiscard]] std::vector<ServerError> parse_server_errors(const Json& value);

// The typed error for a reply that is not 2xx, with everything its body says, and a hint of our own when there is one.
[[noreturn]] void throw_for_status(const std::string& source, const http::Response& response, const std::string& hint);

}  // namespace iqm::server
