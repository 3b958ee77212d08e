// SPDX-License-Identifier: Apache-2.0
// "f" and the content of a tokens file, "t" and a token, or "j" and a JSON Web Token's payload before its encoding.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "auth/credential.hpp"
#include "fuzz.hpp"
#include "sitepolicy/jwt.hpp"

namespace iqm::fuzz {
namespace {

// A file without a name; the library reads it by way of /proc.
class MemoryFile {
 public:
  explicit MemoryFile(const std::string& content) : descriptor_(memfd_create("tokens", MFD_CLOEXEC)) {
    require(descriptor_ >= 0, "memory files can be made");
    require(::write(descriptor_, content.data(), content.size()) == static_cast<ssize_t>(content.size()),
            "memory files can be written");
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  MemoryFile(MemoryFile&&) = delete;
  MemoryFile& operator=(MemoryFile&&) = delete;
  ~MemoryFile() { ::close(descriptor_); }

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

std::string base64url(const std::string& text) {
  constexpr const char* kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string encoded;
  unsigned bits = 0;
  unsigned count = 0;
  for (const unsigned char c : text) {
    bits = (bits << 8U | c) & 0xffffU;
    for (count += 8; count >= 6; count -= 6) {
      encoded.push_back(kDigits[bits >> (count - 6) & 63U]);
    }
  }
  if (count > 0) {
    encoded.push_back(kDigits[bits << (6 - count) & 63U]);
  }
  return encoded;
}

void use(const auth::ExplicitCredential& credential) {
  expect_typed_errors([&] {
    const auto source = auth::resolve_credential(credential, [] { return std::int64_t{1'800'000'000}; });
    const auto token = source->bearer_token();
    if (token) {
      require(std::ranges::all_of(*token, [](unsigned char c) { return c > 0x20 && c < 0x7f; }),
              "a token cannot end its header line");
      (void)source->explain_refusal(*token);
      (void)source->successor_of(*token);
    }
  });
}

}  // namespace
}  // namespace iqm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace iqm::fuzz;
  if (size == 0) {
    return -1;
  }
  const std::string text = Input(data + 1, size - 1).rest();
  switch (data[0]) {
    case 'f': {
      const MemoryFile file(text);
      use({.token = {}, .tokens_file = file.path()});
      return 0;
    }
    case 't':
      use({.token = text, .tokens_file = {}});
      (void)sitepolicy::jwt_expiry(text);
      return 0;
    case 'j':
      use({.token = "e30." + base64url(text) + ".c2ln", .tokens_file = {}});
      return 0;
    default:
      return -1;
  }
}
