// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <tuple>

#include "model/architecture.hpp"

namespace iqm::model {

// The figures measured for one calibration set. Times in seconds, fidelities in [0, 1].
struct QualityMetrics {
  using OperationKey = std::tuple<std::string, std::string, Locus>;  // gate, implementation, locus

  std::string calibration_set_id;  // the set they describe; empty when the server does not say
  std::map<std::string, double> t1;
  std::map<std::string, double> t2;
  std::map<OperationKey, double> fidelity;
};

}  // namespace iqm::model
