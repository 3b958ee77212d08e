// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/architecture.hpp"
#include "model/readout.hpp"

namespace iqm::model {

struct Instruction {
  std::string name;
  Locus locus;
  bool chooses_implementation = false;  // rather than taking the calibration set's default one

  bool operator==(const Instruction&) const = default;
};

// What a program does where, as far as this library needs to know it before the program is sent.
struct CircuitOutline {
  std::vector<Instruction> instructions;  // empty where the form of the program does not tell
  CircuitReadout readout;

  bool operator==(const CircuitOutline&) const = default;
};

}  // namespace iqm::model
