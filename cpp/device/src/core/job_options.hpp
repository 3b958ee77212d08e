// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "iqm_qdmi/constants.h"
#include "support/json.hpp"

namespace iqm::core {

// The members of a run request that a caller chooses through the custom parameters of a job:
//   CUSTOM1  heralding mode `none` or `zeros`, or a JSON object that is merged into the request
//   CUSTOM2  MOVE validation `strict`, `allow_prx` or `none`
//   CUSTOM3  MOVE frame tracking `full`, `no_detuning_correction` or `none`
//   CUSTOM4  dynamical decoupling `disabled` or `enabled`, or a strategy object
//   CUSTOM5  qubit mapping `logical:physical, …`
class JobOptions {
 public:
  [[nodiscard]] static bool is_supported(QDMI_Device_Job_Parameter parameter);

  // An empty text takes a parameter back. Throws InvalidOption, and then keeps what was set before.
  void set(QDMI_Device_Job_Parameter parameter, const std::string& text);

  // All of them, as members of the request.
  [[nodiscard]] const Json& members() const { return members_->value(); }

  [[nodiscard]] bool heralded() const;
  // Logical name -> physical name; empty when the circuits name physical qubits.
  [[nodiscard]] const std::map<std::string, std::string>& qubit_mapping() const { return qubit_mapping_; }

 private:
  // Never changed, hence shared by the copies of these options.
  using Document = std::shared_ptr<const JsonDocument>;
  using Parts = std::map<QDMI_Device_Job_Parameter, Document>;  // the members that each parameter brings

  Parts parts_;
  Document members_ = std::make_shared<const JsonDocument>(Json::value_t::object);
  std::map<std::string, std::string> qubit_mapping_;
};

}  // namespace iqm::core
