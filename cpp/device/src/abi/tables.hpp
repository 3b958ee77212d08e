// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "abi/guard.hpp"
#include "core/handles.hpp"
#include "core/job.hpp"
#include "core/session.hpp"
#include "iqm_qdmi/device.h"

namespace iqm::abi {

// Everything that a caller of this library holds a handle to.
core::HandleTable<core::Session>& sessions();
core::HandleTable<core::Job>& jobs();

// Throw InvalidArgument for handles that are null, stale or not of this library.
[[nodiscard]] std::shared_ptr<core::Session> session_of(IQM_QDMI_Device_Session handle);
[[nodiscard]] std::shared_ptr<core::Job> job_of(IQM_QDMI_Device_Job handle);

}  // namespace iqm::abi
