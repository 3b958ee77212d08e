// SPDX-License-Identifier: Apache-2.0
#include "core/circuit_run.hpp"

#include "support/error.hpp"

namespace iqm::core {

model::JobReport CircuitRun::check(const server::Call& call) const { return machine_->server().job(id_, call); }

server::PolledJob CircuitRun::poll(std::chrono::seconds hold, const server::Call& call) const {
  return machine_->server().poll_job(id_, hold, call);
}

std::optional<model::JobReport> CircuitRun::cancel(const server::Call& call) const {
  return machine_->server().cancel_job(id_, call);
}

void CircuitRun::get_results(std::size_t index, QDMI_Job_Result result, const PropertySink& sink) {
  const auto counts = [&] { return machine_->server().measurement_counts(id_, machine_->call()); };
  const auto shots = [&] { return machine_->server().measurements(id_, machine_->call()); };
  switch (result) {
    case QDMI_JOB_RESULT_SHOTS:
      sink.write_string(results_.shots(shots)->at(index));
      return;
    case QDMI_JOB_RESULT_HIST_KEYS:
      sink.write_string(results_.histograms(counts)->at(index).keys);
      return;
    case QDMI_JOB_RESULT_HIST_VALUES:
      sink.write_list(results_.histograms(counts)->at(index).values);
      return;
    default:
      throw NotSupported("a quantum computer returns shots and histograms, not the result kind " +
                         std::to_string(result));
  }
}

}  // namespace iqm::core
