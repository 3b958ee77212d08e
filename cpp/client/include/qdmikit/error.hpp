// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "qdmikit/export.hpp"
#include "qdmikit/status.hpp"

namespace qdmikit {

// Without these initialisers g++ warns of every member that a designated initialisation leaves out.
// NOLINTBEGIN(readability-redundant-member-init)

/// One entry of the list of errors that a server attached to a failed request or job.
struct ServerError {
  std::string error_code = {};
  std::string message = {};
  std::string source = {};
};

/// What is known about a failure. Empty members mean "not known".
struct ErrorDetail {
  Status status = Status::Fatal;
  std::string kind = {};                        ///< the device's own name for this sort of failure
  std::string message = {};                     ///< the reason
  bool explained = false;                       ///< whether the reason is in the device's own words
  std::string function = {};                    ///< the symbol that was called
  std::filesystem::path library = {};           ///< the device library it was called in
  int http_status = 0;                          ///< of the server's reply, 0 when none was involved
  std::string error_code = {};                  ///< the server's
  std::string request_id = {};                  ///< the server's
  std::vector<ServerError> server_errors = {};  ///< the server's
  std::size_t programs_max = 0;                 ///< how many programs one job could have had, 0 if that was no matter
};

// NOLINTEND(readability-redundant-member-init)

/// The root of everything that this library throws. The properties carry the detail; the subclasses mirror the
/// statuses of QDMI, and the few kinds of failure that a caller handles differently.
class QDMIKIT_EXPORT Error : public std::runtime_error {
 public:
  Error(const std::string& what, ErrorDetail detail);
  ~Error() override;
  Error(const Error&) noexcept = default;
  Error& operator=(const Error&) noexcept = default;
  Error(Error&&) noexcept = default;
  Error& operator=(Error&&) noexcept = default;

  /// The name of the class, the same in every language.
  [[nodiscard]] virtual std::string_view name() const noexcept { return "Error"; }

  [[nodiscard]] Status status() const noexcept { return detail_->status; }
  /// The device's own kind of failure, or the name of the class.
  [[nodiscard]] std::string_view kind() const noexcept;
  [[nodiscard]] const ErrorDetail& detail() const noexcept { return *detail_; }

 private:
  std::shared_ptr<const ErrorDetail> detail_;  // shared: copying an exception must not throw
};

class QDMIKIT_EXPORT Fatal : public Error {
 public:
  using Error::Error;
  [[nodiscard]] std::string_view name() const noexcept override { return "Fatal"; }
};

/// The other side could not be reached; nothing was sent.
class QDMIKIT_EXPORT Unreachable : public Fatal {
 public:
  using Fatal::Fatal;
  [[nodiscard]] std::string_view name() const noexcept override { return "Unreachable"; }
};

/// The other side, a server or the device library itself, broke the protocol.
class QDMIKIT_EXPORT ProtocolError : public Fatal {
 public:
  using Fatal::Fatal;
  [[nodiscard]] std::string_view name() const noexcept override { return "ProtocolError"; }
};

/// A submission may or may not have been received. It was not repeated: look for the job before submitting again.
class QDMIKIT_EXPORT SubmissionOutcomeUnknown : public Fatal {
 public:
  using Fatal::Fatal;
  [[nodiscard]] std::string_view name() const noexcept override { return "SubmissionOutcomeUnknown"; }
};

class QDMIKIT_EXPORT OutOfMemory : public Error {
 public:
  using Error::Error;
  [[nodiscard]] std::string_view name() const noexcept override { return "OutOfMemory"; }
};

class QDMIKIT_EXPORT NotImplementedByDevice : public Error {
 public:
  using Error::Error;
  [[nodiscard]] std::string_view name() const noexcept override { return "NotImplementedByDevice"; }
};

class QDMIKIT_EXPORT LibraryNotFound : public Error {
 public:
  using Error::Error;
  [[nodiscard]] std::string_view name() const noexcept override { return "LibraryNotFound"; }
};

/// A device library cannot be loaded, or is not a complete QDMI device library.
class QDMIKIT_EXPORT LoadError : public LibraryNotFound {
 public:
  using LibraryNotFound::LibraryNotFound;
  [[nodiscard]] std::string_view name() const noexcept override { return "LoadError"; }
};

class QDMIKIT_EXPORT NotFound : public Error {
 public:
  using Error::Error;
  [[nodiscard]] std::string_view name() const noexcept override { return "NotFound"; }
};

class QDMIKIT_EXPORT OutOfRange : public Error {
 public:
  using Error::Error;
  [[nodiscard]] std::string_view name() const noexcept override { return "OutOfRange"; }
};

class QDMIKIT_EXPORT InvalidArgument : public Error {
 public:
  using Error::Error;
  [[nodiscard]] std::string_view name() const noexcept override { return "InvalidArgument"; }
};

class QDMIKIT_EXPORT PermissionDenied : public Error {
 public:
  using Error::Error;
  [[nodiscard]] std::string_view name() const noexcept override { return "PermissionDenied"; }
};

class QDMIKIT_EXPORT NotSupported : public Error {
 public:
  using Error::Error;
  [[nodiscard]] std::string_view name() const noexcept override { return "NotSupported"; }
};

class QDMIKIT_EXPORT BadState : public Error {
 public:
  using Error::Error;
  [[nodiscard]] std::string_view name() const noexcept override { return "BadState"; }
};

class QDMIKIT_EXPORT Timeout : public Error {
 public:
  using Error::Error;
  [[nodiscard]] std::string_view name() const noexcept override { return "Timeout"; }
};

}  // namespace qdmikit
