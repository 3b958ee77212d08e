// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace qdmikit_spank {

// What slurmctld knows of a job. Variables of the job tell the same, but whoever runs it can forge them.
struct ControllerView {
  std::string partition;
  std::string licenses;
};

// None, with the reason in `problem`, if slurmctld cannot be asked.
[[nodiscard]] std::optional<ControllerView> ask_controller(std::uint32_t job, std::string& problem);

}  // namespace qdmikit_spank
