// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace qdmikit::detail {

// A value that is fetched when first asked for and then stays. No lock is held while fetching, which may take a slow
// call: threads that ask at the same time each fetch, and the first to finish wins. A failed fetch leaves nothing
// behind.
template <typename T>
class Lazy {
 public:
  Lazy() = default;
  ~Lazy() { delete value_.load(std::memory_order_acquire); }
  Lazy(const Lazy&) = delete;
  Lazy& operator=(const Lazy&) = delete;
  Lazy(Lazy&&) = delete;
  Lazy& operator=(Lazy&&) = delete;

  template <typename Fetch>
  const T& get(const Fetch& fetch) const {
    if (const T* present = value_.load(std::memory_order_acquire)) {
      return *present;
    }
    auto fetched = std::make_unique<const T>(fetch());
    const T* expected = nullptr;
    if (value_.compare_exchange_strong(expected, fetched.get(), std::memory_order_acq_rel)) {
      return *fetched.release();
    }
    return *expected;
  }

 private:
  mutable std::atomic<const T*> value_{nullptr};
};

}  // namespace qdmikit::detail
