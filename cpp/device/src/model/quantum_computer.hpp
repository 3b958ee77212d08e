// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace iqm::model {

struct QuantumComputer {
  std::string id;
  std::string alias;
  std::string display_name;  // empty when the server gives none
};

}  // namespace iqm::model
