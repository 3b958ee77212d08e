// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/histogram.hpp"
#include "model/readout.hpp"

namespace iqm::core {

// How many shots the results of a program must have: heralding drops some, nothing else does.
struct ExpectedShots {
  std::size_t number = 0;
  bool heralded = false;
};

// How the measured bits of one circuit are arranged in the strings that QDMI returns: leftmost the highest classical
// bit, later registers to the left, classical bits that were never measured read 0. The order in which the server lists
// its measurement keys plays no part.
class ReadoutLayout {
 public:
  explicit ReadoutLayout(model::CircuitReadout readout);

  // For a circuit that nobody has at hand: classical registers when the keys tell them, else the order in which the
  // server lists its keys, the first one leftmost.
  [[nodiscard]] static ReadoutLayout of_listed(std::vector<model::MeasurementKey> keys);

  // The histogram in QDMI's bit order. Throws ProtocolError when the reply does not fit the circuit or the shots.
  [[nodiscard]] Histogram arrange(const model::MeasurementCounts& counts, const ExpectedShots& expected) const;

  // All shots in QDMI's bit order, one string each, comma separated. Throws ProtocolError likewise.
  [[nodiscard]] std::string arrange(const model::MeasurementShots& shots, const ExpectedShots& expected) const;

  // The histogram of shots that arrange() returned.
  [[nodiscard]] Histogram count(std::string_view shots) const;

  // The length of every string.
  [[nodiscard]] std::size_t width() const { return sources_.size(); }

 private:
  ReadoutLayout() = default;

  static constexpr std::size_t kNeverMeasured = static_cast<std::size_t>(-1);

  // Which bit of which key a character comes from; `key` counts in program order.
  struct Source {
    std::size_t key = kNeverMeasured;
    std::size_t bit = 0;
  };

  // `guess`: where the key probably is.
  [[nodiscard]] std::size_t key_index(const std::string& name, std::size_t guess = 0) const;
  // Where the bits of each key begin in the server's outcomes, in program order of the keys.
  [[nodiscard]] std::vector<std::size_t> offsets_of(const std::vector<std::string>& listed) const;

  std::vector<model::MeasurementKey> keys_;
  std::vector<Source> sources_;  // leftmost character first
};

}  // namespace iqm::core
