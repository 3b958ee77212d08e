// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "auth/credential.hpp"
#include "http/transport.hpp"
#include "server/json_document.hpp"
#include "server/rate_limit.hpp"
#include "server/retry.hpp"

namespace iqm::server {

// How long a request may take, who may end it early, and whether it is worth repeating.
struct Call {
  TimePoint deadline;
  std::stop_token stop;
  bool once = false;  // an optional question, to which a failure is an answer too
};

// A reply with status 2xx.
struct Reply {
  std::string source;  // "GET https://…", for messages
  http::Headers headers;
  std::string body;

  // Throws ProtocolError when the body is not JSON.
  [[nodiscard]] JsonDocument json() const;

  // Feeds the body to a reader, value by value, for documents too large to be held as a tree. Throws ProtocolError when
  // the body is not JSON, and whatever the reader throws.
  void stream_to(nlohmann::json_sax<Json>& reader) const;

 private:
  [[noreturn]] void fail_not_json() const;
};

// What an exchange is made of.
struct ExchangeParts {
  std::shared_ptr<http::Transport> transport;
  std::shared_ptr<auth::TokenSource> tokens;
  std::shared_ptr<const Clock> clock;
  WallClock wall_clock = system_wall_clock;
  Jitter jitter = random_jitter;
  RetryPolicy retry = {};
};

// One request to the server and the meaning of what comes back: adds the token, repeats what may be repeated within the
// call's deadline, and turns every status that is not 2xx into the typed error that the server's body explains.
class Exchange {
 public:
  Exchange(std::string base_url, ExchangeParts parts);

  // Throw OutOfMemoryOnceSent when memory runs out after the request may have reached the server.

  // Repeated after connection faults and the statuses 429, 502, 503 and 504.
  [[nodiscard]] Reply get(const std::string& route, const Call& call) const;
  // Repeated only when the server certainly did not act on it: it was never reached, or it refused the request as one
  // too many (429), or it is away and says until when (503 with Retry-After).
  [[nodiscard]] Reply post(const std::string& route, std::string body, const Call& call) const;

 private:
  class Attempts;
  struct Notes;

  [[nodiscard]] Reply send(http::Request request, const Call& call) const;
  [[nodiscard]] std::optional<Reply> understand(const std::string& source, http::Response& response, Attempts& attempts,
                                                std::optional<std::string>& token) const;
  void note_deprecation(const std::string& source, const http::Headers& headers) const;

  std::string base_url_;
  ExchangeParts parts_;
  std::shared_ptr<RateLimit> rate_limit_;
  std::shared_ptr<Notes> notes_;
};

}  // namespace iqm::server
