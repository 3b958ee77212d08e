// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sitepolicy/policy.hpp"
#include "sitepolicy/site.hpp"

namespace qdmikit_spank {

// What the plugin was told and what it decided, in one process: a client, or one step on one node.
struct Gate {
  std::string site_file;              // as plugstack.conf names it
  std::string problem;                // with the plugin's own configuration; empty: none
  std::optional<std::string> device;  // what --qdmi-device asked for
  std::optional<sitepolicy::Rejection> rejection;
  std::optional<sitepolicy::Device> granted;
  std::optional<sitepolicy::Site> rules;  // that it was granted by

  // Before there is a job: what can be refused without knowing it. Throws nothing that is not std::exception.
  void before_submission(std::uint32_t user);

  // With the job at hand. `partition` is what the environment says, and only decides whether slurmctld is asked.
  void for_job(std::uint32_t id, std::uint32_t user, const std::optional<std::string>& partition);

 private:
  // None if the job has nothing to do with quantum devices, or the file is no good; then there is a rejection for those
  // who asked for one.
  [[nodiscard]] std::optional<sitepolicy::Site> site();
  void decide(const sitepolicy::Site& site, const sitepolicy::Job& job);
};

}  // namespace qdmikit_spank
