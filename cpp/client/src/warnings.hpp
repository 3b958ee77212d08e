// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "qdmikit/warning.hpp"

namespace qdmikit::detail {

// Whether anybody wants to know, before a text is made of it.
[[nodiscard]] bool warnings_are_wanted();

void tell(const Warning& warning);

}  // namespace qdmikit::detail
