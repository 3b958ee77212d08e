// SPDX-License-Identifier: GPL-2.0-or-later
// Slurm's hooks. Which may do what, and what a refusal in each means for task, job and node, is in README.md beside
// this file.
extern "C" {
#include <slurm/slurm.h>
#include <slurm/slurm_errno.h>
#include <slurm/spank.h>
}

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include "gate.hpp"
#include "sitepolicy/tokens_file.hpp"

// Everything else is hidden.
#pragma GCC visibility push(default)

// The macro that Slurm has for this makes constants that C++ keeps to itself.
extern "C" {
extern const char plugin_name[] = "qdmikit";  // NOLINT(cppcoreguidelines-avoid-c-arrays,readability-identifier-naming)
extern const char plugin_type[] = "spank";    // NOLINT(cppcoreguidelines-avoid-c-arrays,readability-identifier-naming)
extern const unsigned int plugin_version = SLURM_VERSION_NUMBER;  // NOLINT(readability-identifier-naming)
extern const unsigned int spank_plugin_version = 1;               // NOLINT(readability-identifier-naming)
}

#pragma GCC visibility pop

namespace qdmikit_spank {
namespace {

constexpr int kGoOn = ESPANK_SUCCESS;
constexpr int kStop = -1;  // Slurm minds negative values only, not its own positive error codes

Gate& gate() {
  static Gate instance;
  return instance;
}

// Nothing may be thrown into Slurm. What is thrown all the same becomes a rejection, told where that is safe.
template <typename Action>
void guarded(const Action& action) noexcept {
  try {
    action();
  } catch (const std::exception& error) {
    gate().rejection =
        sitepolicy::Rejection{std::string("the plugin failed: ") + error.what() + ". Tell the operators of this site"};
  } catch (...) {
    gate().rejection = sitepolicy::Rejection{"the plugin failed. Tell the operators of this site"};
  }
}

// Tell the user, on their terminal or in the job's error file.
int stopped(const sitepolicy::Rejection& rejection) noexcept {
  slurm_spank_log("qdmikit: rejected: %s.", rejection.reason.c_str());
  return kStop;
}

std::optional<std::string> variable(spank_t spank, const std::string& name) {
  std::array<char, 4096> value{};
  const spank_err_t answer = spank_getenv(spank, name.c_str(), value.data(), static_cast<int>(value.size()));
  // One that is too long is set, too.
  return answer == ESPANK_SUCCESS || answer == ESPANK_NOSPACE ? std::optional<std::string>(value.data()) : std::nullopt;
}

std::uint32_t number(spank_t spank, spank_item_t item) {
  std::uint32_t value = 0;
  return spank_get_item(spank, item, &value) == ESPANK_SUCCESS ? value : 0;
}

void apply(spank_t spank, const sitepolicy::Site& site, const sitepolicy::Device& device) {
  sitepolicy::Job job;
  job.id = std::to_string(number(spank, S_JOB_ID));
  const auto lookup = [spank](const std::string& name) { return variable(spank, name); };
  for (const sitepolicy::Change& change : sitepolicy::environment_changes(site, device, job, lookup)) {
    const spank_err_t answer = change.value ? spank_setenv(spank, change.variable.c_str(), change.value->c_str(), 1)
                                            : spank_unsetenv(spank, change.variable.c_str());
    if (answer != ESPANK_SUCCESS && (change.value || answer != ESPANK_ENV_NOEXIST)) {
      gate().rejection = sitepolicy::Rejection{"variable " + change.variable + " cannot be set for the job: " +
                                               spank_strerror(answer) + ". Tell the operators of this site"};
      return;
    }
  }
}

int take_device(int /*value*/, const char* argument, int /*remote*/) noexcept {
  if (argument == nullptr || *argument == '\0') {
    slurm_spank_log("qdmikit: rejected: --qdmi-device needs the name of a quantum device.");
    return kStop;
  }
  guarded([argument] { gate().device = argument; });
  return kGoOn;
}

void register_option(spank_t spank, const char* name) {
  // Slurm keeps the pointers, takes them as writable, and does not write.
  static std::array<char, 5> what = {"NAME"};
  static std::array<char, 64> usage = {"quantum device of this site that the job uses, through QDMI"};
  spank_option option{};
  option.name = const_cast<char*>(name);  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  option.arginfo = what.data();
  option.usage = usage.data();
  option.has_arg = 1;
  option.cb = &take_device;
  spank_option_register(spank, &option);
}

}  // namespace
}  // namespace qdmikit_spank

