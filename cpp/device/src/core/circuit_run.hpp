// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "core/job_results.hpp"
#include "core/machine.hpp"
#include "core/remote_job.hpp"

namespace iqm::core {

// A circuit job that the server has.
class CircuitRun final : public RemoteJob {
 public:
  // `programs`: the layouts of the programs, or their number when they are not at hand.
  template <typename Programs>
  CircuitRun(std::shared_ptr<Machine> machine, std::string id, Programs programs, ExpectedShots expected)
      : machine_(std::move(machine)), id_(std::move(id)), results_(std::move(programs), expected) {}

  [[nodiscard]] model::JobReport check(const server::Call& call) const override;
  [[nodiscard]] bool can_hold() const override { return true; }
  [[nodiscard]] server::PolledJob poll(std::chrono::seconds hold, const server::Call& call) const override;
  [[nodiscard]] std::optional<model::JobReport> cancel(const server::Call& call) const override;
  void get_results(std::size_t index, QDMI_Job_Result result, const PropertySink& sink) override;

 private:
  std::shared_ptr<Machine> machine_;
  std::string id_;
  JobResults results_;
};

}  // namespace iqm::core
