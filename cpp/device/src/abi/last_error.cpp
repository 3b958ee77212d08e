// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <new>
#include <optional>
#include <string>

#include "abi/guard.hpp"
#include "iqm_qdmi/extensions.h"
#include "support/json.hpp"
#include "support/log.hpp"

namespace iqm::abi {
namespace {

struct Failure {
  const char* function = "";
  int status = QDMI_SUCCESS;
  std::string kind;
  std::string message;
  ErrorDetail detail;
};

thread_local std::optional<Failure> last_failure;

int returned_status(const Function& function, QDMI_STATUS status) {
  const bool allowed = std::ranges::find(function.allowed, status) != function.allowed.end();
  return allowed ? status : QDMI_ERROR_FATAL;
}

// Called often by clients that probe for properties, so no text is composed unless it is going to be printed.
void log_failure(const Failure& failure) {
  const bool expected = failure.status == QDMI_ERROR_NOTSUPPORTED || failure.status == QDMI_ERROR_TIMEOUT;
  const auto level = expected ? log::Level::kDebug : log::Level::kInfo;
  if (log::enabled(level)) {
    const std::string text = std::string(failure.function) + ": " + failure.kind + ": " + failure.message;
    expected ? log::debug(text) : log::info(text);
  }
}

int keep(Failure failure) noexcept {
  last_failure = std::move(failure);
  try {
    log_failure(*last_failure);
  } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): what matters is kept, the log goes without it
  }
  return last_failure->status;
}

// For want of memory to say more. Texts that are as short as these need none.
int keep_without_text(const Function& function, int status) noexcept {
  return keep(
      {.function = function.name, .status = status, .kind = "OutOfMemory", .message = "out of memory", .detail = {}});
}

std::string to_json(const Failure& failure) {
  JsonDocument document(Json::value_t::object);
  Json& json = document.value();
  json["function"] = failure.function;
  json["status"] = failure.status;
  json["kind"] = failure.kind;
  json["message"] = failure.message;
  json["http_status"] = failure.detail.http_status;
  json["error_code"] = failure.detail.error_code;
  json["request_id"] = failure.detail.request_id;
  Json& errors = json["server_errors"] = Json(Json::value_t::array);
  for (const ServerError& error : failure.detail.server_errors) {
    Json& entry = errors.emplace_back(Json::value_t::object);
    entry["error_code"] = error.error_code;
    entry["message"] = error.message;
    entry["source"] = error.source;
  }
  if (failure.detail.programs_max != 0) {
    json["programs_max"] = failure.detail.programs_max;
  }
  // Servers and proxies send bytes that are not UTF-8, too.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

int record_failure(const Function& function, const Error& error) noexcept {
  const int status = returned_status(function, error.status());
  try {
    return keep({function.name, status, error.kind(), error.what(), error.detail()});
  } catch (...) {
    return keep_without_text(function, status);  // the status still tells what happened
  }
}

int record_failure(const Function& function, QDMI_STATUS status, const char* kind, const char* message) noexcept {
  const int returned = returned_status(function, status);
  try {
    return keep({function.name, returned, kind, message, {}});
  } catch (...) {
    return keep_without_text(function, returned);
  }
}

}  // namespace iqm::abi

int IQM_QDMI_device_last_error(size_t size, char* json, size_t* size_ret) {
  try {
    const std::string text = iqm::abi::last_failure ? iqm::abi::to_json(*iqm::abi::last_failure) : "{}";
    if (size_ret != nullptr) {
      *size_ret = text.size() + 1;
    }
    if (json == nullptr) {
      return QDMI_SUCCESS;
    }
    if (size < text.size() + 1) {
      return QDMI_ERROR_INVALIDARGUMENT;  // not recorded: it would hide the failure that is being asked for
    }
    std::memcpy(json, text.c_str(), text.size() + 1);
    return QDMI_SUCCESS;
  } catch (...) {
    return QDMI_ERROR_FATAL;
  }
}
