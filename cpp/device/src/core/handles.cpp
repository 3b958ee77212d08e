// SPDX-License-Identifier: Apache-2.0
#include "core/handles.hpp"

#include <atomic>

namespace iqm::core {

Handle next_handle() {
  static std::atomic<Handle> next{1};
  return next.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace iqm::core
