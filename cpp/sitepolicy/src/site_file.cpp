// SPDX-License-Identifier: Apache-2.0
// The site file: TOML 1.0 (toml.io), described in docs/slurm-operator.md.
// toml++ states what it takes for granted with assertions, and promises it to the optimiser where they are off. Text
// such as "[:" breaks that, and neither may happen in a daemon: without both, it reports such text as the mistake that
// it is.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)  // NOLINT(cppcoreguidelines-macro-usage): what toml++ asks for
#define TOML_HEADER_ONLY 1                            // NOLINT(cppcoreguidelines-macro-usage): the same
#define TOML_ENABLE_FORMATTERS 0                      // NOLINT(cppcoreguidelines-macro-usage): the same
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>
#include <string>
#include <utility>

#include "regular_file.hpp"
#include "sitepolicy/site.hpp"

namespace sitepolicy {
namespace {

struct Key {
  std::string_view name;
  Authority authority;       // where the file does not say
  std::string_view neutral;  // QDMI's own variable for it, which is the weakest of all; empty: there is none
};

constexpr std::array<Key, 5> kSettings = {{
    {"url", Authority::Locked, "QDMI_ENDPOINT"},
    {"tokens_file", Authority::Locked, "QDMI_AUTH_FILE"},
    {"id", Authority::Default, ""},
    {"alias", Authority::Default, "QDMI_BACKEND_ALIAS"},
    {"job_tag", Authority::Default, ""},
}};

class Reader {
 public:
  explicit Reader(std::string path) : path_(std::move(path)) {}

  Site read(const toml::table& file) {
    allow(file, "the site file", {"devices", "partitions"});
    Site site;
    if (const toml::table* devices = table(file, "devices", "the site file")) {
      for (const auto& [name, value] : *devices) {
        site.devices.push_back(device(std::string(name.str()), value));
      }
    }
    if (site.devices.empty()) {
      fail(file, "has no device: it needs a table [devices.NAME] for each");
    }
    if (const toml::table* partitions = table(file, "partitions", "the site file")) {
      for (const auto& [name, value] : *partitions) {
        partition(std::string(name.str()), value, site);
      }
    }
    return site;
  }

 private:
  [[noreturn]] void fail(const toml::node& where, const std::string& what) const {
    throw SiteFileError(path_ + ":" + std::to_string(where.source().begin.line) + ": " + what);
  }

  static std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

  void allow(const toml::table& table, const std::string& owner, std::initializer_list<std::string_view> known) const {
    for (const auto& [name, value] : table) {
      if (std::find(known.begin(), known.end(), name.str()) == known.end()) {
        std::string all;
        for (const std::string_view one : known) {
          all.append(all.empty() ? "" : ", ").append(one);
        }
        std::string what = owner;
        what.append(" has no key ").append(quoted(name.str())).append("; there are ").append(all);
        fail(value, what);
      }
    }
  }

  const toml::table* table(const toml::table& parent, std::string_view key, const std::string& owner) const {
    const toml::node* node = parent.get(key);
    if (node == nullptr) {
      return nullptr;
    }
    if (!node->is_table()) {
      fail(*node, quoted(key) + " of " + owner + " must be a table");
    }
    return node->as_table();
  }

  std::string text(const toml::node& node, const std::string& what) const {
    const auto value = node.value_exact<std::string>();
    if (!value || value->empty()) {
      fail(node, what + " must be a text that is not empty");
    }
    // A job's environment and Slurm's messages are C strings, one line each.
    if (std::any_of(value->begin(), value->end(), [](unsigned char c) { return c < ' ' || c == 0x7f; })) {
      fail(node, what + " must not have control characters");
    }
    return *value;
  }

  std::string optional_text(const toml::table& parent, std::string_view key, const std::string& owner) const {
    const toml::node* node = parent.get(key);
    return node == nullptr ? "" : text(*node, quoted(key) + " of " + owner);
  }

