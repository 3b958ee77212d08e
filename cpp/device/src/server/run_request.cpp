// SPDX-License-Identifier: Apache-2.0
#include "server/run_request.hpp"

#include <algorithm>
#include <set>

#include "server/plain_circuit.hpp"
#include "server/qir_program.hpp"
#include "server/utf8.hpp"
#include "support/error.hpp"

namespace iqm::server {
namespace {

std::string at(std::size_t index) { return "instruction " + std::to_string(index); }

model::Locus read_locus(const Json& instruction, std::size_t index) {
  // "qubits" is how older clients spell "locus".
  auto locus = instruction.find("locus");
  if (locus == instruction.end()) {
    locus = instruction.find("qubits");
  }
  if (locus == instruction.end() || !locus->is_array() || locus->empty() ||
      !std::ranges::all_of(*locus, [](const Json& name) { return name.is_string(); })) {
    throw InvalidProgram(at(index) + " acts on nothing: 'locus' must be a non-empty list of names");
  }
  return locus->get<model::Locus>();
}

std::string read_key(const Json& instruction, std::size_t index) {
  const auto args = instruction.find("args");
  if (args == instruction.end() || !args->is_object() || !args->contains("key") || !args->at("key").is_string()) {
    throw InvalidProgram(at(index) + " is a measurement without a string 'key' among its args");
  }
  return args->at("key").get<std::string>();
}

std::vector<model::ClassicalRegister> read_registers(const Json& value) {
  const bool pairs =
      value.is_array() && std::ranges::all_of(value, [](const Json& entry) {
        return entry.is_array() && entry.size() == 2 && entry[0].is_string() && entry[1].is_number_unsigned();
      });
  if (!pairs) {
    throw InvalidProgram("metadata." + std::string(kRegisters) +
                         " must be a list of [name, size] pairs in order of declaration");
  }
  std::vector<model::ClassicalRegister> registers;
  for (const Json& entry : value) {
    registers.push_back({.name = entry[0].get<std::string>(), .size = entry[1].get<std::size_t>()});
  }
  return registers;
}

JsonDocument parse_circuit(std::string_view program) {
  try {
    return JsonDocument::parse(program);
  } catch (const Json::exception& error) {
    throw InvalidProgram(std::string("the program is not JSON: ") + error.what());
  }
}

model::CircuitOutline read_circuit(const Json& circuit) {
  if (!circuit.is_object()) {
    throw InvalidProgram("the program must be one circuit: a JSON object with 'name' and 'instructions'");
  }
  const auto instructions = circuit.find("instructions");
  if (instructions == circuit.end() || !instructions->is_array()) {
    throw InvalidProgram("the circuit has no list of 'instructions'");
  }
  model::CircuitOutline outline;
  outline.instructions.reserve(instructions->size());
  std::set<std::string> seen;
  for (std::size_t i = 0; i < instructions->size(); ++i) {
    const Json& instruction = (*instructions)[i];
    if (!instruction.is_object() || !instruction.contains("name") || !instruction["name"].is_string()) {
      throw InvalidProgram(at(i) + " is not an object with a string 'name'");
    }
    const auto implementation = instruction.find("implementation");
    outline.instructions.push_back(
        {.name = instruction["name"].get<std::string>(),
         .locus = read_locus(instruction, i),
         .chooses_implementation = implementation != instruction.end() && !implementation->is_null()});
    if (outline.instructions.back().name != "measure") {
      continue;
    }
    outline.readout.keys.push_back(
        {.name = read_key(instruction, i), .width = outline.instructions.back().locus.size()});
    if (!seen.insert(outline.readout.keys.back().name).second) {
      throw InvalidProgram(at(i) + " uses the measurement key '" + outline.readout.keys.back().name +
                           "' a second time");
    }
  }
  if (const auto metadata = circuit.find("metadata"); metadata != circuit.end() && metadata->is_object()) {
    if (const auto registers = metadata->find(kRegisters); registers != metadata->end()) {
      outline.readout.registers = read_registers(*registers);
    }
  }
  return outline;
}

}  // namespace

model::CircuitOutline read_program(std::string_view program, QDMI_Program_Format format) {
  if (format != QDMI_PROGRAM_FORMAT_IQMJSON) {
    return read_qir(program);
  }
  if (auto outline = scan_circuit(program)) {
    return std::move(*outline);
  }
  const JsonDocument circuit = parse_circuit(program);
  return read_circuit(circuit.value());
}

std::vector<model::CircuitOutline> read_submitted_circuits(const Json& circuits) {
  std::vector<model::CircuitOutline> outlines;
  for (const Json& circuit : circuits) {
    outlines.push_back(circuit.is_string() ? read_qir(circuit.get_ref<const std::string&>()) : read_circuit(circuit));
  }
  return outlines;
}

std::string run_request(const std::vector<std::string_view>& programs, QDMI_Program_Format format, std::size_t shots,
                        const std::string& calibration_set_id, const Json& options) {
  std::size_t length = 256;
  for (const std::string_view program : programs) {
    length += program.size() + 1;
  }
  std::string body;
  body.reserve(length);
  body.append(R"({"calibration_set_id":)").append(Json(calibration_set_id).dump()).append(R"(,"circuits":[)");
  for (std::size_t i = 0; i < programs.size(); ++i) {
    if (i > 0) {
      body.push_back(',');
    }
    if (format == QDMI_PROGRAM_FORMAT_IQMJSON) {
      body.append(programs[i]);
      continue;
    }
    if (!is_utf8(programs[i])) {
      throw InvalidProgram("program " + std::to_string(i) + " is not UTF-8 text");
    }
    body.append(Json(programs[i]).dump());
  }
  body.append("]");
  for (const auto& [name, value] : options.items()) {
    body.append(",").append(Json(name).dump()).append(":").append(value.dump());
  }
  body.append(R"(,"shots":)").append(std::to_string(shots)).append("}");
  return body;
}

}  // namespace iqm::server
