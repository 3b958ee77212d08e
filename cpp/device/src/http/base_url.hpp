// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace iqm::http {

// The server's root URL in the one form that routes are appended to: scheme and host checked, no trailing slash.
// Throws InvalidBaseUrl for anything but http and https, and for a URL that carries credentials, a query or a fragment.
[[nodiscard]] std::string normalized_base_url(const std::string& url);

// Whether a secret may travel to this URL: always over https; over plain http only to this machine itself, or when the
// operator says so with IQM_ALLOW_INSECURE_HTTP=1.
[[nodiscard]] bool may_carry_secrets(const std::string& normalized_url);

}  // namespace iqm::http
