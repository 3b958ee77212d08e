// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/handles.hpp"
#include "core/identities.hpp"
#include "model/architecture.hpp"
#include "model/quality_metrics.hpp"
#include "model/quantum_computer.hpp"

namespace iqm::core {

struct SiteValues {
  std::optional<std::uint64_t> t1_ns;
  std::optional<std::uint64_t> t2_ns;
};

struct OperationValues {
  std::size_t qubits = 0;
  std::size_t parameters = 0;
  bool directed = false;                                          // the order of the sites matters
  std::vector<Handle> sites;                                      // the loci one after the other
  std::map<std::vector<Handle>, std::optional<double>> fidelity;  // one entry per locus
};

// Everything the session knows of its machine at one moment. Never changed once built: a query reads one snapshot and
// a new calibration brings a new one.
struct Snapshot {
  model::QuantumComputer computer;
  std::string calibration_set_id;
  std::size_t qubits = 0;  // the first so many sites are qubits, resonators follow
  std::vector<Handle> sites;
  std::vector<Handle> operations;
  std::vector<Handle> coupling_map;  // pairs, both directions
  std::map<Handle, SiteValues> site_values;
  std::map<Handle, OperationValues> operation_values;
};

// Throws ProtocolError when the server's documents contradict each other.
[[nodiscard]] Snapshot build_snapshot(const model::QuantumComputer& computer,
                                      const model::StaticArchitecture& architecture,
                                      const model::DynamicArchitecture& dynamic, const model::QualityMetrics& metrics,
                                      IdentityTable& sites, IdentityTable& operations);

}  // namespace iqm::core
