// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "abi.hpp"

namespace qdmikit::detail {

struct ResolvedSymbols {
  FunctionTable functions;
  std::vector<std::string> missing;  // the mandatory ones that the library lacks, in full
  bool has_any = false;              // at least one symbol with this prefix exists
  bool is_qdmi_1_3 = false;          // it has what QDMI 1.3 asks for, not what 1.4 added
};

// Look up the functions of a device library; the handle is dlopen()'s.
[[nodiscard]] ResolvedSymbols resolve_symbols(void* handle, std::string_view prefix);

}  // namespace qdmikit::detail
