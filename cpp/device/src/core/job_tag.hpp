// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace iqm::core {

// The label under which the server's operators find a job: IQM_JOB_TAG, else, inside a Slurm job,
// `slurm:<cluster>:<job id>`. At most 50 characters, which is what the server keeps; empty when there is none.
[[nodiscard]] std::string job_tag();

}  // namespace iqm::core
