// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/readout.hpp"

namespace iqm::core {

// How the measured bits of one circuit are arranged in the strings that QDMI returns: leftmost the highest classical
// bit, later registers to the left, classical bits that were never measured read 0. The order in which the server lists
// its measurement keys plays no part.
class ReadoutLayout {
 public:
  explicit ReadoutLayout(model::CircuitReadout readout);

  // The histogram in QDMI's bit order. Throws ProtocolError when the reply does not fit the circuit.
  [[nodiscard]] std::vector<std::pair<std::string, std::size_t>> arrange(const model::MeasurementCounts& counts) const;

  // All shots in QDMI's bit order, one string each, comma separated. Throws ProtocolError likewise.
  [[nodiscard]] std::string arrange(const model::MeasurementShots& shots, std::size_t expected_shots) const;

  // The length of every string.
  [[nodiscard]] std::size_t width() const { return sources_.size(); }

 private:
  static constexpr std::size_t kNeverMeasured = static_cast<std::size_t>(-1);

  // Which bit of which key a character comes from; `key` counts in program order.
  struct Source {
    std::size_t key = kNeverMeasured;
    std::size_t bit = 0;
  };

  [[nodiscard]] std::size_t key_index(const std::string& name) const;

  std::vector<model::MeasurementKey> keys_;
  std::vector<Source> sources_;  // leftmost character first
};

}  // namespace iqm::core
