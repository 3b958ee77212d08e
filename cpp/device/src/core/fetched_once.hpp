// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <mutex>

namespace iqm::core {

// Fetches a value once: the first caller does the work without holding a lock, others wait for its outcome. A failure
// reaches those who waited and is forgotten, so that the next call tries again.
template <typename T>
class FetchedOnce {
 public:
  std::shared_ptr<const T> get(const std::function<T()>& fetch) {
    std::promise<std::shared_ptr<const T>> promise;
    std::shared_future<std::shared_ptr<const T>> outcome;
    {
      const std::unique_lock lock(mutex_);
      if (outcome_.valid()) {
        outcome = outcome_;
      } else {
        outcome_ = promise.get_future().share();
      }
    }
    if (outcome.valid()) {
      return outcome.get();
    }
    try {
      auto value = std::make_shared<const T>(fetch());
      promise.set_value(value);
      return value;
    } catch (...) {
      {
        const std::unique_lock lock(mutex_);
        outcome_ = {};
      }
      promise.set_exception(std::current_exception());
      throw;
    }
  }

  // The value when it is there already.
  [[nodiscard]] std::shared_ptr<const T> peek() const {
    const std::unique_lock lock(mutex_);
    const bool ready = outcome_.valid() && outcome_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    return ready ? outcome_.get() : nullptr;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_future<std::shared_ptr<const T>> outcome_;
};

}  // namespace iqm::core
