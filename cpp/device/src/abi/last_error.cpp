// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "abi/guard.hpp"
#include "iqm_qdmi/extensions.h"
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

int keep(Failure failure) {
  log_failure(failure);
  const int status = failure.status;
  last_failure = std::move(failure);
  return status;
}

std::string to_json(const Failure& failure) {
  nlohmann::json errors = nlohmann::json::array();
  for (const ServerError& error : failure.detail.server_errors) {
    errors.push_back({{"error_code", error.error_code}, {"message", error.message}, {"source", error.source}});
  }
  const nlohmann::json json{{"function", failure.function},
                            {"status", failure.status},
                            {"kind", failure.kind},
                            {"message", failure.message},
                            {"http_status", failure.detail.http_status},
                            {"error_code", failure.detail.error_code},
                            {"request_id", failure.detail.request_id},
                            {"server_errors", std::move(errors)}};
  // Servers and proxies send bytes that are not UTF-8, too.
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

int record_failure(const Function& function, const Error& error) noexcept {
  const int status = returned_status(function, error.status());
  try {
    return keep({function.name, status, error.kind(), error.what(), error.detail()});
  } catch (...) {
    return status;  // no memory even to say so: the status still tells what happened
  }
}

int record_failure(const Function& function, QDMI_STATUS status, const char* kind, const char* message) noexcept {
  const int returned = returned_status(function, status);
  try {
    return keep({function.name, returned, kind, message, {}});
  } catch (...) {
    return returned;
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
