// SPDX-License-Identifier: Apache-2.0
// The calibration service: a run is submitted, followed and aborted like a job, and ends in a new calibration set.
#include <utility>

#include "server/error_body.hpp"
#include "server/iqm_server.hpp"
#include "server/job_status.hpp"
#include "server/routes.hpp"
#include "server/submission.hpp"
#include "support/error.hpp"
#include "support/log.hpp"

namespace iqm::server {
namespace {

model::JobReport parse_run(const Reply& reply) {
  const JsonDocument document = reply.json();
  const JsonView view(document.value(), reply.source);
  model::JobReport report;
  report.status = job_status_or_running(view.field("status").string());
  if (const auto errors = view.optional_field("errors")) {
    report.errors = parse_server_errors(errors->raw());
  }
  if (report.status != QDMI_JOB_STATUS_DONE) {
    return report;
  }
  // A run that has ended well may still have calibrated nothing.
  const JsonView result = view.field("result").object();
  const auto success = result.optional_field("success");
  if (success && success->raw().is_boolean() && success->raw().get<bool>()) {
    report.calibration_set_id = result.field("calibration_set_id").string();
    return report;
  }
  report.status = QDMI_JOB_STATUS_FAILED;
  const auto reason = result.optional_field("calibration_error");
  report.errors.push_back(
      {.error_code = "calibration_error",
       .message = reason && reason->raw().is_string() ? reason->string() : "the calibration did not succeed",
       .source = {}});
  return report;
}

}  // namespace

bool IqmServer::has_calibration_service(const Call& call) const {
  try {
    (void)exchange_.get(routes::calibration_service_health(),
                        {.deadline = call.deadline, .stop = call.stop, .once = true});
    return true;
  } catch (const Interrupted&) {
    throw;
  } catch (const Error& error) {
    log::debug(std::string("no calibration service: ") + error.what());
    return false;
  }
}

model::JobReport IqmServer::submit_calibration(std::string configuration, const Call& call) const {
  return submitted([&] {
    const Reply reply = exchange_.post(routes::calibration_runs(), std::move(configuration), call);
    return once_sent([&] {
      const JsonDocument document = reply.json();
      model::JobReport report;
      report.id = require_id(JsonView(document.value(), reply.source));
      return report;
    });
  });
}

model::JobReport IqmServer::calibration(const std::string& id, const Call& call) const {
  return parse_run(exchange_.get(routes::calibration_status(id), call));
}

void IqmServer::abort_calibration(const std::string& id, const Call& call) const {
  (void)exchange_.post(routes::abort_calibration(id), {}, call);
}

}  // namespace iqm::server
