// SPDX-License-Identifier: Apache-2.0
// Submitting, following and cancelling circuit jobs.
#include <mutex>
#include <set>
#include <utility>

#include "server/error_body.hpp"
#include "server/iqm_server.hpp"
#include "server/job_status.hpp"
#include "server/routes.hpp"
#include "support/error.hpp"
#include "support/log.hpp"

namespace iqm::server {
namespace {

constexpr const char* kLongPollTimedOut = "IQM-Long-Poll-Timed-Out";

// A server that is newer than this library may have statuses of its own. A job with one of them is not finished as far
// as anybody here can tell, which is what RUNNING says.
QDMI_Job_Status status_or_running(const std::string& native) {
  if (const auto status = job_status_from_native(native)) {
    return *status;
  }
  static std::mutex mutex;
  static std::set<std::string> seen;
  const std::scoped_lock lock(mutex);
  if (seen.insert(native).second) {
    log::warning("the server knows a job status that this library does not: '" + native + "'; taken for running");
  }
  return QDMI_JOB_STATUS_RUNNING;
}

model::JobReport parse_job(const JsonView& view) {
  model::JobReport report;
  if (const auto id = view.optional_field("id"); id && id->raw().is_string()) {
    report.id = id->string();
  }
  report.status = status_or_running(view.field("status").string());
  if (const auto position = view.optional_field("queue_position"); position && position->raw().is_number_unsigned()) {
    report.queue_position = position->unsigned_integer();
  }
  if (const auto errors = view.optional_field("errors")) {
    report.errors = parse_server_errors(errors->raw());
  }
  return report;
}

model::JobReport parse_job(const Reply& reply) {
  const Json document = reply.json();
  return parse_job(JsonView(document, reply.source));
}

[[noreturn]] void throw_outcome_unknown(const Error& cause) {
  throw SubmissionOutcomeUnknown(std::string("the job may or may not have been accepted, and is not sent again: ") +
                                     cause.what() + ". Look for it among the server's jobs before submitting it again",
                                 cause.detail());
}

// Statuses that a server or a gateway sends only before it has taken anything.
bool certainly_not_accepted(const Error& error) {
  const long status = error.detail().http_status;
  return (status >= 300 && status < 500 && status != 408) || status == 503;
}

}  // namespace

model::JobReport IqmServer::submit_circuits(const std::string& computer, std::string body, const Call& call) const {
  try {
    const Reply reply = exchange_.post(routes::submit_circuits(computer), std::move(body), call);
    model::JobReport report;
    const Json document = reply.json();
    const JsonView view(document, reply.source);
    report.id = view.field("id").string();
    if (report.id.empty()) {
      view.field("id").fail("is empty");
    }
    // Servers may describe the whole job here, and it may already be finished.
    if (view.optional_field("status")) {
      report = parse_job(view);
    }
    return report;
  } catch (const Unreachable&) {
    throw;
  } catch (const UnusableCredential&) {
    throw;
  } catch (const Error& error) {
    if (certainly_not_accepted(error)) {
      throw;
    }
    throw_outcome_unknown(error);
  }
}

model::JobReport IqmServer::job(const std::string& id, const Call& call) const {
  return parse_job(exchange_.get(routes::job(id), call));
}

PolledJob IqmServer::poll_job(const std::string& id, std::chrono::seconds timeout, const Call& call) const {
  const Reply reply = exchange_.get(routes::job_long_poll(id, timeout), call);
  const auto header = reply.headers.find(kLongPollTimedOut);
  return {.job = parse_job(reply), .held = header != reply.headers.end() && header->second == "true"};
}

std::optional<model::JobReport> IqmServer::cancel_job(const std::string& id, const Call& call) const {
  const Reply reply = exchange_.post(routes::cancel(id), {}, call);
  // Older servers answer with an empty or foreign body; the 2xx alone says that they heard.
  const Json document = Json::parse(reply.body, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object() || !document.contains("status")) {
    return std::nullopt;
  }
  return parse_job(JsonView(document, reply.source));
}

}  // namespace iqm::server
