// SPDX-License-Identifier: Apache-2.0
#include "server/submission.hpp"

namespace iqm::server {

bool certainly_not_accepted(const Error& error) {
  if (dynamic_cast<const Unreachable*>(&error) != nullptr ||
      dynamic_cast<const UnusableCredential*>(&error) != nullptr) {
    return true;
  }
  const long status = error.detail().http_status;
  return (status >= 300 && status < 500 && status != 408) || status == 503;
}

void throw_outcome_unknown(const char* cause, const ErrorDetail& detail) {
  throw SubmissionOutcomeUnknown(std::string("the job may or may not have been accepted, and is not sent again: ") +
                                     cause + ". Look for it among the server's jobs before submitting it again",
                                 detail);
}

std::string require_id(const JsonView& reply) {
  std::string id = reply.field("id").string();
  if (id.empty()) {
    reply.field("id").fail("is empty");
  }
  return id;
}

}  // namespace iqm::server
