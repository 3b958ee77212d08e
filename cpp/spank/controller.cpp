// SPDX-License-Identifier: GPL-2.0-or-later
#include "controller.hpp"

#include <dlfcn.h>

extern "C" {
#include <slurm/slurm.h>
#include <slurm/slurm_errno.h>
}

#include <cerrno>
#include <memory>

namespace qdmikit_spank {
namespace {

// The programs that load this plugin carry Slurm's functions; a library of Slurm beside them would have state of its
// own.
template <typename Function>
Function* in_this_process(const char* name) {
  return reinterpret_cast<Function*>(
      ::dlsym(RTLD_DEFAULT, name));  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast): POSIX
}

std::string text(const char* value) { return value == nullptr ? "" : value; }

}  // namespace

std::optional<ControllerView> ask_controller(std::uint32_t job, std::string& problem) {
  auto* const load = in_this_process<decltype(slurm_load_job)>("slurm_load_job");
  auto* const release = in_this_process<decltype(slurm_free_job_info_msg)>("slurm_free_job_info_msg");
  if (load == nullptr || release == nullptr) {
    problem = "this program has no slurm_load_job";
    return std::nullopt;
  }
  job_info_msg_t* jobs = nullptr;
  if (load(&jobs, job, 0) != SLURM_SUCCESS || jobs == nullptr) {
    auto* const explain = in_this_process<decltype(slurm_strerror)>("slurm_strerror");
    problem = explain == nullptr ? "error " + std::to_string(errno) : text(explain(errno));
    return std::nullopt;
  }
  const std::unique_ptr<job_info_msg_t, decltype(release)> owned(jobs, release);
  std::optional<ControllerView> view;
  for (std::uint32_t i = 0; i < jobs->record_count; ++i) {
    const slurm_job_info_t& entry = jobs->job_array[i];  // NOLINT(cppcoreguidelines-pro-bounds-pointer-arithmetic)
    if (entry.job_id == job) {
      view = ControllerView{text(entry.partition), text(entry.licenses)};
    }
  }
  if (!view) {
    problem = "it does not know the job";
  }
  return view;
}

}  // namespace qdmikit_spank
