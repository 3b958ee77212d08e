// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace iqm {

// The value of an environment variable. An empty variable counts as unset: a site that clears a variable with
// `export X=` means "none".
[[nodiscard]] std::optional<std::string> environment_variable(const char* name);

}  // namespace iqm
