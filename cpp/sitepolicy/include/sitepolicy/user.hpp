// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace sitepolicy {

// A user of this machine.
struct User {
  std::string name;
  unsigned id = 0;
  unsigned group = 0;
  std::vector<std::string> groups;

  // Throws std::invalid_argument if there is none of that name.
  static User named(const std::string& name);
  static User with_id(unsigned id);
};

// Become this user for good, so that files are judged as they would be in the user's job. Returns why not, if so.
[[nodiscard]] std::optional<std::string> become(const User& user);

}  // namespace sitepolicy
