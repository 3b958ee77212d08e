// SPDX-License-Identifier: Apache-2.0
#include "server/qir_program.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/error.hpp"

namespace iqm::server {
namespace {

// Far above any device; keeps a forged number from becoming an allocation.
constexpr std::size_t kMostResults = 1U << 20U;

// The names under which front ends measure a qubit into a result.
constexpr std::array<std::string_view, 3> kMeasurements{"mz", "measure", "measurement"};

std::optional<std::size_t> number_at(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end != text.data() ? std::optional(value) : std::nullopt;
}

// The value of an attribute like "required_num_results"="3".
std::optional<std::size_t> attribute(std::string_view program, std::string_view name) {
  const std::string quoted = "\"" + std::string(name) + "\"";
  const std::size_t found = program.find(quoted);
  if (found == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view rest = program.substr(found + quoted.size());
  const std::size_t value = rest.find_first_not_of(" \t=\"");
  return value == std::string_view::npos ? std::nullopt : number_at(rest.substr(value));
}

// The number behind an argument such as `%Result* inttoptr (i64 3 to %Result*)`, `ptr inttoptr (i64 3 to ptr)` or
// `%Result* null`, which stands for 0.
std::optional<std::size_t> address(std::string_view argument) {
  if (const std::size_t cast = argument.find("inttoptr"); cast != std::string_view::npos) {
    const std::size_t integer = argument.find("i64", cast);
    const std::size_t digits =
        integer == std::string_view::npos ? integer : argument.find_first_not_of(" \t", integer + 3);
    return digits == std::string_view::npos ? std::nullopt : number_at(argument.substr(digits));
  }
  return argument.find("null") == std::string_view::npos ? std::nullopt : std::optional<std::size_t>(0);
}

// The last argument of a call; arguments may hold parentheses of their own.
std::string_view last_argument(std::string_view call) {
  std::size_t depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < call.size(); ++i) {
    if (call[i] == '(') {
      ++depth;
    } else if (call[i] == ')') {
      if (depth == 0) {
        return call.substr(begin, i - begin);
      }
      --depth;
    } else if (call[i] == ',' && depth == 0) {
      begin = i + 1;
    }
  }
  return {};
}

// The results that measurements write, in program order.
void collect(std::string_view program, std::vector<std::size_t>& measured) {
  constexpr std::string_view kPrefix = "@__quantum__qis__";
  constexpr std::string_view kSuffix = "__body(";
  for (std::size_t at = program.find(kPrefix); at != std::string_view::npos; at = program.find(kPrefix, at + 1)) {
    const std::size_t line = program.rfind('\n', at) + 1;
    if (program.substr(line, at - line).find("call") == std::string_view::npos) {
      continue;  // a declaration
    }
    const std::string_view name = program.substr(at + kPrefix.size());
    for (const std::string_view measurement : kMeasurements) {
      if (!name.starts_with(measurement) || !name.substr(measurement.size()).starts_with(kSuffix)) {
        continue;
      }
      const auto result = address(last_argument(name.substr(measurement.size() + kSuffix.size())));
      if (!result) {
        throw InvalidProgram("a measurement of the QIR program does not name its result by a number");
      }
      measured.push_back(*result);
    }
  }
}

}  // namespace

model::CircuitOutline read_qir(std::string_view program) {
  if (program.find("define ") == std::string_view::npos || program.find("__quantum__") == std::string_view::npos) {
    throw InvalidProgram("the program is not QIR: it defines no function that calls a quantum instruction");
  }
  std::vector<std::size_t> measured;
  collect(program, measured);
  std::size_t results = attribute(program, "required_num_results").value_or(0);
  model::CircuitOutline outline;
  std::set<std::size_t> seen;
  for (const std::size_t result : measured) {
    if (result >= kMostResults) {
      throw InvalidProgram("the QIR program measures into result " + std::to_string(result) + ", which is too many");
    }
    if (!seen.insert(result).second) {
      throw InvalidProgram("the QIR program measures into result " + std::to_string(result) + " a second time");
    }
    outline.readout.keys.push_back({.name = "m_1_" + std::to_string(result) + "_0", .width = 1});
    results = std::max(results, result + 1);
  }
  if (results > kMostResults) {
    throw InvalidProgram("the QIR program requires " + std::to_string(results) + " results, which is too many");
  }
  outline.readout.registers.emplace(results, model::ClassicalRegister{.name = "m", .size = 1});
  return outline;
}

}  // namespace iqm::server
