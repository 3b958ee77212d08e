// SPDX-License-Identifier: Apache-2.0
#include "server/exchange.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "server/error_body.hpp"
#include "support/error.hpp"
#include "support/log.hpp"

namespace iqm::server {
namespace {

// Enough of a foreign body to recognise it, on one line.
std::string excerpt(const std::string& body) {
  constexpr std::size_t kLength = 80;
  std::string text = body.substr(0, kLength);
  std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c > 0x7e; }, ' ');
  return body.size() > kLength ? text + "…" : text;
}

void log_reply(const std::string& source, const http::Response& response) {
  if (log::enabled(log::Level::kDebug)) {
    log::debug(source + " -> " + std::to_string(response.status) + ", " + std::to_string(response.body.size()) +
               " bytes");
  }
}

bool may_repeat(bool repeatable, long status, bool says_when) {
  if (status == 429 || (status == 503 && says_when)) {
    return true;
  }
  return repeatable && status >= 502 && status <= 504;
}

}  // namespace

void Reply::fail_not_json() const {
  const auto type = headers.find("Content-Type");
  throw ProtocolError("the reply to " + source + " is not JSON (" +
                      (type != headers.end() ? type->second : "no content type") + "): '" + excerpt(body) +
                      "'. Is the base URL that of an IQM Server?");
}

JsonDocument Reply::json() const {
  JsonDocument document = JsonDocument::parse_or_discard(body);
  if (document.value().is_discarded()) {
    fail_not_json();
  }
  return document;
}

void Reply::stream_to(nlohmann::json_sax<Json>& reader) const {
  if (!Json::sax_parse(body, &reader)) {
    fail_not_json();
  }
}

// What was logged already: once is a warning, a line for each request is noise.
struct Exchange::Notes {
  std::mutex mutex;
  std::set<std::string> deprecations;
};

// The attempts at one request: whether there may be another, and the pause before it.
class Exchange::Attempts {
 public:
  Attempts(const ExchangeParts& parts, const Call& call, const http::Request& request, const std::string& source)
      : parts_(parts), call_(call), request_(request), source_(source) {}

  // Waits while the server's rate limit is scarce. A deadline that comes first is the caller's word; the server can
  // still say 429.
  void heed(const RateLimit& limit) const {
    const TimePoint earliest = limit.not_before();
    if (earliest > parts_.clock->now() && earliest < call_.deadline) {
      log::info(source_ + " waits for the server's rate limit");
      sleep_until(earliest);
    }
  }

  // One attempt. None when it failed and another one is due, the pause before which is over.
  [[nodiscard]] std::optional<http::Response> perform() {
    try {
      return parts_.transport->perform(request_, call_.deadline, call_.stop);
    } catch (const Unreachable& error) {
      if (!pause(parts_.retry.most_attempts_to_reach, std::nullopt, error.what())) {
        throw;
      }
    } catch (const ConnectionLost& error) {
      if (!repeatable() || !pause(parts_.retry.most_attempts, std::nullopt, error.what())) {
        throw;
      }
    }
    return std::nullopt;
  }

  // The token to try instead of one that was refused; looked for once.
  [[nodiscard]] std::optional<std::string> successor_of(const std::optional<std::string>& refused) {
    if (!refused || renewed_) {
      return std::nullopt;
    }
    renewed_ = true;
    return parts_.tokens->successor_of(*refused);
  }

  // None when the request is to be sent again after this reply, the pause before which is over; else a hint for the
  // error.
  [[nodiscard]] std::optional<std::string> give_up(const http::Response& response) {
    const auto wait = retry_after(response.headers, parts_.wall_clock);
    if (!may_repeat(repeatable(), response.status, wait.has_value())) {
      return std::string();
    }
    if (pause(parts_.retry.most_attempts, wait,
              source_ + " was answered with status " + std::to_string(response.status))) {
      return std::nullopt;
    }
    if (!wait) {
      return std::string();
    }
    return "the server asks to wait " +
           std::to_string(std::chrono::duration_cast<std::chrono::seconds>(*wait).count()) + " s";
  }

