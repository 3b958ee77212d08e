// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "iqm_qdmi/constants.h"

namespace iqm::server {

// QDMI's status for a native one; none for a status that this library does not know.
[[nodiscard]] std::optional<QDMI_Job_Status> job_status_from_native(std::string_view native);

}  // namespace iqm::server
