// SPDX-License-Identifier: Apache-2.0
#pragma once

// Everything: open a device library, ask the device what it is, run programs on it.
#include "qdmikit/amplitudes.hpp"          // IWYU pragma: export
#include "qdmikit/bitstrings.hpp"          // IWYU pragma: export
#include "qdmikit/counts.hpp"              // IWYU pragma: export
#include "qdmikit/device.hpp"              // IWYU pragma: export
#include "qdmikit/device_property.hpp"     // IWYU pragma: export
#include "qdmikit/device_status.hpp"       // IWYU pragma: export
#include "qdmikit/error.hpp"               // IWYU pragma: export
#include "qdmikit/job.hpp"                 // IWYU pragma: export
#include "qdmikit/job_property.hpp"        // IWYU pragma: export
#include "qdmikit/job_result.hpp"          // IWYU pragma: export
#include "qdmikit/job_status.hpp"          // IWYU pragma: export
#include "qdmikit/library.hpp"             // IWYU pragma: export
#include "qdmikit/operation.hpp"           // IWYU pragma: export
#include "qdmikit/operation_property.hpp"  // IWYU pragma: export
#include "qdmikit/packed_shots.hpp"        // IWYU pragma: export
#include "qdmikit/program_format.hpp"      // IWYU pragma: export
#include "qdmikit/session.hpp"             // IWYU pragma: export
#include "qdmikit/session_parameter.hpp"   // IWYU pragma: export
#include "qdmikit/site.hpp"                // IWYU pragma: export
#include "qdmikit/site_property.hpp"       // IWYU pragma: export
#include "qdmikit/snapshot.hpp"            // IWYU pragma: export
#include "qdmikit/status.hpp"              // IWYU pragma: export
#include "qdmikit/wait_outcome.hpp"        // IWYU pragma: export
#include "qdmikit/warning.hpp"             // IWYU pragma: export
