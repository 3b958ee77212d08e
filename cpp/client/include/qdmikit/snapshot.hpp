// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "qdmikit/device_status.hpp"
#include "qdmikit/program_format.hpp"

namespace qdmikit {

// Times are in seconds, lengths in metres. Sites are named by their index.

/// What was known about a site. See Site.
struct SiteSnapshot {
  std::size_t index = 0;
  std::optional<std::string> name;
  std::optional<double> t1;
  std::optional<double> t2;
  std::optional<double> x;
  std::optional<double> y;
  std::optional<double> z;
  bool is_zone = false;
  std::optional<double> x_extent;
  std::optional<double> y_extent;
  std::optional<double> z_extent;
  std::optional<std::uint64_t> module_index;
  std::optional<std::uint64_t> submodule_index;

  friend bool operator==(const SiteSnapshot&, const SiteSnapshot&) = default;
};

/// One place where an operation could be applied, with its figures there.
struct Locus {
  std::vector<std::size_t> sites;
  std::optional<double> duration;
  std::optional<double> fidelity;

  friend bool operator==(const Locus&, const Locus&) = default;
};

/// What was known about an operation. See Operation.
struct OperationSnapshot {
  std::string name;
  std::optional<std::size_t> qubits_num;
  std::optional<std::size_t> parameters_num;
  bool is_zoned = false;
  std::optional<double> duration;  ///< for all places at once, where the device has such a figure
  std::optional<double> fidelity;  ///< for all places at once, where the device has such a figure
  std::optional<double> interaction_radius;
  std::optional<double> blocking_radius;
  std::optional<double> idling_fidelity;
  std::optional<double> mean_shuttling_speed;  ///< in metres per second
  std::optional<std::vector<Locus>> loci;      ///< none: the device does not say where

  friend bool operator==(const OperationSnapshot&, const OperationSnapshot&) = default;
};

/// A device as it was: plain values without a session. See Device::snapshot() for what holds them together.
struct Snapshot {
  std::chrono::system_clock::time_point taken_at;  ///< when the reading began
  std::string name;
  std::string version;
  std::optional<std::string> library_version;
  std::optional<std::string> id;
  std::optional<std::string> marker;  ///< the text of the custom property that was asked to mark the state
  std::optional<DeviceStatus> status;
  std::optional<std::size_t> queue_length;
  std::size_t qubits_num = 0;
  std::vector<ProgramFormat> formats;
  std::optional<double> min_atom_distance;
  std::vector<SiteSnapshot> sites;
  std::vector<OperationSnapshot> operations;
  std::optional<std::vector<std::pair<std::size_t, std::size_t>>> coupling_map;

  friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

}  // namespace qdmikit