using namespace qdmikit_spank;  // NOLINT(google-build-using-namespace): the hooks are global by Slurm's rules

#pragma GCC visibility push(default)
extern "C" {

// Arguments of plugstack.conf: site=FILE.
int slurm_spank_init(spank_t spank, int count, char** words) {
  guarded([&] {
    gate() = Gate{};
    gate().site_file = "/etc/qdmikit/site.toml";
    for (int i = 0; i < count; ++i) {
      const std::string_view word = words[i];  // NOLINT(cppcoreguidelines-pro-bounds-pointer-arithmetic)
      if (word.rfind("site=", 0) == 0) {
        gate().site_file = word.substr(5);
      } else {
        gate().problem = "plugstack.conf gives the plugin the unknown argument '" + std::string(word) + "'";
      }
    }
    const spank_context_t context = spank_context();
    if (context == S_CTX_LOCAL || context == S_CTX_ALLOCATOR || context == S_CTX_REMOTE) {
      register_option(spank, "qdmi-device");
      register_option(spank, "qpu");
    }
  });
  return kGoOn;
}

// In srun, sbatch and salloc nothing is queued yet, and a refusal costs nobody anything. On a node it would drain it.
int slurm_spank_init_post_opt(spank_t /*spank*/, int /*count*/, char** /*words*/) {
  if (spank_context() != S_CTX_LOCAL && spank_context() != S_CTX_ALLOCATOR) {
    return kGoOn;
  }
  guarded([] { gate().before_submission(::getuid()); });
  const auto& rejection = gate().rejection;
  return rejection ? stopped(*rejection) : kGoOn;
}

// In srun, with an allocation: a refusal gives it back.
int slurm_spank_local_user_init(spank_t spank, int /*count*/, char** /*words*/) {
  guarded([spank] {
    const char* partition = ::getenv("SLURM_JOB_PARTITION");  // NOLINT(concurrency-mt-unsafe): nobody sets it
    gate().for_job(number(spank, S_JOB_ID), ::getuid(),
                   partition == nullptr ? std::nullopt : std::optional<std::string>(partition));
  });
  const auto& rejection = gate().rejection;
  return rejection ? stopped(*rejection) : kGoOn;
}

// On each node, once per step: decide. A refusal here would drain the node and let the job look completed.
int slurm_spank_user_init(spank_t spank, int /*count*/, char** /*words*/) {
  guarded([spank] {
    gate().for_job(number(spank, S_JOB_ID), number(spank, S_JOB_UID), variable(spank, "SLURM_JOB_PARTITION"));
    if (gate().granted && gate().rules && !gate().rejection) {
      apply(spank, *gate().rules, *gate().granted);
    }
  });
  return kGoOn;
}

// In each task, as the user and nobody else: enforce, and look at files that the user may have named.
int slurm_spank_task_init(spank_t spank, int /*count*/, char** /*words*/) {
  guarded([spank] {
    if (!gate().granted || gate().rejection) {
      return;
    }
    const auto lookup = [spank](const std::string& name) { return variable(spank, name); };
    if (const auto path = sitepolicy::tokens_file_in_use(*gate().granted, lookup)) {
      using namespace std::chrono;
      const auto now = duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
      gate().rejection = sitepolicy::check_tokens_file(*path, now);
    }
  });
  const auto& rejection = gate().rejection;
  if (!rejection) {
    return kGoOn;
  }
  std::uint32_t task = 0;
  const bool first = spank_get_item(spank, S_TASK_ID, &task) != ESPANK_SUCCESS || task == 0;
  return first ? stopped(*rejection) : kStop;
}

}  // extern "C"
#pragma GCC visibility pop
