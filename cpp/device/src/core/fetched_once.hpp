// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>

namespace iqm::core {

// Fetches a value once: the first caller does the work without holding a lock, others wait for its outcome. A failure
// reaches those who waited and is forgotten, so that the next call tries again.
template <typename T>
class FetchedOnce {
 public:
  std::shared_ptr<const T> get(const std::function<T()>& fetch) {
    std::shared_future<std::shared_ptr<const T>> another;  // of a caller who was here first
    std::optional<std::promise<std::shared_ptr<const T>>> mine;
    {
      const std::unique_lock lock(mutex_);
      if (value_) {
        return value_;
      }
      if (outcome_.valid()) {
        another = outcome_;
      } else {
        outcome_ = mine.emplace().get_future().share();
      }
    }
    if (!mine) {
      return another.get();
    }
    try {
      auto value = std::make_shared<const T>(fetch());
      {
        const std::unique_lock lock(mutex_);
        value_ = value;
      }
      mine->set_value(value);
      return value;
    } catch (...) {
      {
        const std::unique_lock lock(mutex_);
        outcome_ = {};
      }
      mine->set_exception(std::current_exception());
      throw;
    }
  }

  // The value when it is there already.
  [[nodiscard]] std::shared_ptr<const T> peek() const {
    const std::unique_lock lock(mutex_);
    return value_;
  }

 private:
  mutable std::mutex mutex_;
  std::shared_future<std::shared_ptr<const T>> outcome_;
  std::shared_ptr<const T> value_;
};

}  // namespace iqm::core
