// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace iqm::auth {

// The `access_token` of a tokens file, a JSON object as IQM's login client writes it.
// Throws UnusableCredential, which names the file and never its content.
[[nodiscard]] std::string read_access_token(const std::string& path);

}  // namespace iqm::auth