 private:
  [[nodiscard]] bool repeatable() const { return request_.method == http::Method::kGet; }

  // Waits for the next attempt. False when the request has had its attempts, or its deadline would be over first.
  bool pause(int most_attempts, std::optional<Duration> at_least, const std::string& reason) {
    if (++made_ >= most_attempts || call_.once) {
      return false;
    }
    Duration pause = parts_.retry.pause_after(made_, parts_.jitter());
    if (at_least) {
      pause = std::max(pause, *at_least);
    }
    const TimePoint now = parts_.clock->now();
    if (pause >= call_.deadline - now) {
      return false;
    }
    log::info(reason + "; trying again");
    sleep_until(now + pause);
    return true;
  }

  void sleep_until(TimePoint when) const {
    parts_.clock->sleep_until(when, call_.stop);
    if (call_.stop.stop_requested()) {
      throw Interrupted("a request was ended while it waited to be sent again");
    }
  }

  const ExchangeParts& parts_;
  const Call& call_;
  const http::Request& request_;
  const std::string& source_;
  int made_ = 0;
  bool renewed_ = false;
};

Exchange::Exchange(std::string base_url, ExchangeParts parts)
    : base_url_(std::move(base_url)),
      parts_(std::move(parts)),
      rate_limit_(std::make_shared<RateLimit>(rate_limit_percent_from_environment())),
      notes_(std::make_shared<Notes>()) {}

Reply Exchange::get(const std::string& route, const Call& call) const {
  return send({.method = http::Method::kGet, .url = base_url_ + route, .headers = {}, .body = {}}, call);
}

Reply Exchange::post(const std::string& route, std::string body, const Call& call) const {
  return send({.method = http::Method::kPost,
               .url = base_url_ + route,
               .headers = {{"Content-Type", "application/json"}},
               .body = std::move(body)},
              call);
}

Reply Exchange::send(http::Request request, const Call& call) const {
  const std::string source = (request.method == http::Method::kGet ? "GET " : "POST ") + request.url;
  request.headers["Accept"] = "application/json";
  Attempts attempts(parts_, call, request, source);
  std::optional<std::string> token = parts_.tokens->bearer_token();
  for (;;) {
    attempts.heed(*rate_limit_);
    if (token) {
      request.headers["Authorization"] = "Bearer " + *token;
    }
    std::optional<http::Response> response = attempts.perform();
    if (!response) {
      continue;
    }
    if (std::optional<Reply> reply = once_sent([&] { return understand(source, *response, attempts, token); })) {
      return *std::move(reply);
    }
  }
}

// None when the request is to be sent again.
std::optional<Reply> Exchange::understand(const std::string& source, http::Response& response, Attempts& attempts,
                                          std::optional<std::string>& token) const {
  log_reply(source, response);
  rate_limit_->observe(response.headers, parts_.clock->now());
  note_deprecation(source, response.headers);
  if (response.status >= 200 && response.status <= 299) {
    return Reply{source, std::move(response.headers), std::move(response.body)};
  }
  if (response.status == 401) {
    const std::string refused = token.value_or("");
    token = attempts.successor_of(token);
    if (!token) {
      throw_for_status(source, response, parts_.tokens->explain_refusal(refused));
    }
  } else if (const auto hint = attempts.give_up(response)) {
    throw_for_status(source, response, *hint);
  }
  return std::nullopt;
}

void Exchange::note_deprecation(const std::string& source, const http::Headers& headers) const {
  for (const char* name : {"IQM-API-Deprecated", "IQM-API-Operation-Deprecated"}) {
    const auto header = headers.find(name);
    if (header == headers.end() || !header->second.starts_with("true")) {
      continue;
    }
    const std::scoped_lock lock(notes_->mutex);
    if (notes_->deprecations.insert(header->first + header->second).second) {
      log::warning("the server calls what this library uses deprecated (" + header->first + ": " + header->second +
                   ", first seen at " + source + "); update this library before the server drops it");
    }
  }
}

}  // namespace iqm::server
