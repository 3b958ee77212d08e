// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace iqm::model {

struct ClassicalRegister {
  std::string name;
  std::size_t size = 0;
};

struct MeasurementKey {
  std::string name;
  std::size_t width = 1;  // bits: the number of components measured under this key
};

// What a circuit measures: its keys in program order and, when its author wrote them down, its classical registers.
struct CircuitReadout {
  std::vector<MeasurementKey> keys;
  std::optional<std::vector<ClassicalRegister>> registers;
};

// One circuit's histogram as the server sends it: each string concatenates the bits of `keys` in the order listed.
struct MeasurementCounts {
  std::vector<std::string> keys;
  std::map<std::string, std::uint64_t> counts;
};

// One circuit's shots: rows[key][shot] holds the bits of that key, packed in one string of '0' and '1' per key.
struct MeasurementShots {
  std::size_t shots = 0;
  std::map<std::string, std::string> bits;  // key -> shots * width characters, shot by shot
};

}  // namespace iqm::model
