// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

namespace qdmikit::detail {

// The process in which it was made. A child that fork makes has a copy of it, and can tell so without asking the
// system.
class Process {
 public:
  Process() noexcept;

  [[nodiscard]] bool is_this() const noexcept;
  [[nodiscard]] pid_t id() const noexcept { return id_; }

 private:
  unsigned long generation_;
  pid_t id_;
};

}  // namespace qdmikit::detail
