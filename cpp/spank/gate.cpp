// SPDX-License-Identifier: GPL-2.0-or-later
#include "gate.hpp"

#include <unistd.h>

#include <vector>

#include "controller.hpp"
#include "sitepolicy/user.hpp"

namespace qdmikit_spank {
namespace {

using sitepolicy::Device;
using sitepolicy::Rejection;
using sitepolicy::Site;

// The one that decide() is going to choose, to know what has to be found out for it.
const Device* chosen(const Site& site, const sitepolicy::Job& job) {
  if (job.device) {
    return site.device(*job.device);
  }
  const auto found = job.partition ? site.default_devices.find(*job.partition) : site.default_devices.end();
  return found == site.default_devices.end() ? nullptr : site.device(found->second);
}

}  // namespace

std::optional<Site> Gate::site() {
  std::string reason = problem;
  if (reason.empty()) {
    try {
      return sitepolicy::load_site(site_file, ::getuid());
    } catch (const sitepolicy::SiteFileError& error) {
      reason = error.what();
    }
  }
  // A job that asks for no quantum device must not suffer from a file that is not about it.
  if (device) {
    rejection =
        Rejection{"quantum devices cannot be used at the moment: " + reason + ". Tell the operators of this site"};
  }
  return std::nullopt;
}

void Gate::decide(const Site& site, const sitepolicy::Job& job) {
  const auto decision = sitepolicy::decide(site, job);
  rejection = decision.rejection;
  if (decision.device != nullptr) {
    granted = *decision.device;
    rules = site;
  }
}

void Gate::before_submission(std::uint32_t user) {
  if (!device) {
    return;
  }
  const auto found = site();
  if (!found) {
    return;
  }
  sitepolicy::Job job;
  job.device = device;
  const Device* wanted = chosen(*found, job);
  if (wanted != nullptr && !wanted->groups.empty()) {
    job.groups = sitepolicy::User::with_id(user).groups;
  }
  decide(*found, job);
}

void Gate::for_job(std::uint32_t id, std::uint32_t user, const std::optional<std::string>& partition) {
  const auto found = site();
  if (!found) {
    return;
  }
  sitepolicy::Job job;
  job.id = std::to_string(id);
  job.device = device;
  job.partition = partition;
  const bool wanted = chosen(*found, job) != nullptr || device.has_value();
  if (!wanted) {
    return;
  }
  std::string reason;
  if (const auto view = ask_controller(id, reason)) {
    job.partition = view->partition;
    job.licenses = view->licenses;
  } else {
    rejection = Rejection{"slurmctld cannot be asked which partition and licences the job has: " + reason +
                          ". Submit again, or tell the operators of this site"};
    return;
  }
  const Device* device_wanted = chosen(*found, job);
  if (device_wanted != nullptr && !device_wanted->groups.empty()) {
    job.groups = sitepolicy::User::with_id(user).groups;
  }
  decide(*found, job);
}

}  // namespace qdmikit_spank
