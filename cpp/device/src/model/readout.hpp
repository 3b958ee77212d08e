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

  bool operator==(const ClassicalRegister&) const = default;
};

struct MeasurementKey {
  std::string name;
  std::size_t width = 1;  // bits: the number of components measured under this key

  bool operator==(const MeasurementKey&) const = default;
};

// What a circuit measures: its keys in program order and, when its author wrote them down, its classical registers.
struct CircuitReadout {
  std::vector<MeasurementKey> keys;
  std::optional<std::vector<ClassicalRegister>> registers;

  bool operator==(const CircuitReadout&) const = default;
};

// One circuit's histogram as the server sends it. Outcome k is `width` characters of `outcomes`, from k * width on: the
// bits of `keys` one after another, in the order listed.
struct MeasurementCounts {
  std::vector<std::string> keys;
  std::size_t width = 0;
  std::string outcomes;
  std::vector<std::uint64_t> counts;

  bool operator==(const MeasurementCounts&) const = default;
};

// One circuit's shots: per key the bits of all shots, one character each, shot by shot.
struct MeasurementShots {
  std::size_t shots = 0;
  std::map<std::string, std::string> bits;  // key -> shots * width characters
  std::vector<std::string> keys;            // in the order listed

  bool operator==(const MeasurementShots&) const = default;
};

}  // namespace iqm::model
