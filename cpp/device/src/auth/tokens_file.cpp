// SPDX-License-Identifier: Apache-2.0
#include "auth/tokens_file.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <system_error>

#include "support/error.hpp"

namespace iqm::auth {

std::string read_access_token(const std::string& path) {
  errno = 0;
  std::ifstream file(path);
  const std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) {
    const std::error_code reason(errno, std::generic_category());
    throw UnusableCredential("cannot read the tokens file '" + path + "': " + reason.message());
  }
  const auto json = nlohmann::json::parse(content, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    throw UnusableCredential("the tokens file '" + path + "' is not a JSON object; log in again to have it rewritten");
  }
  const auto token = json.find("access_token");
  if (token == json.end() || !token->is_string() || token->get_ref<const std::string&>().empty()) {
    throw UnusableCredential("the tokens file '" + path +
                             "' has no string 'access_token'; log in again to have it rewritten");
  }
  return token->get<std::string>();
}

}  // namespace iqm::auth
