// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "iqm_qdmi/constants.h"
#include "model/circuit.hpp"
#include "support/error.hpp"

namespace iqm::model {

// A run request that the server has, as far as results need it.
struct SubmittedPayload {
  std::vector<CircuitOutline> circuits;
  std::optional<QDMI_Program_Format> format;  // none when the circuits have different ones
  std::optional<std::size_t> shots;
  bool heralded = false;
};

// A job as the server last described it.
struct JobReport {
  std::string id;
  QDMI_Job_Status status = QDMI_JOB_STATUS_SUBMITTED;
  std::optional<std::size_t> queue_position;
  std::vector<ServerError> errors;
  std::string type;                     // empty when the server does not say
  std::optional<std::size_t> circuits;  // how many the server is executing
  std::string calibration_set_id;       // of a calibration that succeeded: the new set
};

[[nodiscard]] constexpr bool is_terminal(QDMI_Job_Status status) {
  return status == QDMI_JOB_STATUS_DONE || status == QDMI_JOB_STATUS_CANCELED || status == QDMI_JOB_STATUS_FAILED;
}

}  // namespace iqm::model
