// SPDX-License-Identifier: Apache-2.0
#include "core/calibration_run.hpp"

#include "support/error.hpp"
#include "support/log.hpp"

namespace iqm::core {

model::JobReport CalibrationRun::check(const server::Call& call) const {
  return machine_->server().calibration(id_, call);
}

server::PolledJob CalibrationRun::poll(std::chrono::seconds /*hold*/, const server::Call& call) const {
  return {.job = check(call), .held = false};
}

std::optional<model::JobReport> CalibrationRun::cancel(const server::Call& call) const {
  machine_->server().abort_calibration(id_, call);
  return std::nullopt;
}

void CalibrationRun::get_results(std::size_t /*index*/, QDMI_Job_Result result, const PropertySink& sink) {
  if (result != QDMI_JOB_RESULT_CUSTOM1) {
    throw NotSupported("a calibration returns the id of its calibration set as CUSTOM1, and nothing else");
  }
  sink.write_string(*calibration_set_.get([this] { return finish(); }));
}

std::string CalibrationRun::finish() {
  const std::stop_token stop = interrupted_.get_token();
  const model::JobReport report = machine_->server().calibration(id_, machine_->call(std::nullopt, stop));
  if (report.calibration_set_id.empty()) {
    throw ProtocolError("the calibration run " + id_ + " has ended, but the server names no calibration set");
  }
  try {
    machine_->move_to(report.calibration_set_id, stop);
    return report.calibration_set_id;
  } catch (const Interrupted&) {
    throw;
  } catch (const Error& error) {
    // The server may need a while to make the set and its metrics available.
    log::warning("cannot read the calibration set " + report.calibration_set_id + " yet: " + error.what() +
                 "; trying once more in " + std::to_string(machine_->calibration_retry().count()) + " s");
  }
  machine_->clock().sleep_until(machine_->clock().now() + machine_->calibration_retry(), stop);
  if (stop.stop_requested()) {
    throw Interrupted("the wait for the calibration set " + report.calibration_set_id + " was ended");
  }
  machine_->move_to(report.calibration_set_id, stop);
  return report.calibration_set_id;
}

}  // namespace iqm::core
