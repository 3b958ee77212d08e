// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <string>

namespace sitepolicy {

// The text of a small regular file and what it is. Opening it neither waits nor takes a terminal over, because whoever
// named the path may have put anything there.
struct RegularFile {
  std::string text;
  struct stat status = {};
  std::string problem;  // why there is no text; empty if there is

  static RegularFile read(const std::string& path, std::size_t largest);
};

}  // namespace sitepolicy
