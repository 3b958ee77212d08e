// SPDX-License-Identifier: Apache-2.0
#include "last_error.hpp"

#include <nlohmann/json.hpp>

namespace qdmikit::detail {
namespace {

using Json = nlohmann::json;

// Devices may leave members out, and leave unknown ones null.
std::string text(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

int number(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_number_integer() ? found->get<int>() : 0;
}

std::size_t count(const Json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::size_t>() : 0;
}

std::vector<ServerError> server_errors(const Json& object) {
  std::vector<ServerError> errors;
  const auto found = object.find("server_errors");
  if (found == object.end() || !found->is_array()) {
    return errors;
  }
  for (const Json& entry : *found) {
    if (entry.is_object()) {
      errors.push_back({text(entry, "error_code"), text(entry, "message"), text(entry, "source")});
    } else if (entry.is_string()) {
      errors.push_back({{}, entry.get<std::string>(), {}});
    }
  }
  return errors;
}

// The record is that of the thread's last failure. A device that does not record every failure would otherwise lend
// this one the reason of an older one.
bool tells_about(const Json& record, std::string_view function, Status status) {
  const bool same_status = !record.contains("status") || record["status"] == static_cast<int>(status);
  const std::string named = text(record, "function");
  return same_status && (named.empty() || named == function);
}

}  // namespace

std::optional<ErrorDetail> parse_last_error(std::string_view json, std::string_view function, Status status) {
  const Json record = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!record.is_object() || record.empty() || !tells_about(record, function, status)) {
    return std::nullopt;
  }
  return ErrorDetail{.status = status,
                     .kind = text(record, "kind"),
                     .message = text(record, "message"),
                     .explained = !text(record, "message").empty(),
                     .function = std::string(function),
                     .http_status = number(record, "http_status"),
                     .error_code = text(record, "error_code"),
                     .request_id = text(record, "request_id"),
                     .server_errors = server_errors(record),
                     .programs_max = count(record, "programs_max")};
}

std::optional<ErrorDetail> ask_last_error(const FunctionTable& functions, std::string_view function, Status status) {
  if (functions.last_error == nullptr) {
    return std::nullopt;
  }
  std::size_t size = 0;
  if (functions.last_error(0, nullptr, &size) < QDMI_SUCCESS || size == 0) {
    return std::nullopt;
  }
  std::string json(size, '\0');
  if (functions.last_error(json.size(), json.data(), nullptr) < QDMI_SUCCESS) {
    return std::nullopt;
  }
  json.resize(json.find_last_not_of('\0') + 1);
  return parse_last_error(json, function, status);
}

}  // namespace qdmikit::detail
