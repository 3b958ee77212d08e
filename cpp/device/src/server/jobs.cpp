// SPDX-License-Identifier: Apache-2.0
// Submitting, following and cancelling circuit jobs.
#include <algorithm>
#include <utility>

#include "server/error_body.hpp"
#include "server/iqm_server.hpp"
#include "server/job_status.hpp"
#include "server/routes.hpp"
#include "server/run_request.hpp"
#include "server/submission.hpp"
#include "support/error.hpp"

namespace iqm::server {
namespace {

constexpr const char* kLongPollTimedOut = "IQM-Long-Poll-Timed-Out";

// execution.progress.circuits.max_value, where the server tells.
std::optional<std::size_t> circuits_in_progress(const Json& job) {
  const auto most = Json::json_pointer("/execution/progress/circuits/max_value");
  if (!job.contains(most) || !job.at(most).is_number_unsigned()) {
    return std::nullopt;
  }
  return job.at(most).get<std::size_t>();
}

model::JobReport parse_job(const JsonView& view) {
  model::JobReport report;
  if (const auto id = view.optional_field("id"); id && id->raw().is_string()) {
    report.id = id->string();
  }
  report.status = job_status_or_running(view.field("status").string());
  if (const auto position = view.optional_field("queue_position"); position && position->raw().is_number_unsigned()) {
    report.queue_position = position->unsigned_integer();
  }
  if (const auto errors = view.optional_field("errors")) {
    report.errors = parse_server_errors(errors->raw());
  }
  if (const auto type = view.optional_field("type"); type && type->raw().is_string()) {
    report.type = type->string();
  }
  report.circuits = circuits_in_progress(view.raw());
  return report;
}

model::JobReport parse_job(const Reply& reply) {
  const JsonDocument document = reply.json();
  return parse_job(JsonView(document.value(), reply.source));
}

}  // namespace

model::JobReport IqmServer::submit_circuits(const std::string& computer, std::string body, const std::string& tag,
                                            const Call& call) const {
  return submitted([&] {
    const Reply reply = exchange_.post(routes::submit_circuits(computer, tag), std::move(body), call);
    return once_sent([&] {
      const JsonDocument document = reply.json();
      const JsonView view(document.value(), reply.source);
      // Servers may describe the whole job here, and it may already be finished.
      model::JobReport report = view.optional_field("status") ? parse_job(view) : model::JobReport{};
      report.id = require_id(view);
      return report;
    });
  });
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
  const auto document = JsonDocument::parse_or_discard(reply.body);
  if (!document.value().is_object() || !document.value().contains("status")) {
    return std::nullopt;
  }
  return parse_job(JsonView(document.value(), reply.source));
}

model::SubmittedPayload IqmServer::payload(const std::string& id, const Call& call) const {
  const Reply reply = exchange_.get(routes::payload(id), call);
  const JsonDocument document = reply.json();
  const JsonView view(document.value(), reply.source);
  const JsonView circuits = view.field("circuits").array();
  model::SubmittedPayload payload;
  try {
    payload.circuits = read_submitted_circuits(circuits.raw());
  } catch (const InvalidProgram& error) {
    circuits.fail(std::string("cannot be read: ") + error.what());
  }
  const auto texts = std::ranges::count_if(circuits.raw(), [](const Json& circuit) { return circuit.is_string(); });
  if (texts == 0) {
    payload.format = QDMI_PROGRAM_FORMAT_IQMJSON;
  } else if (static_cast<std::size_t>(texts) == circuits.size()) {
    payload.format = QDMI_PROGRAM_FORMAT_QIRBASESTRING;
  }
  if (const auto shots = view.optional_field("shots"); shots && shots->raw().is_number_unsigned()) {
    payload.shots = shots->unsigned_integer();
  }
  const auto heralding = view.optional_field("heralding_mode");
  payload.heralded = heralding && heralding->raw() == "zeros";
  return payload;
}

}  // namespace iqm::server
