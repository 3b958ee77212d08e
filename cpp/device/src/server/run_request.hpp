// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "iqm_qdmi/constants.h"
#include "model/circuit.hpp"
#include "server/json_document.hpp"

namespace iqm::server {

// Reads what a program does and measures, and with it whether it is one at all. Throws InvalidProgram.
[[nodiscard]] model::CircuitOutline read_program(std::string_view program, QDMI_Program_Format format);

// The same for the `circuits` of a run request that was sent earlier. Throws InvalidProgram.
[[nodiscard]] std::vector<model::CircuitOutline> read_submitted_circuits(const Json& circuits);

// The body of a circuit submission. Circuits go in exactly as their authors wrote them, parsed by read_program() but
// never written anew; `options` is an object with the other members of the request.
[[nodiscard]] std::string run_request(const std::vector<std::string_view>& programs, QDMI_Program_Format format,
                                      std::size_t shots, const std::string& calibration_set_id, const Json& options);

}  // namespace iqm::server
