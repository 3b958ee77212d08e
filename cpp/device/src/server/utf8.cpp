// SPDX-License-Identifier: Apache-2.0
#include "server/utf8.hpp"

#include <nlohmann/json.hpp>

namespace iqm::server {

bool is_utf8(std::string_view text) {
  try {
    return !nlohmann::json(text).dump().empty();
  } catch (const nlohmann::json::type_error&) {
    return false;
  }
}

}  // namespace iqm::server
