// SPDX-License-Identifier: Apache-2.0
#include "core/job_tag.hpp"

#include <algorithm>
#include <cstddef>

#include "support/environment.hpp"

namespace iqm::core {
namespace {

constexpr std::size_t kLongest = 50;  // characters

// The first `count` characters of UTF-8 text; never half of one.
std::string first_characters(const std::string& text, std::size_t count) {
  std::size_t end = 0;
  const auto continues = [&text](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U; };
  for (; end < text.size(); ++end) {
    if (!continues(end) && count-- == 0) {
      break;
    }
  }
  return text.substr(0, end);
}

}  // namespace

std::string job_tag() {
  if (const auto chosen = environment_variable("IQM_JOB_TAG")) {
    return first_characters(*chosen, kLongest);
  }
  const auto job = environment_variable("SLURM_JOB_ID");
  if (!job) {
    return {};
  }
  // The job id is what tells jobs apart: a long cluster name gives way to it.
  const std::string suffix = ":" + *job;
  const std::string prefix = "slurm:";
  const std::size_t room = kLongest - std::min(kLongest, prefix.size() + suffix.size());
  return first_characters(
      prefix + first_characters(environment_variable("SLURM_CLUSTER_NAME").value_or(""), room) + suffix, kLongest);
}

}  // namespace iqm::core
