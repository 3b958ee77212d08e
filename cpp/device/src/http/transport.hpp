// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <stop_token>
#include <string>

#include "support/clock.hpp"

namespace iqm::http {

struct CaseInsensitiveLess {
  bool operator()(const std::string& a, const std::string& b) const {
    return std::ranges::lexicographical_compare(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) < std::tolower(y); });
  }
};

using Headers = std::map<std::string, std::string, CaseInsensitiveLess>;

enum class Method { kGet, kPost };

struct Request {
  Method method = Method::kGet;
  std::string url;
  Headers headers;
  std::string body;  // POST only; may be empty
};

struct Response {
  long status = 0;
  Headers headers;
  std::string body;
};

// Sends requests. Whatever status the server answers with is a Response; everything else is thrown:
// Unreachable (nothing was sent), ConnectionLost, RequestTimedOut, Interrupted (by `stop`), ProtocolError, and
// std::bad_alloc (nothing was sent) or OutOfMemoryOnceSent.
class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  Transport(Transport&&) = delete;
  Transport& operator=(Transport&&) = delete;
  virtual ~Transport() = default;

  // Safe to call from several threads at once. Ends at `deadline` at the latest, and at once when `stop` is requested.
  [[nodiscard]] virtual Response perform(const Request& request, TimePoint deadline, const std::stop_token& stop) = 0;
};

}  // namespace iqm::http
