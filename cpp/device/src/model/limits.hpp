// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

namespace iqm::model {

// The largest job that the server takes; none where it does not say. An execution is one shot of one circuit.
struct Limits {
  std::optional<std::size_t> executions_per_job;
  std::optional<std::size_t> instructions_per_circuit;
  std::optional<std::size_t> circuits_per_job;
  std::optional<std::size_t> shots_per_circuit;
};

}  // namespace iqm::model
