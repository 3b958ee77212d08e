// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "qdmikit/export.hpp"

namespace qdmikit {

namespace detail {
class Module;
}

/// A QDMI 1.4 device library in this process: a cheap handle to something that is never unloaded.
class QDMIKIT_EXPORT Library {
 public:
  /// Load the library and look its functions up. The device is initialised by the first opening in this process, later
  /// ones find it initialised. Libraries stay loaded and initialised until the process ends: other users of
  /// the same library may be in it, and threads of its own may run.
  ///
  /// @param path absolute, or relative with a folder in it ("./libmy.so"): a bare name is never searched for.
  /// @param prefix what stands before `_QDMI_` in the library's symbols.
  /// @throws InvalidArgument if the path is a bare name or the prefix is no C identifier.
  /// @throws LoadError if the loader refuses the file or symbols are missing: says which.
  /// @throws Error what the device's initialisation failed with.
  static Library open(const std::filesystem::path& path, std::string_view prefix);

  [[nodiscard]] const std::filesystem::path& path() const noexcept;
  [[nodiscard]] const std::string& prefix() const noexcept;

  /// Whether jobs of this device can be retrieved by id (a symbol that device libraries may lack).
  [[nodiscard]] bool retrieves_jobs() const noexcept;
  /// Whether the device says why a call failed (extension `<prefix>_QDMI_device_last_error`).
  [[nodiscard]] bool explains_errors() const noexcept;
  /// Whether calibrations can be submitted (extension `<prefix>_QDMI_device_job_submit_calibration`).
  [[nodiscard]] bool calibrates() const noexcept;

 private:
  friend class Session;
  explicit Library(std::shared_ptr<const detail::Module> module) noexcept;

  std::shared_ptr<const detail::Module> module_;
};

}  // namespace qdmikit
