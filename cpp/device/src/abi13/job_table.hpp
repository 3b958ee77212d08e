// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "abi/tables.hpp"
#include "abi13/job.hpp"

namespace iqm::abi13 {

// Throws InvalidArgument for a handle that is null, stale or not of this library.
[[nodiscard]] std::shared_ptr<Job> job_of(IQM_QDMI_Device_Job handle);

}  // namespace iqm::abi13
