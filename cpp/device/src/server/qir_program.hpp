// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "model/circuit.hpp"

namespace iqm::server {

// What a program in the base profile of QIR (QIR specification 1.0, LLVM assembly as text) measures. The server names
// the measurement of result r `m_1_{r}_0`; the results are the classical bits. Throws InvalidProgram for a text that is
// no such program.
[[nodiscard]] model::CircuitOutline read_qir(std::string_view program);

}  // namespace iqm::server
