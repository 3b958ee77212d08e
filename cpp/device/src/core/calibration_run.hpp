// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "core/fetched_once.hpp"
#include "core/machine.hpp"
#include "core/remote_job.hpp"

namespace iqm::core {

// A calibration that the server has. Its one result, CUSTOM1, is the id of the new calibration set; the first access
// also moves the session to that set.
class CalibrationRun final : public RemoteJob {
 public:
  CalibrationRun(std::shared_ptr<Machine> machine, std::string id) : machine_(std::move(machine)), id_(std::move(id)) {}

  [[nodiscard]] model::JobReport check(const server::Call& call) const override;
  [[nodiscard]] bool can_hold() const override { return false; }
  [[nodiscard]] server::PolledJob poll(std::chrono::seconds hold, const server::Call& call) const override;
  [[nodiscard]] std::optional<model::JobReport> cancel(const server::Call& call) const override;
  void get_results(std::size_t index, QDMI_Job_Result result, const PropertySink& sink) override;
  void interrupt() override { interrupted_.request_stop(); }

 private:
  // Reads which set came out, and moves the session there.
  [[nodiscard]] std::string finish();

  std::shared_ptr<Machine> machine_;
  std::string id_;
  std::stop_source interrupted_;
  FetchedOnce<std::string> calibration_set_;
};

}  // namespace iqm::core
