// SPDX-License-Identifier: Apache-2.0
#include "module.hpp"

#include <utility>

#include "last_error.hpp"
#include "warnings.hpp"

namespace qdmikit::detail {
namespace {

std::string_view meaning(Status status) {
  switch (status) {
    case Status::OutOfMemory:
      return "out of memory";
    case Status::NotImplemented:
      return "the device does not implement this";
    case Status::LibraryNotFound:
      return "a library that the device needs was not found";
    case Status::NotFound:
      return "the device knows no such thing";
    case Status::OutOfRange:
      return "the index is out of range";
    case Status::InvalidArgument:
      return "the device refuses an argument as invalid";
    case Status::PermissionDenied:
      return "the device denies permission; check the credentials of the session";
    case Status::NotSupported:
      return "the device does not support this";
    case Status::BadState:
      return "this is not possible in the present state";
    case Status::Timeout:
      return "the device timed out";
    case Status::Fatal:
    case Status::WarnGeneral:
    case Status::Success:
      break;
  }
  return "the device reports a fatal error and gives no reason";
}

std::string describe(const Attempt& attempt, std::string_view reason, const std::string& symbol,
                     const std::filesystem::path& library, std::string_view answer, const ErrorDetail& detail) {
  std::string text = "cannot " + std::string(attempt.action) + std::string(attempt.subject) + ": " +
                     std::string(reason) + " [" + symbol + " in " + library.string() + " answered " +
                     std::string(answer);
  if (detail.http_status != 0) {
    text += ", HTTP " + std::to_string(detail.http_status);
  }
  if (!detail.error_code.empty()) {
    text += ", error code " + detail.error_code;
  }
  if (!detail.request_id.empty()) {
    text += ", request id " + detail.request_id;
  }
  return text + "]";
}

}  // namespace

Module::Module(std::filesystem::path path, std::string prefix, const FunctionTable& functions)
    : path_(std::move(path)), prefix_(std::move(prefix)), functions_(functions) {}

std::string Module::symbol(std::string_view function) const { return prefix_ + "_QDMI_" + std::string(function); }

void Module::warn(const Attempt& attempt) const {
  if (!warnings_are_wanted()) {
    return;
  }
  const std::string name = symbol(attempt.function);
  tell({.message = "the device noted something: asked to " + std::string(attempt.action) +
                   std::string(attempt.subject) + ", " + name + " in " + path_.string() +
                   " answered WARN_GENERAL. It was done; the device's log may say more",
        .function = name,
        .library = path_});
}

void Module::throw_answer(int answer, const Attempt& attempt) const {
  if (answer > QDMI_WARN_GENERAL || answer < QDMI_ERROR_TIMEOUT) {
    throw_broken_contract(attempt, "it returned " + std::to_string(answer) + ", which is no QDMI status");
  }
  const auto status = static_cast<Status>(answer);
  const std::string name = symbol(attempt.function);
  ErrorDetail detail = ask_last_error(functions_, name, status).value_or(ErrorDetail{});
  detail.status = status;
  detail.function = name;
  detail.library = path_;
  if (detail.message.empty()) {
    detail.message = meaning(status);
  }
  const std::string text = describe(attempt, detail.message, name, path_, to_string(status), detail);
  throw_error(text, std::move(detail));
}

void Module::throw_broken_contract(const Attempt& attempt, std::string_view how) const {
  const std::string name = symbol(attempt.function);
  fail<ProtocolError>(Status::Fatal,
                      "cannot " + std::string(attempt.action) + std::string(attempt.subject) + ": " + name + " in " +
                          path_.string() + " does not keep to QDMI: " + std::string(how),
                      path_, name);
}

}  // namespace qdmikit::detail
