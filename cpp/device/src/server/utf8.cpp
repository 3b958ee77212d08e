// SPDX-License-Identifier: Apache-2.0
#include "server/utf8.hpp"

#include "support/json.hpp"

namespace iqm::server {

bool is_utf8(std::string_view text) {
  try {
    return !Json(text).dump().empty();
  } catch (const Json::type_error&) {
    return false;
  }
}

}  // namespace iqm::server
