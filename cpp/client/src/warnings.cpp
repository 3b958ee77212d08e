// SPDX-License-Identifier: Apache-2.0
#include "warnings.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

namespace qdmikit {
namespace {

// Held by a pointer that is never deleted: devices may be used until the very end of the process.
struct Wanted {
  std::mutex mutex;
  std::shared_ptr<const WarningHandler> handler;
  std::atomic<bool> set = false;
};

Wanted& wanted() {
  static auto& instance = *new Wanted;
  return instance;
}

}  // namespace

WarningHandler set_warning_handler(WarningHandler handler) {
  const bool set = static_cast<bool>(handler);
  auto next = std::make_shared<const WarningHandler>(std::move(handler));
  {
    const std::scoped_lock lock(wanted().mutex);
    wanted().handler.swap(next);
    wanted().set = set;
  }
  return next ? *next : WarningHandler{};
}

namespace detail {

bool warnings_are_wanted() { return wanted().set; }

void tell(const Warning& warning) {
  std::shared_ptr<const WarningHandler> handler;
  {
    const std::scoped_lock lock(wanted().mutex);
    handler = wanted().handler;
  }
  if (handler && *handler) {
    (*handler)(warning);
  }
}

}  // namespace detail
}  // namespace qdmikit
