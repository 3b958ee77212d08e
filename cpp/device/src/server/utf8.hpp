// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace iqm::server {

// Whether a text can stand in a JSON document. Callers' texts come as bytes, and JSON has no others than UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace iqm::server
