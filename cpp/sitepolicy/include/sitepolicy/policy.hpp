// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sitepolicy/site.hpp"

namespace sitepolicy {

// Why a job may not go on, in words for its user: what was refused, why, and what to change.
struct Rejection {
  std::string reason;
};

// What is known of a job. What is not known yet is not decided yet.
struct Job {
  std::string id;                     // Slurm's
  std::optional<std::string> device;  // that was asked for
  std::optional<std::string> partition;
  std::optional<std::vector<std::string>> groups;  // that the user is in
  std::optional<std::string> licenses;             // that it holds, as Slurm writes them: "a:1,b:2"
};

// What a job gets: a device, none, or a rejection.
struct Decision {
  const Device* device = nullptr;
  std::optional<Rejection> rejection;
};

// Choose the device and check who asks for it, from where and with which licences.
[[nodiscard]] Decision decide(const Site& site, const Job& job);

// Whether a job with these licences holds one of a kind. Alternatives ("a|b") hold neither.
[[nodiscard]] bool holds_license(std::string_view licenses, std::string_view wanted);

// A change of a job's environment: set, or unset if there is no value.
struct Change {
  std::string variable;
  std::optional<std::string> value;
};

// How a program looks a variable of the job up.
using Lookup = std::function<std::optional<std::string>(const std::string& variable)>;

// What has to change so that the device's library finds what the site, and where it may the user, decided.
// A locked setting is set under its strongest name and under QDMI's own, any other name of it is unset. A default is
// set under its weakest name, and only if the user set none. A variable that is set to nothing counts as unset, as it
// does for devices. What the site gave an outer step or job for another of its devices is not the user's, and is
// unset: no device may be sent the credentials of another.
[[nodiscard]] std::vector<Change> environment_changes(const Site& site, const Device& device, const Job& job,
                                                      const Lookup& lookup);

// The tokens file that the job is going to use: the site's, or the user's where that is left to them; none if the user
// brought a token of their own.
[[nodiscard]] std::optional<std::string> tokens_file_in_use(const Device& device, const Lookup& lookup);

}  // namespace sitepolicy
