// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <future>
#include <optional>
#include <utility>

namespace iqm::core {

// A value that arrives after those that wait for it have been handed out. Set exactly once.
template <typename T>
class Deferred {
 public:
  void set(T value) { promise_.set_value(std::move(value)); }

  // Waits until the value is there.
  [[nodiscard]] const T& get() const { return future_.get(); }

  // The value when it is there already.
  [[nodiscard]] const T* peek() const {
    return future_.wait_for(std::chrono::seconds(0)) == std::future_status::ready ? &future_.get() : nullptr;
  }

 private:
  std::promise<T> promise_;
  std::shared_future<T> future_ = promise_.get_future().share();
};

}  // namespace iqm::core
