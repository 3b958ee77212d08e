// SPDX-License-Identifier: Apache-2.0
#include "server/exchange.hpp"

#include <algorithm>
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

}  // namespace

void Reply::fail_not_json() const {
  const auto type = headers.find("Content-Type");
  throw ProtocolError("the reply to " + source + " is not JSON (" +
                      (type != headers.end() ? type->second : "no content type") + "): '" + excerpt(body) +
                      "'. Is the base URL that of an IQM Server?");
}

Json Reply::json() const {
  Json document = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) {
    fail_not_json();
  }
  return document;
}

void Reply::stream_to(nlohmann::json_sax<Json>& reader) const {
  if (!Json::sax_parse(body, &reader)) {
    fail_not_json();
  }
}

Exchange::Exchange(std::string base_url, std::shared_ptr<http::Transport> transport,
                   std::shared_ptr<const auth::TokenSource> tokens)
    : base_url_(std::move(base_url)), transport_(std::move(transport)), tokens_(std::move(tokens)) {}

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
  const std::string source = (request.method == http::Method::kPost ? "POST " : "GET ") + request.url;
  request.headers["Accept"] = "application/json";
  if (auto token = tokens_->bearer_token()) {
    request.headers["Authorization"] = "Bearer " + *token;
  }
  http::Response response = transport_->perform(request, call.deadline, call.stop);
  if (log::enabled(log::Level::kDebug)) {
    log::debug(source + " -> " + std::to_string(response.status) + ", " + std::to_string(response.body.size()) +
               " bytes");
  }
  if (response.status < 200 || response.status > 299) {
    throw_for_status(source, response);
  }
  return {source, std::move(response.headers), std::move(response.body)};
}

}  // namespace iqm::server
