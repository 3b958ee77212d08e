// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>

#include "auth/credential.hpp"
#include "http/transport.hpp"
#include "server/json_document.hpp"

namespace iqm::server {

// How long a request may take, and who may end it early.
struct Call {
  TimePoint deadline;
  std::stop_token stop;
};

// A reply with status 2xx.
struct Reply {
  std::string source;  // "GET https://…", for messages
  http::Headers headers;
  std::string body;

  // Throws ProtocolError when the body is not JSON.
  [[nodiscard]] Json json() const;

  // Feeds the body to a reader, value by value, for documents too large to be held as a tree. Throws ProtocolError when
  // the body is not JSON, and whatever the reader throws.
  void stream_to(nlohmann::json_sax<Json>& reader) const;

 private:
  [[noreturn]] void fail_not_json() const;
};

// One request to the server and the meaning of what comes back: adds the token, and turns every status that is not 2xx
// into the typed error that the server's body explains.
class Exchange {
 public:
  Exchange(std::string base_url, std::shared_ptr<http::Transport> transport,
           std::shared_ptr<const auth::TokenSource> tokens);

  [[nodiscard]] Reply get(const std::string& route, const Call& call) const;
  [[nodiscard]] Reply post(const std::string& route, std::string body, const Call& call) const;

 private:
  [[nodiscard]] Reply send(http::Request request, const Call& call) const;

  std::string base_url_;
  std::shared_ptr<http::Transport> transport_;
  std::shared_ptr<const auth::TokenSource> tokens_;
};

}  // namespace iqm::server
