// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/readout.hpp"

namespace iqm::server {

// Reads what an IQM JSON circuit measures, and with it whether it is a circuit at all. Throws InvalidProgram.
[[nodiscard]] model::CircuitReadout read_circuit(std::string_view program);

// The body of a circuit submission. The circuits go in exactly as their authors wrote them, parsed by read_circuit()
// but never written anew.
[[nodiscard]] std::string run_request(const std::vector<std::string_view>& circuits, std::size_t shots,
                                      const std::string& calibration_set_id);

}  // namespace iqm::server
