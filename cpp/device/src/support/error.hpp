// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "iqm_qdmi/constants.h"

namespace iqm {

// One entry of the `errors` list that the server attaches to a failed request or job.
struct ServerError {
  std::string error_code;
  std::string message;
  std::string source;
};

// What is known about a failure beyond its text. Empty fields mean "not known".
struct ErrorDetail {
  long http_status = 0;
  std::string error_code;
  std::string request_id;
  std::vector<ServerError> server_errors;
  std::size_t programs_max = 0;  // how many programs one job could have had
};

// The root of everything the device throws. The properties carry the detail, the subclasses only name the `kind`
// that a caller may want to tell apart.
class Error : public std::runtime_error {
 public:
  Error(QDMI_STATUS status, std::string kind, const std::string& message, ErrorDetail detail = {})
      : std::runtime_error(message), status_(status), kind_(std::move(kind)), detail_(std::move(detail)) {}

  [[nodiscard]] QDMI_STATUS status() const noexcept { return status_; }
  [[nodiscard]] const std::string& kind() const noexcept { return kind_; }
  [[nodiscard]] const ErrorDetail& detail() const noexcept { return detail_; }

 private:
  QDMI_STATUS status_;
  std::string kind_;
  ErrorDetail detail_;
};

// --- the caller's doing ----------------------------------------------------------------------------------------------

struct InvalidArgument : Error {
  explicit InvalidArgument(const std::string& message)
      : Error(QDMI_ERROR_INVALIDARGUMENT, "InvalidArgument", message) {}
};

struct InvalidShots : Error {
  explicit InvalidShots(const std::string& message) : Error(QDMI_ERROR_INVALIDARGUMENT, "InvalidShots", message) {}
};

// QDMI keeps INVALIDARGUMENT of submit and init for the handle alone; a program or URL that is no good is FATAL there.
struct InvalidProgram : Error {
  explicit InvalidProgram(const std::string& message) : Error(QDMI_ERROR_FATAL, "InvalidProgram", message) {}
};

// More programs than one job may have, each of them fine by itself: fewer at a time would do.
struct TooManyPrograms : Error {
  TooManyPrograms(const std::string& message, std::size_t programs_max)
      : Error(
            QDMI_ERROR_FATAL, "TooManyPrograms", message,
            {.http_status = 0, .error_code = {}, .request_id = {}, .server_errors = {}, .programs_max = programs_max}) {
  }
};

// A run-request option that contradicts another, or that this device does not take.
struct InvalidOption : Error {
  explicit InvalidOption(const std::string& message) : Error(QDMI_ERROR_INVALIDARGUMENT, "InvalidOption", message) {}
};

struct InvalidBaseUrl : Error {
  explicit InvalidBaseUrl(const std::string& message) : Error(QDMI_ERROR_FATAL, "InvalidBaseUrl", message) {}
};

// A setting from the environment that cannot be used.
struct InvalidSetting : Error {
  explicit InvalidSetting(const std::string& message) : Error(QDMI_ERROR_FATAL, "InvalidSetting", message) {}
};

struct NotSupported : Error {
  explicit NotSupported(const std::string& message) : Error(QDMI_ERROR_NOTSUPPORTED, "NotSupported", message) {}
};

struct BadState : Error {
  explicit BadState(const std::string& message, ErrorDetail detail = {})
      : Error(QDMI_ERROR_BADSTATE, "BadState", message, std::move(detail)) {}
};

// The job whose results were asked for did not succeed; the detail holds the server's own errors.
struct JobFailed : Error {
  JobFailed(const std::string& message, ErrorDetail detail)
      : Error(QDMI_ERROR_BADSTATE, "JobFailed", message, std::move(detail)) {}
};

struct OutOfRange : Error {
  explicit OutOfRange(const std::string& message) : Error(QDMI_ERROR_OUTOFRANGE, "OutOfRange", message) {}
};

// --- credentials -----------------------------------------------------------------------------------------------------

struct AmbiguousCredential : Error {
  explicit AmbiguousCredential(const std::string& message)
      : Error(QDMI_ERROR_PERMISSIONDENIED, "AmbiguousCredential", message) {}
};

struct UnusableCredential : Error {
  explicit UnusableCredential(const std::string& message)
      : Error(QDMI_ERROR_PERMISSIONDENIED, "UnusableCredential", message) {}
};

struct AuthenticationFailed : Error {
  AuthenticationFailed(const std::string& message, ErrorDetail detail)
      : Error(QDMI_ERROR_PERMISSIONDENIED, "AuthenticationFailed", message, std::move(detail)) {}
};

struct Forbidden : Error {
  Forbidden(const std::string& message, ErrorDetail detail)
      : Error(QDMI_ERROR_PERMISSIONDENIED, "Forbidden", message, std::move(detail)) {}
};

// --- the network and the server --------------------------------------------------------------------------------------

// No byte of the request left this machine.
struct Unreachable : Error {
  explicit Unreachable(const std::string& message) : Error(QDMI_ERROR_FATAL, "Unreachable", message) {}
};

// The connection broke after the request may have reached the server.
struct ConnectionLost : Error {
  explicit ConnectionLost(const std::string& message) : Error(QDMI_ERROR_FATAL, "ConnectionLost", message) {}
};

struct RequestTimedOut : Error {
  explicit RequestTimedOut(const std::string& message) : Error(QDMI_ERROR_FATAL, "RequestTimedOut", message) {}
};

// Somebody who no longer needs the reply ended the request.
struct Interrupted : Error {
  explicit Interrupted(const std::string& message) : Error(QDMI_ERROR_FATAL, "Interrupted", message) {}
};

// A reply that the API does not allow.
struct ProtocolError : Error {
  explicit ProtocolError(const std::string& message, ErrorDetail detail = {})
      : Error(QDMI_ERROR_FATAL, "ProtocolError", message, std::move(detail)) {}
};

struct NotFound : Error {
  NotFound(const std::string& message, ErrorDetail detail)
      : Error(QDMI_ERROR_NOTFOUND, "NotFound", message, std::move(detail)) {}
};

struct RequestRejected : Error {
  RequestRejected(const std::string& message, ErrorDetail detail)
      : Error(QDMI_ERROR_FATAL, "RequestRejected", message, std::move(detail)) {}
};

struct RateLimited : Error {
  RateLimited(const std::string& message, ErrorDetail detail)
      : Error(QDMI_ERROR_FATAL, "RateLimited", message, std::move(detail)) {}
};

struct ServerFault : Error {
  ServerFault(const std::string& message, ErrorDetail detail)
      : Error(QDMI_ERROR_FATAL, "ServerFault", message, std::move(detail)) {}
};

struct UnknownQuantumComputer : Error {
  explicit UnknownQuantumComputer(const std::string& message)
      : Error(QDMI_ERROR_FATAL, "UnknownQuantumComputer", message) {}
};

// Memory ran out when the server may have had the request already. Needs no memory itself.
struct OutOfMemoryOnceSent : std::bad_alloc {
  [[nodiscard]] const char* what() const noexcept override { return "out of memory after the request was sent"; }
};

// Runs what follows a request that was sent.
template <typename Rest>
decltype(auto) once_sent(Rest rest) {
  try {
    return rest();
  } catch (const std::bad_alloc&) {
    throw OutOfMemoryOnceSent();
  }
}

// --- jobs ------------------------------------------------------------------------------------------------------------

struct JobAlreadyTerminal : Error {
  explicit JobAlreadyTerminal(const std::string& message, ErrorDetail detail = {})
      : Error(QDMI_ERROR_INVALIDARGUMENT, "JobAlreadyTerminal", message, std::move(detail)) {}
};

// The server may or may not have taken the job, and only its operators can tell. Never submitted again by itself.
struct SubmissionOutcomeUnknown : Error {
  SubmissionOutcomeUnknown(const std::string& message, ErrorDetail detail)
      : Error(QDMI_ERROR_FATAL, "SubmissionOutcomeUnknown", message, std::move(detail)) {}
};

struct WaitTimedOut : Error {
  explicit WaitTimedOut(const std::string& message) : Error(QDMI_ERROR_TIMEOUT, "WaitTimedOut", message) {}
};

}  // namespace iqm
