// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "abi.hpp"
#include "qdmikit/error.hpp"

namespace qdmikit::detail {

// What the extension <prefix>_QDMI_device_last_error tells about the failure of `function` with `status` on this
// thread. Nothing when the library lacks it, or tells about another call.
[[nodiscard]] std::optional<ErrorDetail> ask_last_error(const FunctionTable& functions, std::string_view function,
                                                        Status status);

// The text of that extension, read. Nothing for text that is not what the extension promises.
[[nodiscard]] std::optional<ErrorDetail> parse_last_error(std::string_view json, std::string_view function,
                                                          Status status);

}  // namespace qdmikit::detail
