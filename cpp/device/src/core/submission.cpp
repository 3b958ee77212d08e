// SPDX-License-Identifier: Apache-2.0
#include "core/submission.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <optional>
#include <unordered_set>
#include <utility>

#include "server/run_request.hpp"
#include "support/error.hpp"

namespace iqm::core {
namespace {

void require_at_most(const char* what, std::size_t value, const std::optional<std::size_t>& limit) {
  if (limit && value > *limit) {
    throw InvalidProgram(std::string("too many ") + what + ": " + std::to_string(value) + ", the server takes " +
                         std::to_string(*limit));
  }
}

void require_few_enough(std::size_t programs, std::size_t shots, const model::Limits& limits) {
  require_at_most("executions of one circuit", shots, limits.executions_per_job);
  constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();
  const std::size_t executions = limits.executions_per_job ? *limits.executions_per_job / shots : kAny;
  const std::size_t most = std::min(limits.circuits_per_job.value_or(kAny), executions);
  if (programs > most) {
    throw TooManyPrograms("too many circuits in one job: " + std::to_string(programs) + " of " + std::to_string(shots) +
                              " shots each, the server takes " + std::to_string(most),
                          most);
  }
}

std::string joined(const model::Locus& locus) {
  std::string text;
  for (const std::string& name : locus) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

struct InstructionHash {
  std::size_t operator()(const model::Instruction& instruction) const {
    std::size_t sum = std::hash<std::string>()(instruction.name);
    for (const std::string& name : instruction.locus) {
      sum = 31 * sum + std::hash<std::string>()(name);
    }
    return sum;
  }
};

class Judge {
 public:
  Judge(const Target& target, const std::map<std::string, std::string>& mapping) : target_(target), mapping_(mapping) {}

  void check(const model::CircuitOutline& outline) {
    for (std::size_t i = 0; i < outline.instructions.size(); ++i) {
      const model::Instruction& instruction = outline.instructions[i];
      if (!passed_.contains(instruction)) {
        check(instruction, "instruction " + std::to_string(i) + " ('" + instruction.name + "')");
        passed_.insert(instruction);
      }
    }
  }

 private:
  void check(const model::Instruction& instruction, const std::string& where) const {
    std::vector<Handle> locus;
    for (const std::string& name : instruction.locus) {
      locus.push_back(site(name, where));
    }
    const Identity* operation = target_.operations.find(instruction.name);
    const auto values = operation == nullptr ? target_.snapshot.operation_values.end()
                                             : target_.snapshot.operation_values.find(operation->handle);
    // An operation or implementation that the metadata do not list may still be one that the server knows.
    if (values == target_.snapshot.operation_values.end() || instruction.chooses_implementation) {
      return;
    }
    if (!calibrated(values->second, std::move(locus))) {
      throw InvalidProgram(where + " is not calibrated on " + joined(instruction.locus));
    }
  }

  [[nodiscard]] Handle site(const std::string& name, const std::string& where) const {
    const auto mapped = mapping_.find(name);
    if (mapped == mapping_.end() && !mapping_.empty()) {
      throw InvalidProgram(where + " acts on '" + name + "', which the qubit mapping does not map");
    }
    const std::string& physical = mapped == mapping_.end() ? name : mapped->second;
    const Identity* identity = target_.sites.find(physical);
    if (identity == nullptr || !target_.snapshot.site_values.contains(identity->handle)) {
      throw InvalidProgram(where + " acts on '" + physical + "', which the machine does not have");
    }
    return identity->handle;
  }

  static bool calibrated(const OperationValues& values, std::vector<Handle> locus) {
    if (values.loci.contains(locus)) {
      return true;
    }
    if (locus.size() == 2 && values.qubits == 2 && !values.directed) {
      std::swap(locus[0], locus[1]);
      return values.loci.contains(locus);
    }
    // A joint measurement is as many measurements of one qubit each.
    return values.qubits == 1 &&
           std::ranges::all_of(locus, [&values](Handle handle) { return values.loci.contains(std::vector{handle}); });
  }

  const Target& target_;
  const std::map<std::string, std::string>& mapping_;
  std::unordered_set<model::Instruction, InstructionHash> passed_;  // the circuits of a job do the same things
};

}  // namespace

Submission prepare(const ProgramList& programs, std::size_t shots, const JobOptions& options, const Target& target) {
  const model::Limits limits = target.limits == nullptr ? model::Limits{} : *target.limits;
  require_at_most("shots of one circuit", shots, limits.shots_per_circuit);
  require_few_enough(programs.size(), shots, limits);
  Judge judge(target, options.qubit_mapping());
  Submission submission{.body = {}, .layouts = {}, .expected = {.number = shots, .heralded = options.heralded()}};
  submission.layouts.reserve(programs.size());
  model::CircuitReadout readout;
  for (std::size_t i = 0; i < programs.size(); ++i) {
    try {
      model::CircuitOutline outline = server::read_program(programs.text(i), programs.format());
      require_at_most("instructions in one circuit", outline.instructions.size(), limits.instructions_per_circuit);
      judge.check(outline);
      // The circuits of a job mostly measure alike.
      if (i > 0 && outline.readout == readout) {
        submission.layouts.push_back(submission.layouts.back());
        continue;
      }
      readout = std::move(outline.readout);
      submission.layouts.emplace_back(readout);
    } catch (const InvalidProgram& error) {
      throw InvalidProgram("program " + std::to_string(i) + ": " + error.what());
    }
  }
  submission.body = server::run_request(programs.texts(), programs.format(), shots, target.snapshot.calibration_set_id,
                                        options.members());
  return submission;
}

}  // namespace iqm::core
