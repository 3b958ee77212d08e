// SPDX-License-Identifier: Apache-2.0
#include "auth/tokens_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "support/environment.hpp"
#include "support/error.hpp"
#include "support/json.hpp"

namespace iqm::auth {
namespace {

constexpr mode_t kOthers = 0077;  // any permission of group or world
constexpr std::size_t kLargestFile = std::size_t{64} * 1024;

class OpenFile {
 public:
  // A path that somebody else prepared may be a pipe or a terminal: opening it must neither wait nor take it over.
  explicit OpenFile(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) {
      ::close(descriptor_);
    }
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  OpenFile(OpenFile&&) = delete;
  OpenFile& operator=(OpenFile&&) = delete;

  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

[[noreturn]] void refuse(const std::string& path, const std::string& problem) {
  throw UnusableCredential("the tokens file '" + path + "' " + problem);
}

[[noreturn]] void fail_to_read(const std::string& path) {
  throw UnusableCredential("cannot read the tokens file '" + path +
                           "': " + std::error_code(errno, std::generic_category()).message());
}

std::string read_file(const std::string& path) {
  const OpenFile file(path);
  struct stat status{};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
    fail_to_read(path);
  }
  if (!S_ISREG(status.st_mode)) {
    refuse(path, "is not a regular file");
  }
  if ((status.st_mode & kOthers) != 0 && environment_variable("IQM_REQUIRE_PRIVATE_TOKENS_FILE") == "1") {
    refuse(path, "can be reached by other users, which IQM_REQUIRE_PRIVATE_TOKENS_FILE=1 forbids: chmod 600 it");
  }
  std::string content(kLargestFile + 1, '\0');
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t got = ::read(file.get(), content.data() + size, content.size() - size);
    if (got < 0 && errno != EINTR) {
      fail_to_read(path);
    }
    if (got == 0) {
      break;
    }
    size += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  }
  if (size > kLargestFile) {
    refuse(path, "is larger than 64 KiB, which no tokens file is");
  }
  content.resize(size);
  return content;
}

}  // namespace

std::string read_access_token(const std::string& path) {
  const auto document = JsonDocument::parse_or_discard(read_file(path));
  const Json& json = document.value();
  if (!json.is_object()) {
    refuse(path, "is not a JSON object; log in again to have it rewritten");
  }
  const auto token = json.find("access_token");
  if (token == json.end() || !token->is_string() || token->get_ref<const std::string&>().empty()) {
    refuse(path, "has no string 'access_token'; log in again to have it rewritten");
  }
  return checked_token(token->get<std::string>(), "the tokens file '" + path + "'");
}

std::string checked_token(std::string token, const std::string& origin) {
  const bool printable = std::ranges::all_of(token, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
  if (!printable) {
    throw UnusableCredential("the token of " + origin + " holds characters that no bearer token has");
  }
  return token;
}

}  // namespace iqm::auth
