// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/identities.hpp"
#include "core/job_options.hpp"
#include "core/program_list.hpp"
#include "core/readout_layout.hpp"
#include "core/snapshot.hpp"
#include "model/limits.hpp"

namespace iqm::core {

// A circuit job that is ready to be sent.
struct Submission {
  std::string body;
  std::vector<ReadoutLayout> layouts;
  ExpectedShots expected;
};

// What programs are judged by.
struct Target {
  const Snapshot& snapshot;
  const IdentityTable& sites;
  const IdentityTable& operations;
  const model::Limits* limits;  // null while the server has not told
};

// Checks the programs against the machine as it is calibrated now, so that a mistake costs no trip to the server and
// no place in its queue. What only the server can judge is left to it. Throws InvalidProgram, which names the program
// and the instruction, or TooManyPrograms.
[[nodiscard]] Submission prepare(const ProgramList& programs, std::size_t shots, const JobOptions& options,
                                 const Target& target);

}  // namespace iqm::core
