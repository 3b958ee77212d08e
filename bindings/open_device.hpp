// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nanobind/nanobind.h>

#include <filesystem>
#include <mutex>
#include <optional>
#include <utility>

#include "gil.hpp"
#include "qdmikit/device.hpp"
#include "qdmikit/error.hpp"

namespace qdmikit::bindings {

// What Python holds of a device, until it is closed. Each call takes a handle of its own, so that closing never takes
// the session away from a call that is under way.
class OpenDevice {
 public:
  explicit OpenDevice(Device device) : library_path_(device.library_path()), device_(std::move(device)) {}
  OpenDevice(const OpenDevice&) = delete;
  OpenDevice& operator=(const OpenDevice&) = delete;
  OpenDevice(OpenDevice&&) = delete;
  OpenDevice& operator=(OpenDevice&&) = delete;

  // Ending the session calls the device library, which may take its time; no Python thread shall wait for that.
  ~OpenDevice() {
    if (device_ && device_->is_last_owner()) {
      const ReleasedGil without_gil;
      device_.reset();
    }
  }

  // The handle. Call it, and let go of what it returns, without the interpreter's lock.
  [[nodiscard]] Device get() const {
    const std::scoped_lock lock(mutex_);
    if (!device_) {
      constexpr auto kText = "the device is closed: open it again with qdmikit.open_device()";
      throw BadState(kText, {.status = Status::BadState, .message = kText, .library = library_path_});
    }
    return *device_;
  }

  void close() {
    std::optional<Device> closing;  // ends the session, if it does, after the lock is gone
    const std::scoped_lock lock(mutex_);
    closing.swap(device_);
  }

  [[nodiscard]] bool closed() const {
    const std::scoped_lock lock(mutex_);
    return !device_;
  }

  [[nodiscard]] const std::filesystem::path& library_path() const noexcept { return library_path_; }

 private:
  std::filesystem::path library_path_;
  mutable std::mutex mutex_;
  std::optional<Device> device_;
};

}  // namespace qdmikit::bindings
