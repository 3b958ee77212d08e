// SPDX-License-Identifier: Apache-2.0
#include "regular_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace sitepolicy {
namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::string& path)
      : number_(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;

  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

std::string reason() { return std::error_code(errno, std::generic_category()).message(); }

}  // namespace

RegularFile RegularFile::read(const std::string& path, std::size_t largest) {
  RegularFile file;
  const Descriptor descriptor(path);
  if (descriptor.get() < 0 || ::fstat(descriptor.get(), &file.status) != 0) {
    file.problem = "cannot be read: " + reason();
    return file;
  }
  if (!S_ISREG(file.status.st_mode)) {
    file.problem = "is not a regular file";
    return file;
  }
  std::array<char, 4096> block{};
  for (;;) {
    const ssize_t got = ::read(descriptor.get(), block.data(), block.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      file.problem = "cannot be read: " + reason();
      return file;
    }
    if (got == 0) {
      return file;
    }
    file.text.append(block.data(), static_cast<std::size_t>(got));
    if (file.text.size() > largest) {
      file.text.clear();
      file.problem = "is larger than " + std::to_string(largest / 1024) + " KiB";
      return file;
    }
  }
}

}  // namespace sitepolicy
