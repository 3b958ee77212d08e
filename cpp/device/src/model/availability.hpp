// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

namespace iqm::model {

// What the server says of the machine's queue. `open` is false when it offers no availability at all.
struct QueueAvailability {
  std::optional<std::size_t> queue_length;
  bool open = true;
};

}  // namespace iqm::model
