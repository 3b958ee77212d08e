// SPDX-License-Identifier: Apache-2.0
#include "support/environment.hpp"

#include <cstdlib>

namespace iqm {

std::optional<std::string> environment_variable(const char* name) {
  const char* value =
      std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing in this library writes the environment
  if (value == nullptr || *value == '\0') {
    return std::nullopt;
  }
  return value;
}

}  // namespace iqm
