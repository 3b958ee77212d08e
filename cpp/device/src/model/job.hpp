// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "iqm_qdmi/constants.h"
#include "support/error.hpp"

namespace iqm::model {

// A job as the server last described it.
struct JobReport {
  std::string id;
  QDMI_Job_Status status = QDMI_JOB_STATUS_SUBMITTED;
  std::optional<std::size_t> queue_position;
  std::vector<ServerError> errors;
};

[[nodiscard]] constexpr bool is_terminal(QDMI_Job_Status status) {
  return status == QDMI_JOB_STATUS_DONE || status == QDMI_JOB_STATUS_CANCELED || status == QDMI_JOB_STATUS_FAILED;
}

}  // namespace iqm::model