  std::vector<std::string> texts(const toml::table& parent, std::string_view key, const std::string& owner) const {
    const toml::node* node = parent.get(key);
    std::vector<std::string> values;
    if (node == nullptr) {
      return values;
    }
    const toml::array* array = node->as_array();
    if (array == nullptr) {
      fail(*node, quoted(key) + " of " + owner + " must be a list of texts");
    }
    for (const toml::node& entry : *array) {
      values.push_back(text(entry, "each entry of " + quoted(key) + " of " + owner));
    }
    return values;
  }

  std::vector<std::string> variables(const toml::table& parent, std::string_view key, const std::string& owner) const {
    auto names = texts(parent, key, owner);
    for (const std::string& name : names) {
      const bool good = std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
      });
      if (!good || (name[0] >= '0' && name[0] <= '9')) {
        fail(*parent.get(key), quoted(name) + " of " + quoted(key) + " of " + owner + " is no name of a variable");
      }
      // Setting these would change how programs are found and loaded, or Slurm itself.
      if (name == "PATH" || name == "HOME" || name.rfind("LD_", 0) == 0 || name.rfind("SLURM", 0) == 0) {
        fail(*parent.get(key), quoted(name) + " of " + quoted(key) + " of " + owner + " is no variable of a device");
      }
    }
    return names;
  }

  Setting setting(const Key& key, const toml::table& entry, const toml::table& env, const std::string& owner) const {
    Setting setting;
    setting.key = key.name;
    setting.value = optional_text(entry, key.name, owner);
    setting.authority = key.authority;
    setting.variables = variables(env, key.name, "'env' of " + owner);
    if (!key.neutral.empty() &&
        std::find(setting.variables.begin(), setting.variables.end(), key.neutral) == setting.variables.end()) {
      setting.variables.emplace_back(key.neutral);
    }
    if (!setting.value.empty() && setting.variables.empty()) {
      fail(*entry.get(key.name), quoted(key.name) + " of " + owner +
                                     " reaches no job: name the variables that the device reads it from, in 'env'");
    }
    return setting;
  }

  Device device(const std::string& name, const toml::node& node) {
    const std::string owner = "device " + quoted(name);
    if (!node.is_table()) {
      fail(node, owner + " must be a table");
    }
    if (name.empty()) {
      fail(node, "a device must have a name: nobody could ask for this one");
    }
    const toml::table& entry = *node.as_table();
    allow(entry, owner,
          {"url", "tokens_file", "id", "alias", "job_tag", "partitions", "groups", "license", "locked", "default",
           "env"});
    Device device;
    device.name = name;
    device.partitions = texts(entry, "partitions", owner);
    device.groups = texts(entry, "groups", owner);
    device.license = optional_text(entry, "license", owner);
    const toml::table* env = table(entry, "env", owner);
    const toml::table none;
    if (env != nullptr) {
      allow(*env, "'env' of " + owner, {"url", "tokens_file", "token", "id", "alias", "job_tag"});
      device.token_variables = variables(*env, "token", "'env' of " + owner);
    }
    const auto locked = keys(entry, "locked", owner);
    const auto defaults = keys(entry, "default", owner);
    for (const std::string& key : locked) {
      if (defaults.count(key) != 0) {
        fail(*entry.get("default"), owner + " has " + quoted(key) + " both in 'locked' and in 'default'");
      }
    }
    std::set<std::string> taken(device.token_variables.begin(), device.token_variables.end());
    for (const Key& key : kSettings) {
      Setting setting = this->setting(key, entry, env == nullptr ? none : *env, owner);
      if (locked.count(setting.key) != 0) {
        setting.authority = Authority::Locked;
      } else if (defaults.count(setting.key) != 0) {
        setting.authority = Authority::Default;
      }
      for (const std::string& variable : setting.variables) {
        if (!taken.insert(variable).second) {
          fail(entry, owner + " has variable " + quoted(variable) + " twice in 'env'");
        }
      }
      if (setting.value.empty() && locked.count(setting.key) != 0) {
        fail(*entry.get("locked"), owner + " locks " + quoted(key.name) + " without giving it: users could set it");
      }
      device.settings.push_back(std::move(setting));
    }
    require_absolute(entry, device, owner);
    return device;
  }

