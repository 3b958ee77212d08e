// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "model/architecture.hpp"
#include "model/availability.hpp"
#include "model/calibration_set.hpp"
#include "model/job.hpp"
#include "model/limits.hpp"
#include "model/quality_metrics.hpp"
#include "model/quantum_computer.hpp"
#include "model/readout.hpp"
#include "server/exchange.hpp"

namespace iqm::server {

// The reply to a long poll. `held` tells that the server kept the request open until its time was over, which is how a
// server that has no long poll is told from one whose job is not finished.
struct PolledJob {
  model::JobReport job;
  bool held = false;
};

// The IQM Server API v1 in terms of the model. One request per function; stateless, so safe under threads.
// Source of routes and formats: the vendor's published OpenAPI description and its clients' behaviour.
class IqmServer {
 public:
  explicit IqmServer(Exchange exchange) : exchange_(std::move(exchange)) {}

  [[nodiscard]] std::vector<model::QuantumComputer> quantum_computers(const Call& call) const;
  [[nodiscard]] model::StaticArchitecture static_architecture(const std::string& computer, const Call& call) const;
  [[nodiscard]] model::DynamicArchitecture dynamic_architecture(const std::string& computer, const std::string& set,
                                                                const Call& call) const;
  // None when the server holds no metrics for the set.
  [[nodiscard]] std::optional<model::QualityMetrics> metrics(const std::string& computer, const std::string& set,
                                                             const Call& call) const;
  // None when the server does not serve the set's own observations.
  [[nodiscard]] std::optional<model::OperationDurations> durations(const std::string& computer, const std::string& set,
                                                                   const Call& call) const;
  // Any failure but an interruption means that there is none.
  [[nodiscard]] bool has_calibration_service(const Call& call) const;
  // None when the server does not tell.
  [[nodiscard]] std::optional<model::Limits> limits(const std::string& computer, const Call& call) const;

  // None when the server does not serve the endpoint.
  [[nodiscard]] std::optional<bool> healthy(const std::string& computer, const Call& call) const;
  [[nodiscard]] std::optional<model::QueueAvailability> queue_availability(const std::string& computer,
                                                                           const Call& call) const;

  // Sends one run request. Throws SubmissionOutcomeUnknown when the server may have taken the job although no usable
  // answer came; every other error means that it did not.
  [[nodiscard]] model::JobReport submit_circuits(const std::string& computer, std::string body, const std::string& tag,
                                                 const Call& call) const;
  [[nodiscard]] model::JobReport job(const std::string& id, const Call& call) const;
  // Answers when the job is terminal or after `timeout` (0 to 30 s).
  [[nodiscard]] PolledJob poll_job(const std::string& id, std::chrono::seconds timeout, const Call& call) const;
  // The job after the cancellation; none when the server's reply does not describe it.
  [[nodiscard]] std::optional<model::JobReport> cancel_job(const std::string& id, const Call& call) const;
  // What was submitted. Throws NotFound when the server does not keep it.
  [[nodiscard]] model::SubmittedPayload payload(const std::string& id, const Call& call) const;

  // Calibration runs; submission as for circuits. The configuration goes out as it is.
  [[nodiscard]] model::JobReport submit_calibration(std::string configuration, const Call& call) const;
  [[nodiscard]] model::JobReport calibration(const std::string& id, const Call& call) const;
  void abort_calibration(const std::string& id, const Call& call) const;

  // One entry per circuit, in the order of submission.
  [[nodiscard]] std::vector<model::MeasurementCounts> measurement_counts(const std::string& id, const Call& call) const;
  [[nodiscard]] std::vector<model::MeasurementShots> measurements(const std::string& id, const Call& call) const;

 private:
  Exchange exchange_;
};

}  // namespace iqm::server
