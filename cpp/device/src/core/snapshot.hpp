// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/deferred.hpp"
#include "core/handles.hpp"
#include "core/identities.hpp"
#include "model/architecture.hpp"
#include "model/calibration_set.hpp"
#include "model/quality_metrics.hpp"
#include "model/quantum_computer.hpp"

namespace iqm::core {

struct SiteValues {
  std::optional<std::uint64_t> t1_ns;
  std::optional<std::uint64_t> t2_ns;
};

// An operation at one locus.
struct LocusValues {
  model::QualityMetrics::OperationKey key;  // how the server's observations call it
  std::optional<double> fidelity;
};

struct OperationValues {
  std::size_t qubits = 0;
  std::size_t parameters = 0;
  bool directed = false;      // the order of the sites matters
  std::vector<Handle> sites;  // the loci one after the other
  std::map<std::vector<Handle>, LocusValues> loci;
};

// Everything the session knows of its machine at one moment. Never changed once built: a query reads one snapshot and
// a new calibration brings a new one.
struct Snapshot {
  model::QuantumComputer computer;
  std::string calibration_set_id;
  std::shared_ptr<Deferred<model::OperationDurations>> durations;
  std::size_t qubits = 0;  // the first so many sites are qubits, resonators follow
  std::vector<Handle> sites;
  std::vector<Handle> operations;
  std::vector<Handle> coupling_map;  // pairs, both directions
  std::map<Handle, SiteValues> site_values;
  std::map<Handle, OperationValues> operation_values;
};

// Whole nanoseconds; none for a figure that no operation or coherence time can have.
[[nodiscard]] std::optional<std::uint64_t> nanoseconds(double seconds);

// The figure of an operation at a locus; servers list a symmetric gate in one of its two directions. Null when there is
// none.
[[nodiscard]] const double* find_at_locus(const std::map<model::QualityMetrics::OperationKey, double>& figures,
                                          const model::QualityMetrics::OperationKey& key);

// Throws ProtocolError when the server's documents contradict each other.
[[nodiscard]] Snapshot build_snapshot(const model::QuantumComputer& computer,
                                      const model::StaticArchitecture& architecture,
                                      const model::DynamicArchitecture& dynamic, const model::QualityMetrics& metrics,
                                      IdentityTable& sites, IdentityTable& operations);

}  // namespace iqm::core
