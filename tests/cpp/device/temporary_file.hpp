// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace iqm::test {

class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view content) {
    std::string name = "/tmp/qdmikit-test-XXXXXX";
    const int descriptor = mkstemp(name.data());
    if (descriptor < 0 || ::write(descriptor, content.data(), content.size()) != static_cast<ssize_t>(content.size())) {
      throw std::runtime_error("cannot write a temporary file");
    }
    close(descriptor);
    path_ = name;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  TemporaryFile(TemporaryFile&&) = delete;
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile() { unlink(path_.c_str()); }

  [[nodiscard]] const std::string& path() const { return path_; }
  void write(std::string_view content) const {
    std::ofstream file(path_, std::ios::trunc);
    file << content;
    if (!file.flush()) {
      throw std::runtime_error("cannot rewrite a temporary file");
    }
  }

 private:
  std::string path_;
};

}  // namespace iqm::test
