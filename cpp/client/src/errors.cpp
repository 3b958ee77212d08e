// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include <utility>

namespace qdmikit {

Error::Error(const std::string& what, ErrorDetail detail)
    : std::runtime_error(what), detail_(std::make_shared<const ErrorDetail>(std::move(detail))) {}

Error::~Error() = default;

std::string_view Error::kind() const noexcept { return detail_->kind.empty() ? name() : detail_->kind; }

namespace detail {

void throw_error(const std::string& what, ErrorDetail detail) {
  if (detail.kind == "Unreachable") {
    throw Unreachable(what, std::move(detail));
  }
  if (detail.kind == "ProtocolError") {
    throw ProtocolError(what, std::move(detail));
  }
  if (detail.kind == "SubmissionOutcomeUnknown") {
    throw SubmissionOutcomeUnknown(what, std::move(detail));
  }
  switch (detail.status) {
    case Status::OutOfMemory:
      throw OutOfMemory(what, std::move(detail));
    case Status::NotImplemented:
      throw NotImplementedByDevice(what, std::move(detail));
    case Status::LibraryNotFound:
      throw LibraryNotFound(what, std::move(detail));
    case Status::NotFound:
      throw NotFound(what, std::move(detail));
    case Status::OutOfRange:
      throw OutOfRange(what, std::move(detail));
    case Status::InvalidArgument:
      throw InvalidArgument(what, std::move(detail));
    case Status::PermissionDenied:
      throw PermissionDenied(what, std::move(detail));
    case Status::NotSupported:
      throw NotSupported(what, std::move(detail));
    case Status::BadState:
      throw BadState(what, std::move(detail));
    case Status::Timeout:
      throw Timeout(what, std::move(detail));
    case Status::Fatal:
    case Status::WarnGeneral:
    case Status::Success:
      break;
  }
  throw Fatal(what, std::move(detail));
}

}  // namespace detail
}  // namespace qdmikit
