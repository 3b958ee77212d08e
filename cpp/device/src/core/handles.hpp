// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>

namespace iqm::core {

// What a caller holds is a number that is never given out twice, dressed as a pointer. A stale or foreign handle is
// then simply not found, where a real pointer would be read.
using Handle = std::uintptr_t;

[[nodiscard]] Handle next_handle();

// The objects behind one kind of handle. find() hands out shared ownership: an object that is freed while another
// thread is inside it dies when that call returns.
template <typename T>
class HandleTable {
 public:
  Handle insert(std::shared_ptr<T> object) {
    const Handle handle = next_handle();
    const std::unique_lock lock(mutex_);
    objects_.emplace(handle, std::move(object));
    return handle;
  }

  [[nodiscard]] std::shared_ptr<T> find(Handle handle) const {
    const std::shared_lock lock(mutex_);
    const auto found = objects_.find(handle);
    return found == objects_.end() ? nullptr : found->second;
  }

  // The object, for its destructor to run outside the table's lock.
  std::shared_ptr<T> remove(Handle handle) {
    const std::unique_lock lock(mutex_);
    const auto found = objects_.find(handle);
    if (found == objects_.end()) {
      return nullptr;
    }
    std::shared_ptr<T> object = std::move(found->second);
    objects_.erase(found);
    return object;
  }

  void clear() {
    std::unordered_map<Handle, std::shared_ptr<T>> dying;  // outlives the lock, and so do the destructors
    const std::unique_lock lock(mutex_);
    dying.swap(objects_);
  }

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<Handle, std::shared_ptr<T>> objects_;
};

}  // namespace iqm::core
