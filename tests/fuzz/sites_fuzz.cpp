// SPDX-License-Identifier: Apache-2.0
// A site file and what a job says of itself: the file, "record separator", the device it asks for, its partition, its
// licences, and a value of every variable that the file names.
#include <algorithm>
#include <optional>
#include <string>

#include "fuzz.hpp"
#include "sitepolicy/policy.hpp"
#include "sitepolicy/site.hpp"

namespace {

using iqm::fuzz::require;

// Slurm and execve() take C strings, and a message is one line.
bool is_text(const std::string& value) {
  return std::all_of(value.begin(), value.end(), [](unsigned char c) { return c >= ' ' && c != 0x7f; });
}

void check_changes(const sitepolicy::Site& site, const sitepolicy::Device& device, const sitepolicy::Job& job,
                   const std::string& users) {
  const sitepolicy::Lookup lookup = [&users](const std::string&) { return std::optional(users); };
  for (const auto& change : sitepolicy::environment_changes(site, device, job, lookup)) {
    require(!change.variable.empty() && change.variable.find('=') == std::string::npos, "a variable has a name");
    require(change.variable.rfind("LD_", 0) != 0 && change.variable.rfind("SLURM", 0) != 0,
            "what loads programs, and Slurm's own, are left alone");
    require(is_text(change.value.value_or("")), "a value is a line of text");
  }
  for (const sitepolicy::Setting& setting : device.settings) {
    require(setting.value.empty() || !setting.variables.empty(), "each setting reaches jobs");
  }
  const auto file = sitepolicy::tokens_file_in_use(device, lookup);
  require(!file || *file == users || (*file)[0] == '/', "the site's tokens file is an absolute path");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  iqm::fuzz::Input input(data, size);
  const std::string text = input.next();
  sitepolicy::Job job;
  job.id = "17";
  if (std::string device = input.next(); !device.empty()) {
    job.device = device;
  }
  if (std::string partition = input.next(); !partition.empty()) {
    job.partition = partition;
  }
  job.licenses = input.next();
  const std::string users = input.rest();
  try {
    const sitepolicy::Site site = sitepolicy::parse_site(text, "site.toml");
    require(!site.devices.empty(), "a site has a device");
    for (const auto& [partition, name] : site.default_devices) {
      require(site.device(name) != nullptr, "the default device of a partition is one of the site's");
    }
    const sitepolicy::Decision decision = sitepolicy::decide(site, job);
    require(decision.device == nullptr || !decision.rejection, "a job is granted a device, or rejected");
    for (const sitepolicy::Device& device : site.devices) {
      check_changes(site, device, job, users);
    }
  } catch (const sitepolicy::SiteFileError& error) {
    require(std::string(error.what()).rfind("site.toml:", 0) == 0, "a mistake is told with its place");
  }
  return 0;
}
