// SPDX-License-Identifier: Apache-2.0
// The server's description of its machines: discovery, architectures, availability.
#include "server/iqm_server.hpp"
#include "server/routes.hpp"
#include "support/error.hpp"

namespace iqm::server {
namespace {

std::string optional_string(const JsonView& object, const char* name) {
  const auto field = object.optional_field(name);
  return field && field->raw().is_string() ? field->string() : std::string();
}

std::vector<std::string> string_list(const JsonView& list) {
  std::vector<std::string> strings;
  strings.reserve(list.array().size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    strings.push_back(list.element(i).string());
  }
  return strings;
}

model::Gate parse_gate(const JsonView& view) {
  model::Gate gate;
  gate.default_implementation = view.field("default_implementation").string();
  const auto implementation = view.field("implementations").optional_field(gate.default_implementation.c_str());
  if (implementation) {
    const JsonView loci = implementation->field("loci").array();
    for (std::size_t i = 0; i < loci.size(); ++i) {
      gate.loci.push_back(string_list(loci.element(i)));
    }
  }
  if (const auto overrides = view.optional_field("override_default_implementation");
      overrides && overrides->raw().is_object()) {
    for (const auto& [joined, name] : overrides->raw().items()) {
      if (!name.is_string()) {
        continue;
      }
      model::Locus locus;
      for (std::size_t begin = 0; begin <= joined.size();) {
        const std::size_t end = std::min(joined.find(',', begin), joined.size());
        locus.push_back(joined.substr(begin, end - begin));
        begin = end + 1;
      }
      gate.overriding_implementation.emplace(std::move(locus), name.get<std::string>());
    }
  }
  return gate;
}

}  // namespace

std::vector<model::QuantumComputer> IqmServer::quantum_computers(const Call& call) const {
  const Reply reply = exchange_.get(routes::quantum_computers(), call);
  const JsonDocument document = reply.json();
  const JsonView list = JsonView(document.value(), reply.source).field("quantum_computers").array();
  std::vector<model::QuantumComputer> computers;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const JsonView entry = list.element(i);
    computers.push_back({.id = entry.field("id").string(),
                         .alias = entry.field("alias").string(),
                         .display_name = optional_string(entry, "display_name")});
  }
  return computers;
}

model::StaticArchitecture IqmServer::static_architecture(const std::string& computer, const Call& call) const {
  const Reply reply = exchange_.get(routes::static_architecture(computer), call);
  const JsonDocument document = reply.json();
  const JsonView list = JsonView(document.value(), reply.source).array();
  if (list.size() != 1) {
    list.fail("does not hold exactly one architecture");
  }
  const JsonView entry = list.element(0);
  model::StaticArchitecture architecture;
  architecture.qubits = string_list(entry.field("qubits"));
  if (const auto resonators = entry.optional_field("computational_resonators")) {
    architecture.computational_resonators = string_list(*resonators);
  }
  const JsonView connectivity = entry.field("connectivity").array();
  for (std::size_t i = 0; i < connectivity.size(); ++i) {
    const JsonView pair = connectivity.element(i).array();
    if (pair.size() != 2) {
      pair.fail("does not name two components");
    }
    architecture.connectivity.emplace_back(pair.element(0).string(), pair.element(1).string());
  }
  return architecture;
}

model::DynamicArchitecture IqmServer::dynamic_architecture(const std::string& computer, const std::string& set,
                                                           const Call& call) const {
  const Reply reply = exchange_.get(routes::dynamic_architecture(computer, set), call);
  const JsonDocument document = reply.json();
  const JsonView view(document.value(), reply.source);
  model::DynamicArchitecture architecture;
  architecture.calibration_set_id = view.field("calibration_set_id").string();
  if (architecture.calibration_set_id.empty()) {
    view.field("calibration_set_id").fail("is empty");
  }
  const JsonView gates = view.field("gates").object();
  for (const auto& [name, value] : gates.raw().items()) {
    architecture.gates.emplace(name, parse_gate(gates.field(name.c_str())));
  }
  return architecture;
}

std::optional<model::Limits> IqmServer::limits(const std::string& computer, const Call& call) const {
  try {
    const Reply reply = exchange_.get(routes::limits(computer), call);
    const JsonDocument document = reply.json();
    const JsonView view = JsonView(document.value(), reply.source).object();
    const auto number = [&view](const char* name) -> std::optional<std::size_t> {
      const auto field = view.optional_field(name);
      return field && field->raw().is_number_unsigned() ? std::optional(field->unsigned_integer()) : std::nullopt;
    };
    return model::Limits{.executions_per_job = number("max_executions_per_job"),
                         .instructions_per_circuit = number("max_instructions_per_circuit"),
                         .circuits_per_job = number("max_circuits_per_job"),
                         .shots_per_circuit = number("max_shots_per_circuit")};
  } catch (const NotFound&) {
    return std::nullopt;
  }
}

std::optional<bool> IqmServer::healthy(const std::string& computer, const Call& call) const {
  try {
    const Reply reply = exchange_.get(routes::health(computer), call);
    const JsonDocument document = reply.json();
    const JsonView healthy = JsonView(document.value(), reply.source).field("healthy");
    if (!healthy.raw().is_boolean()) {
      healthy.fail("is not a boolean");
    }
    return healthy.raw().get<bool>();
  } catch (const NotFound&) {
    return std::nullopt;
  }
}

std::optional<model::QueueAvailability> IqmServer::queue_availability(const std::string& computer,
                                                                      const Call& call) const {
  try {
    const Reply reply = exchange_.get(routes::queue_availability(computer), call);
    const JsonDocument document = reply.json();
    const JsonView view = JsonView(document.value(), reply.source).object();
    model::QueueAvailability availability;
    if (const auto length = view.optional_field("queue_length"); length && length->raw().is_number_unsigned()) {
      availability.queue_length = length->unsigned_integer();
    }
    if (const auto slots = view.optional_field("available"); slots && slots->raw().is_array()) {
      availability.open = slots->size() > 0;
    }
    return availability;
  } catch (const NotFound&) {
    return std::nullopt;
  }
}

}  // namespace iqm::server
