// SPDX-License-Identifier: Apache-2.0
#include "server/error_body.hpp"

#include <utility>

namespace iqm::server {
namespace {

std::string string_or_empty(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// What the body and headers of a failed request say. The body may be anything: a proxy's HTML page, for one.
ErrorDetail read_detail(const http::Response& response, std::string& message) {
  ErrorDetail detail;
  detail.http_status = response.status;
  for (const char* name : {"X-Request-Id", "Request-Id"}) {
    if (const auto found = response.headers.find(name); found != response.headers.end() && detail.request_id.empty()) {
      detail.request_id = found->second;
    }
  }
  const auto document = JsonDocument::parse_or_discard(response.body);
  const Json& body = document.value();
  if (!body.is_object()) {
    return detail;
  }
  if (auto own = parse_server_error(body)) {
    detail.server_errors.push_back(std::move(*own));
  }
  if (const auto list = body.find("errors"); list != body.end()) {
    for (auto& error : parse_server_errors(*list)) {
      detail.server_errors.push_back(std::move(error));
    }
  }
  if (const std::string id = string_or_empty(body, "request_id"); !id.empty()) {
    detail.request_id = id;
  }
  if (!detail.server_errors.empty()) {
    message = detail.server_errors.front().message;
    detail.error_code = detail.server_errors.front().error_code;
  }
  return detail;
}

std::string explain(const std::string& source, const ErrorDetail& detail, const std::string& message) {
  std::string text = "the server answered " + source + " with status " + std::to_string(detail.http_status);
  if (!message.empty()) {
    text += ": " + message;
  }
  if (!detail.error_code.empty()) {
    text += " [" + detail.error_code + "]";
  }
  if (!detail.request_id.empty()) {
    text += " (request " + detail.request_id + ")";
  }
  return text;
}

}  // namespace

std::optional<ServerError> parse_server_error(const Json& value) {
  if (!value.is_object()) {
    return std::nullopt;
  }
  ServerError error{.error_code = string_or_empty(value, "error_code"),
                    .message = string_or_empty(value, "message"),
                    .source = string_or_empty(value, "source")};
  if (error.message.empty()) {
    error.message = string_or_empty(value, "detail");
  }
  if (error.message.empty() && error.error_code.empty()) {
    return std::nullopt;
  }
  return error;
}

std::vector<ServerError> parse_server_errors(const Json& value) {
  std::vector<ServerError> errors;
  if (value.is_array()) {
    for (const Json& entry : value) {
      if (auto error = parse_server_error(entry)) {
        errors.push_back(std::move(*error));
      }
    }
  }
  return errors;
}

void throw_for_status(const std::string& source, const http::Response& response, const std::string& hint) {
  std::string message;
  ErrorDetail detail = read_detail(response, message);
  const std::string text = explain(source, detail, message) + (hint.empty() ? "" : "; " + hint);
  switch (response.status) {
    case 401:
      throw AuthenticationFailed(text, std::move(detail));
    case 403:
      if (detail.error_code == "illegal_job_status") {
        throw JobAlreadyTerminal(text, std::move(detail));
      }
      throw Forbidden(text, std::move(detail));
    case 404:
      throw NotFound(text, std::move(detail));
    case 429:
      throw RateLimited(text, std::move(detail));
    default:
      break;
  }
  if (response.status >= 400 && response.status < 500) {
    throw RequestRejected(text, std::move(detail));
  }
  if (response.status >= 500) {
    throw ServerFault(text, std::move(detail));
  }
  throw ProtocolError(
      text + "; the API knows no such answer (redirects are not followed, they would carry the token away)",
      std::move(detail));
}

}  // namespace iqm::server
