// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "server/json_document.hpp"
#include "support/error.hpp"

namespace iqm::server {

// Whether the server certainly did not take what was sent: it was never reached, or answered with a status that servers
// and gateways send only before they have taken anything.
[[nodiscard]] bool certainly_not_accepted(const Error& error);

[[noreturn]] void throw_outcome_unknown(const char* cause, const ErrorDetail& detail);

// Runs a submission. An error after which the server may have the job becomes SubmissionOutcomeUnknown.
template <typename Submit>
auto submitted(Submit submit) {
  try {
    return submit();
  } catch (const Error& error) {
    if (certainly_not_accepted(error)) {
      throw;
    }
    once_sent([&] { throw_outcome_unknown(error.what(), error.detail()); });
    throw;
  }
}

// The id of what was just accepted. Throws ProtocolError when there is none.
[[nodiscard]] std::string require_id(const JsonView& reply);

}  // namespace iqm::server
