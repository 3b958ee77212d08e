// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "model/circuit.hpp"

namespace iqm::server {

// Where the author of a circuit may write down its classical registers: [[name, size], ...] in order of declaration.
inline constexpr std::string_view kRegisters = "qdmikit_registers";

// What a circuit does and measures, from a text that is written plainly. None when it is written otherwise, or is no
// circuit: read_program() then finds out which.
[[nodiscard]] std::optional<model::CircuitOutline> scan_circuit(std::string_view program);

}  // namespace iqm::server
