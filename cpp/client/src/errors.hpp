// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "qdmikit/error.hpp"

namespace qdmikit::detail {

// Throw the class that mirrors the detail: by its kind where the client knows that, else by its status.
[[noreturn]] void throw_error(const std::string& what, ErrorDetail detail);

// A failure that the client found by itself, in or about a library.
template <typename ErrorClass>
[[noreturn]] void fail(Status status, const std::string& what, const std::filesystem::path& library = {},
                       const std::string& function = {}) {
  throw ErrorClass(what, {.status = status, .message = what, .function = function, .library = library});
}

}  // namespace qdmikit::detail
