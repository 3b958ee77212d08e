// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sitepolicy {

// A site file that cannot be used: what is wrong, in which file, line and key.
class SiteFileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Who decides about a setting: the site alone, or the user where they want to.
enum class Authority { Locked, Default };

// One setting of a device that reaches a job as an environment variable.
struct Setting {
  std::string key;    // as in the site file: "url", "tokens_file", "id", "alias", "job_tag"
  std::string value;  // empty: the site says nothing about it
  Authority authority = Authority::Locked;
  std::vector<std::string> variables;  // all that the device reads it from, the strongest first
};

struct Device {
  std::string name;  // what users ask for
  std::vector<Setting> settings;
  std::vector<std::string> token_variables;  // that carry a token itself; the site never sets them
  std::vector<std::string> partitions;       // it may be used from these; empty: from all
  std::vector<std::string> groups;           // by members of any of these; empty: by everybody
  std::string license;                       // a job must hold one of it; empty: none

  // Null if the site says nothing about it.
  [[nodiscard]] const Setting* setting(std::string_view key) const;
};

// What an operator says about the quantum computers of a site.
struct Site {
  std::vector<Device> devices;
  std::map<std::string, std::string> default_devices;  // of partitions

  [[nodiscard]] const Device* device(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> device_names() const;
};

// The largest site file that is read.
inline constexpr std::size_t kLargestSiteFile = std::size_t{1024} * 1024;

// Read a site file's text. `path` is for messages. Throws SiteFileError.
[[nodiscard]] Site parse_site(std::string_view text, const std::string& path);

// Read a site file. It must be a regular file that only root or `owner` can write: whoever writes it says where
// everybody's jobs send their tokens. Throws SiteFileError.
[[nodiscard]] Site load_site(const std::string& path, unsigned owner);

}  // namespace sitepolicy
