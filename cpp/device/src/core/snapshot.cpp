// SPDX-License-Identifier: Apache-2.0
#include "core/snapshot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>

#include "support/error.hpp"
#include "support/log.hpp"

namespace iqm::core {
namespace {

// Entries of the server's gate list that are no operation a program could name: an alternative readout used for
// benchmarking, and the waiting that precedes every shot. Feedback (cc_prx) is part of prx in QDMI's terms.
constexpr std::array<std::string_view, 3> kNotOperations{"measure_fidelity", "reset_wait", "cc_prx"};

std::size_t parameter_count(const std::string& gate) {
  if (gate == "prx") {
    return 2;  // angle and phase
  }
  return gate == "prx_12" ? 1 : 0;
}

std::optional<std::uint64_t> time_of(const std::map<std::string, double>& seconds, const std::string& component) {
  const auto found = seconds.find(component);
  return found == seconds.end() ? std::nullopt : nanoseconds(found->second);
}

std::vector<Handle> handles_of(const model::Locus& locus, const std::map<std::string, Handle>& known,
                               const std::string& where) {
  std::vector<Handle> handles;
  handles.reserve(locus.size());
  for (const std::string& name : locus) {
    const auto found = known.find(name);
    if (found == known.end()) {
      throw ProtocolError(std::string("the server's ")
                              .append(where)
                              .append(" names the component '")
                              .append(name)
                              .append("', which its static architecture does not have"));
    }
    handles.push_back(found->second);
  }
  return handles;
}

LocusValues locus_values(const model::QualityMetrics& metrics, const std::string& name, const model::Gate& gate,
                         const model::Locus& locus) {
  const auto overriding = gate.overriding_implementation.find(locus);
  const std::string& implementation =
      overriding == gate.overriding_implementation.end() ? gate.default_implementation : overriding->second;
  LocusValues values{.key = {name, implementation, locus}, .fidelity = std::nullopt};
  if (const double* fidelity = find_at_locus(metrics.fidelity, values.key)) {
    values.fidelity = *fidelity;
  }
  return values;
}

OperationValues build_operation(const std::string& name, const model::Gate& gate, const model::QualityMetrics& metrics,
                                const std::map<std::string, Handle>& known) {
  OperationValues values{.qubits = gate.loci.front().size(),
                         .parameters = parameter_count(name),
                         .directed = name == "move",
                         .sites = {},
                         .loci = {}};
  for (const model::Locus& locus : gate.loci) {
    const auto handles = handles_of(locus, known, "gate '" + name + "'");
    values.sites.insert(values.sites.end(), handles.begin(), handles.end());
    values.loci.emplace(handles, locus_values(metrics, name, gate, locus));
  }
  return values;
}

bool usable(const std::string& name, const model::Gate& gate) {
  if (std::ranges::find(kNotOperations, name) != kNotOperations.end()) {
    return false;
  }
  if (gate.loci.empty() || gate.loci.front().empty()) {
    return false;  // not calibrated anywhere
  }
  const std::size_t size = gate.loci.front().size();
  if (!std::ranges::all_of(gate.loci, [size](const model::Locus& locus) { return locus.size() == size; })) {
    log::error("the gate '" + name + "' acts on differing numbers of components and is left out");
    return false;
  }
  return true;
}

}  // namespace

std::optional<std::uint64_t> nanoseconds(double seconds) {
  const double value = std::round(seconds * 1e9);
  // Beyond 2^63 ns lies nothing but a broken figure.
  if (!(value >= 1) || value > 9.2e18) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(value);
}

const double* find_at_locus(const std::map<model::QualityMetrics::OperationKey, double>& figures,
                            const model::QualityMetrics::OperationKey& key) {
  auto found = figures.find(key);
  const auto& [gate, implementation, locus] = key;
  if (found == figures.end() && gate == "cz") {
    found = figures.find({gate, implementation, model::Locus(locus.rbegin(), locus.rend())});
  }
  return found == figures.end() ? nullptr : &found->second;
}

Snapshot build_snapshot(const model::QuantumComputer& computer, const model::StaticArchitecture& architecture,
                        const model::DynamicArchitecture& dynamic, const model::QualityMetrics& metrics,
                        IdentityTable& sites, IdentityTable& operations) {
  Snapshot snapshot;
  snapshot.computer = computer;
  snapshot.calibration_set_id = dynamic.calibration_set_id;
  snapshot.qubits = architecture.qubits.size();

  std::map<std::string, Handle> known;
  for (const auto* names : {&architecture.qubits, &architecture.computational_resonators}) {
    for (const std::string& name : *names) {
      const Handle handle = sites.intern(name).handle;
      if (!known.emplace(name, handle).second) {
        throw ProtocolError("the server's static architecture lists the component '" + name + "' twice");
      }
      snapshot.sites.push_back(handle);
      snapshot.site_values.emplace(handle,
                                   SiteValues{.t1_ns = time_of(metrics.t1, name), .t2_ns = time_of(metrics.t2, name)});
    }
  }
  if (snapshot.qubits == 0) {
    throw ProtocolError("the server's static architecture has no qubits");
  }

  std::set<std::pair<Handle, Handle>> pairs;
  for (const auto& [first, second] : architecture.connectivity) {
    const auto ends = handles_of({first, second}, known, "connectivity");
    for (const auto& pair : {std::pair(ends[0], ends[1]), std::pair(ends[1], ends[0])}) {
      if (pairs.insert(pair).second) {
        snapshot.coupling_map.push_back(pair.first);
        snapshot.coupling_map.push_back(pair.second);
      }
    }
  }

  for (const auto& [name, gate] : dynamic.gates) {
    if (usable(name, gate)) {
      const Handle handle = operations.intern(name).handle;
      snapshot.operations.push_back(handle);
      snapshot.operation_values.emplace(handle, build_operation(name, gate, metrics, known));
    }
  }
  return snapshot;
}

}  // namespace iqm::core
