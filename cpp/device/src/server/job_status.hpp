// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "iqm_qdmi/constants.h"

namespace iqm::server {

// QDMI's status for a native one; none for a status that this library does not know.
[[nodiscard]] std::optional<QDMI_Job_Status> job_status_from_native(std::string_view native);

// The same, with RUNNING for a status that this library does not know, logged once: as far as anybody here can tell,
// such a job is not finished.
[[nodiscard]] QDMI_Job_Status job_status_or_running(const std::string& native);

}  // namespace iqm::server
