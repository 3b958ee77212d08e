// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace iqm::model {

// Components (qubits and computational resonators) by name, in the order an operation acts on them.
using Locus = std::vector<std::string>;

// What is soldered: independent of any calibration.
struct StaticArchitecture {
  std::vector<std::string> qubits;
  std::vector<std::string> computational_resonators;
  std::vector<std::pair<std::string, std::string>> connectivity;  // undirected, each pair once
};

struct Gate {
  std::string default_implementation;
  std::vector<Locus> loci;                                 // of the default implementation
  std::map<Locus, std::string> overriding_implementation;  // where a locus uses another one
};

// What one calibration set makes usable.
struct DynamicArchitecture {
  std::string calibration_set_id;
  std::map<std::string, Gate> gates;
};

}  // namespace iqm::model
