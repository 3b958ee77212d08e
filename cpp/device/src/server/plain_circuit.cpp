// SPDX-License-Identifier: Apache-2.0
#include "server/plain_circuit.hpp"

#include <algorithm>

#include "server/plain_scanner.hpp"

namespace iqm::server {
namespace {

// A field that counts must be there once: of two, the last would be valid, and those are rare.
bool first_time(bool& seen) { return !std::exchange(seen, true); }

bool scan_locus(PlainScanner& in, model::Locus& locus) {
  return in.take('[') && scan_elements(in, [&] {
           const auto name = in.string();
           if (name) {
             locus.emplace_back(*name);
           }
           return name.has_value();
         });
}

// The arguments of an operation, of which only the key of a measurement matters.
bool scan_args(PlainScanner& in, std::optional<std::string_view>& key) {
  if (!in.take('{')) {
    return in.skip_value();
  }
  bool has_key = false;
  return scan_fields(in, [&](std::string_view name) {
    if (name != "key") {
      return in.skip_value();
    }
    key = in.string();
    return key && first_time(has_key);
  });
}

bool scan_instruction(PlainScanner& in, model::CircuitOutline& outline) {
  struct {
    bool name = false;
    bool locus = false;
    bool args = false;
    bool implementation = false;
  } seen;
  model::Instruction instruction;
  std::optional<std::string_view> key;
  const bool plain =
      in.take('{') && scan_fields(in, [&](std::string_view field) {
        if (field == "name") {
          const auto name = in.string();
          instruction.name = name.value_or("");
          return name && first_time(seen.name);
        }
        if (field == "locus") {
          return first_time(seen.locus) && scan_locus(in, instruction.locus);
        }
        if (field == "args") {
          return first_time(seen.args) && scan_args(in, key);
        }
        if (field == "implementation") {
          instruction.chooses_implementation = !in.word("null");
          return first_time(seen.implementation) && (!instruction.chooses_implementation || in.skip_value());
        }
        // How older clients spell "locus".
        return field != "qubits" && in.skip_value();
      });
  if (!plain || !seen.name || instruction.locus.empty()) {
    return false;
  }
  if (instruction.name == "measure") {
    if (!key) {
      return false;
    }
    outline.readout.keys.push_back({.name = std::string(*key), .width = instruction.locus.size()});
  }
  outline.instructions.push_back(std::move(instruction));
  return true;
}

bool scan_registers(PlainScanner& in, std::vector<model::ClassicalRegister>& registers) {
  return in.take('[') && scan_elements(in, [&] {
           if (!in.take('[')) {
             return false;
           }
           const auto name = in.string();
           const auto size = name && in.take(',') ? in.unsigned_integer() : std::nullopt;
           if (!size) {
             return false;
           }
           registers.push_back({.name = std::string(*name), .size = *size});
           return in.take(']');
         });
}

bool scan_metadata(PlainScanner& in, model::CircuitReadout& readout) {
  if (!in.take('{')) {
    return in.skip_value();
  }
  return scan_fields(in, [&](std::string_view field) {
    if (field != kRegisters) {
      return in.skip_value();
    }
    return !readout.registers && scan_registers(in, readout.registers.emplace());
  });
}

bool measures_a_key_twice(const std::vector<model::MeasurementKey>& keys) {
  std::vector<std::string_view> names(keys.size());
  std::ranges::transform(keys, names.begin(), &model::MeasurementKey::name);
  std::ranges::sort(names);
  return std::ranges::adjacent_find(names) != names.end();
}

}  // namespace

std::optional<model::CircuitOutline> scan_circuit(std::string_view program) {
  PlainScanner in(program);
  model::CircuitOutline outline;
  constexpr std::size_t kOften = 16;
  outline.instructions.reserve(kOften);
  bool has_instructions = false;
  bool has_metadata = false;
  const bool plain = in.take('{') && scan_fields(in, [&](std::string_view field) {
                       if (field == "instructions") {
                         return first_time(has_instructions) && in.take('[') &&
                                scan_elements(in, [&] { return scan_instruction(in, outline); });
                       }
                       if (field == "metadata") {
                         return first_time(has_metadata) && scan_metadata(in, outline.readout);
                       }
                       return in.skip_value();
                     });
  if (!plain || !in.at_end() || !has_instructions || measures_a_key_twice(outline.readout.keys)) {
    return std::nullopt;
  }
  return outline;
}

}  // namespace iqm::server