  void require_absolute(const toml::table& entry, const Device& device, const std::string& owner) const {
    const std::string& tokens = device.setting("tokens_file")->value;
    if (!tokens.empty() && tokens[0] != '/') {
      fail(*entry.get("tokens_file"), "'tokens_file' of " + owner + " must be an absolute path");
    }
  }

  std::set<std::string> keys(const toml::table& entry, std::string_view list, const std::string& owner) const {
    std::set<std::string> names;
    for (const std::string& name : texts(entry, list, owner)) {
      if (std::none_of(kSettings.begin(), kSettings.end(), [&](const Key& key) { return key.name == name; })) {
        fail(*entry.get(list), quoted(list) + " of " + owner + ": there is no setting " + quoted(name));
      }
      names.insert(name);
    }
    return names;
  }

  void partition(const std::string& name, const toml::node& node, Site& site) const {
    const std::string owner = "partition " + quoted(name);
    if (!node.is_table()) {
      fail(node, owner + " must be a table");
    }
    allow(*node.as_table(), owner, {"default_device"});
    const std::string device_name = optional_text(*node.as_table(), "default_device", owner);
    if (device_name.empty()) {
      return;
    }
    const Device* device = site.device(device_name);
    if (device == nullptr) {
      fail(node, "'default_device' of " + owner + ": there is no device " + quoted(device_name));
    }
    if (!device->partitions.empty() &&
        std::find(device->partitions.begin(), device->partitions.end(), name) == device->partitions.end()) {
      fail(node, "'default_device' of " + owner + ": device " + quoted(device_name) +
                     " may not be used from it; see its 'partitions'");
    }
    site.default_devices[name] = device_name;
  }

  std::string path_;
};

}  // namespace

const Setting* Device::setting(std::string_view key) const {
  const auto found =
      std::find_if(settings.begin(), settings.end(), [&](const Setting& setting) { return setting.key == key; });
  return found == settings.end() ? nullptr : &*found;
}

const Device* Site::device(std::string_view name) const {
  const auto found =
      std::find_if(devices.begin(), devices.end(), [&](const Device& device) { return device.name == name; });
  return found == devices.end() ? nullptr : &*found;
}

std::vector<std::string> Site::device_names() const {
  std::vector<std::string> names;
  names.reserve(devices.size());
  for (const Device& device : devices) {
    names.push_back(device.name);
  }
  return names;
}

namespace {

// Older versions of toml++ are not safe with other letters (undefined behaviour in 3.0), and variables, paths and names
// of groups need none.
void require_ascii(std::string_view text, const std::string& path) {
  std::size_t line = 1;
  for (const char c : text) {
    line += c == '\n' ? 1U : 0U;
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x7eU || (byte < 0x20U && c != '\t' && c != '\n' && c != '\r')) {
      throw SiteFileError(path + ":" + std::to_string(line) +
                          ": this line has characters that are not plain ASCII text");
    }
  }
}

}  // namespace

Site parse_site(std::string_view text, const std::string& path) {
  require_ascii(text, path);
  try {
    return Reader(path).read(toml::parse(text, path));
  } catch (const toml::parse_error& error) {
    throw SiteFileError(path + ":" + std::to_string(error.source().begin.line) + ": " +
                        std::string(error.description()));
  }
}

Site load_site(const std::string& path, unsigned owner) {
  const RegularFile file = RegularFile::read(path, kLargestSiteFile);
  if (!file.problem.empty()) {
    throw SiteFileError("the site file " + path + " " + file.problem);
  }
  constexpr mode_t kWritableByOthers = 0022;
  if ((file.status.st_mode & kWritableByOthers) != 0 || (file.status.st_uid != 0 && file.status.st_uid != owner)) {
    throw SiteFileError(
        "the site file " + path +
        " can be written by others than its operator: it must belong to root, and group and others must "
        "not have write permission (chmod go-w)");
  }
  return parse_site(file.text, path);
}

}  // namespace sitepolicy
