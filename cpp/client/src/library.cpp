// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/library.hpp"

#include <utility>

#include "module.hpp"

namespace qdmikit {

Library::Library(std::shared_ptr<const detail::Module> module) noexcept : module_(std::move(module)) {}

Library Library::open(const std::filesystem::path& path, std::string_view prefix) {
  return Library(detail::Module::open(path, prefix));
}

const std::filesystem::path& Library::path() const noexcept { return module_->path(); }

const std::string& Library::prefix() const noexcept { return module_->prefix(); }

bool Library::retrieves_jobs() const noexcept {
  return module_->functions().session_retrieve_device_job_by_id != nullptr;
}

bool Library::explains_errors() const noexcept { return module_->functions().last_error != nullptr; }

bool Library::calibrates() const noexcept { return module_->functions().job_submit_calibration != nullptr; }

}  // namespace qdmikit
