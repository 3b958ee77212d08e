// SPDX-License-Identifier: Apache-2.0
#include "server/run_request.hpp"

#include <algorithm>
#include <set>

#include "server/json_document.hpp"
#include "support/error.hpp"

namespace iqm::server {
namespace {

// Where the author of a circuit may write down its classical registers: [[name, size], ...] in order of declaration.
constexpr const char* kRegisters = "qdmikit_registers";

std::string at(std::size_t index) { return "instruction " + std::to_string(index); }

model::MeasurementKey read_measurement(const Json& instruction, std::size_t index) {
  // "qubits" is how older clients spell "locus".
  auto locus = instruction.find("locus");
  if (locus == instruction.end()) {
    locus = instruction.find("qubits");
  }
  if (locus == instruction.end() || !locus->is_array() || locus->empty()) {
    throw InvalidProgram(at(index) + " measures no qubit: 'locus' must be a non-empty list of names");
  }
  const auto args = instruction.find("args");
  if (args == instruction.end() || !args->is_object() || !args->contains("key") || !args->at("key").is_string()) {
    throw InvalidProgram(at(index) + " is a measurement without a string 'key' among its args");
  }
  return {.name = args->at("key").get<std::string>(), .width = locus->size()};
}

std::vector<model::ClassicalRegister> read_registers(const Json& value) {
  const bool pairs =
      value.is_array() && std::ranges::all_of(value, [](const Json& entry) {
        return entry.is_array() && entry.size() == 2 && entry[0].is_string() && entry[1].is_number_unsigned();
      });
  if (!pairs) {
    throw InvalidProgram(std::string("metadata.") + kRegisters +
                         " must be a list of [name, size] pairs in order of declaration");
  }
  std::vector<model::ClassicalRegister> registers;
  for (const Json& entry : value) {
    registers.push_back({.name = entry[0].get<std::string>(), .size = entry[1].get<std::size_t>()});
  }
  return registers;
}

Json parse_circuit(std::string_view program) {
  try {
    return Json::parse(program);
  } catch (const Json::exception& error) {
    throw InvalidProgram(std::string("the program is not JSON: ") + error.what());
  }
}

}  // namespace

model::CircuitReadout read_circuit(std::string_view program) {
  const Json circuit = parse_circuit(program);
  if (!circuit.is_object()) {
    throw InvalidProgram("the program must be one circuit: a JSON object with 'name' and 'instructions'");
  }
  const auto instructions = circuit.find("instructions");
  if (instructions == circuit.end() || !instructions->is_array()) {
    throw InvalidProgram("the circuit has no list of 'instructions'");
  }
  model::CircuitReadout readout;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < instructions->size(); ++i) {
    const Json& instruction = (*instructions)[i];
    if (!instruction.is_object() || !instruction.contains("name") || !instruction["name"].is_string()) {
      throw InvalidProgram(at(i) + " is not an object with a string 'name'");
    }
    if (instruction["name"] != "measure") {
      continue;
    }
    readout.keys.push_back(read_measurement(instruction, i));
    if (!seen.insert(readout.keys.back().name).second) {
      throw InvalidProgram(at(i) + " uses the measurement key '" + readout.keys.back().name + "' a second time");
    }
  }
  if (const auto metadata = circuit.find("metadata"); metadata != circuit.end() && metadata->is_object()) {
    if (const auto registers = metadata->find(kRegisters); registers != metadata->end()) {
      readout.registers = read_registers(*registers);
    }
  }
  return readout;
}

std::string run_request(const std::vector<std::string_view>& circuits, std::size_t shots,
                        const std::string& calibration_set_id) {
  std::size_t length = 128;
  for (const std::string_view circuit : circuits) {
    length += circuit.size() + 1;
  }
  std::string body;
  body.reserve(length);
  body.append(R"({"calibration_set_id":)").append(Json(calibration_set_id).dump()).append(R"(,"circuits":[)");
  for (const std::string_view circuit : circuits) {
    if (body.back() != '[') {
      body.push_back(',');
    }
    body.append(circuit);
  }
  body.append(R"(],"shots":)").append(std::to_string(shots)).append("}");
  return body;
}

}  // namespace iqm::server
