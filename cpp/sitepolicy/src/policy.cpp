// SPDX-License-Identifier: Apache-2.0
#include "sitepolicy/policy.hpp"

#include <algorithm>
#include <cstddef>
#include <set>

namespace sitepolicy {
namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

bool among(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Decision rejected(std::string reason) { return {nullptr, Rejection{std::move(reason)}}; }

std::string device_of(const std::string& name) { return "quantum device '" + name + "'"; }

std::optional<std::string> set_by_user(const Setting& setting, const Lookup& lookup) {
  for (const std::string& variable : setting.variables) {
    auto value = lookup(variable);
    if (value && !value->empty()) {
      return value;
    }
  }
  return std::nullopt;
}

bool has_own_token(const Device& device, const Lookup& lookup) {
  return std::any_of(device.token_variables.begin(), device.token_variables.end(),
                     [&](const std::string& variable) { return !lookup(variable).value_or("").empty(); });
}

constexpr std::string_view kTagStart = "slurm-";

bool is_tag_of_a_job(std::string_view value) {
  return value.substr(0, kTagStart.size()) == kTagStart && value.size() > kTagStart.size() &&
         value.find_first_not_of("0123456789", kTagStart.size()) == std::string_view::npos;
}

// Steps inherit the environment of their job's script, and jobs that of whoever submits them, which may be a job, too.
std::set<std::string> left_behind(const Site& site, const Device& device, const Lookup& lookup) {
  std::set<std::string> variables;
  for (const Device& each : site.devices) {
    for (const Setting& setting : each.settings) {
      for (const std::string& variable : setting.variables) {
        const std::string value = lookup(variable).value_or("");
        const bool of_another = each.name != device.name && !setting.value.empty() && value == setting.value;
        const bool of_a_job = setting.key == "job_tag" && setting.value.empty() && is_tag_of_a_job(value);
        if (of_another || of_a_job) {
          variables.insert(variable);
        }
      }
    }
  }
  return variables;
}

void lock(const Setting& setting, std::vector<Change>& changes) {
  const std::string& strongest = setting.variables.front();
  const std::string& weakest = setting.variables.back();
  for (const std::string& variable : setting.variables) {
    const bool told = variable == strongest || (variable == weakest && variable.rfind("QDMI_", 0) == 0);
    changes.push_back({variable, told ? std::optional(setting.value) : std::nullopt});
  }
}

}  // namespace

Decision decide(const Site& site, const Job& job) {
  std::string name;
  if (job.device) {
    name = *job.device;
  } else if (job.partition) {
    const auto found = site.default_devices.find(*job.partition);
    if (found == site.default_devices.end()) {
      return {};
    }
    name = found->second;
  } else {
    return {};
  }
  const Device* device = site.device(name);
  if (device == nullptr) {
    return rejected("there is no " + device_of(name) + " at this site. Ask for one of: " + listed(site.device_names()));
  }
  if (job.partition && !device->partitions.empty() && !among(device->partitions, *job.partition)) {
    return rejected(device_of(name) + " cannot be used from partition '" + *job.partition +
                    "'. Submit to: --partition=" + listed(device->partitions));
  }
  if (job.groups && !device->groups.empty() &&
      std::none_of(job.groups->begin(), job.groups->end(),
                   [&](const std::string& group) { return among(device->groups, group); })) {
    return rejected(device_of(name) + " is for members of these groups: " + listed(device->groups) +
                    ". Ask the operators of this site to be added to one");
  }
  if (job.licenses && !device->license.empty() && !holds_license(*job.licenses, device->license)) {
    return rejected(device_of(name) +
                    " needs a licence that this job does not hold. Submit with: --licenses=" + device->license + ":1");
  }
  return {device, std::nullopt};
}

bool holds_license(std::string_view licenses, std::string_view wanted) {
  if (licenses.find('|') != std::string_view::npos) {
    return false;
  }
  while (!licenses.empty()) {
    const std::size_t end = licenses.find_first_of(",;");
    const std::string_view entry = licenses.substr(0, end);
    licenses = end == std::string_view::npos ? std::string_view{} : licenses.substr(end + 1);
    const std::size_t colon = entry.find(':');
    const std::string_view count = colon == std::string_view::npos ? "1" : entry.substr(colon + 1);
    if (entry.substr(0, colon) == wanted && !count.empty() && count.find_first_not_of('0') != std::string_view::npos) {
      return true;
    }
  }
  return false;
}

std::vector<Change> environment_changes(const Site& site, const Device& device, const Job& job, const Lookup& lookup) {
  std::vector<Change> changes;
  const std::set<std::string> stale = left_behind(site, device, lookup);
  changes.reserve(stale.size());
  for (const std::string& variable : stale) {
    changes.push_back({variable, std::nullopt});
  }
  const Lookup users = [&](const std::string& variable) {
    return stale.count(variable) != 0 ? std::nullopt : lookup(variable);
  };
  for (const Setting& setting : device.settings) {
    if (setting.key == "job_tag" && setting.value.empty() && !setting.variables.empty() && !job.id.empty()) {
      if (!set_by_user(setting, users)) {
        changes.push_back({setting.variables.back(), std::string(kTagStart) + job.id});
      }
      continue;
    }
    if (setting.value.empty()) {
      continue;
    }
    if (setting.authority == Authority::Locked) {
      lock(setting, changes);
      if (setting.key == "tokens_file") {
        for (const std::string& variable : device.token_variables) {
          changes.push_back({variable, std::nullopt});
        }
      }
    } else if (!set_by_user(setting, users) && !(setting.key == "tokens_file" && has_own_token(device, users))) {
      changes.push_back({setting.variables.back(), setting.value});
    }
  }
  return changes;
}

std::optional<std::string> tokens_file_in_use(const Device& device, const Lookup& lookup) {
  const Setting& setting = *device.setting("tokens_file");
  if (setting.authority == Authority::Locked && !setting.value.empty()) {
    return setting.value;
  }
  if (auto own = set_by_user(setting, lookup)) {
    return own;
  }
  if (setting.value.empty() || has_own_token(device, lookup)) {
    return std::nullopt;
  }
  return setting.value;
}

}  // namespace sitepolicy
