// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

namespace iqm::test {

inline constexpr const char* kCalibrationSet = "f0fb4be5-e913-4a04-8c94-18d1bd842def";
inline constexpr const char* kOther = "00000000-0000-4000-8000-000000000000";

// A circuit that measures three qubits into a register of three bits.
inline constexpr const char* kCircuit =
    R"({"name":"x0","instructions":[{"name":"prx","locus":["QB1"],"args":{"angle":3.14159,"phase":0.0}},)"
    R"({"name":"measure","locus":["QB1"],"args":{"key":"c_3_0_0"}},)"
    R"({"name":"measure","locus":["QB2"],"args":{"key":"c_3_0_1"}},)"
    R"({"name":"measure","locus":["QB3"],"args":{"key":"c_3_0_2"}}],"metadata":{}})";

inline std::string example_metrics(const std::string& describes) {
  return R"({"observation_set_id":"958461bd-77af-4510-881f-6d1ce639852f","describes_id":")" + describes +
         R"(","observations":[)"
         R"({"dut_field":"characterization.model.QB1.t1_time","value":3.47651e-05,"unit":"s"},)"
         R"({"dut_field":"characterization.model.QB1.t2_time","value":2.1e-05,"unit":"s"},)"
         R"({"dut_field":"characterization.model.QB2.t1_time","value":"soon","unit":"s"},)"
         R"({"dut_field":"characterization.model.QB3.t1_time","value":1e-05,"unit":"s","invalid":true},)"
         R"(null,)"
         R"({"dut_field":"metrics.rb.prx.drag_gaussian.QB1.fidelity:par=d2","value":0.999,"unit":""},)"
         R"({"dut_field":"metrics.irb.cz.tgss.QB1__QB2.fidelity:par=d2","value":0.99,"unit":""},)"
         R"({"dut_field":"metrics.irb.cz.crf.QB2__QB3.fidelity:par=d2","value":0.98,"unit":""},)"
         R"({"dut_field":"metrics.ssro.measure.constant.QB1.fidelity","value":0.97,"unit":""}]})";
}

// GET route -> body.
inline std::map<std::string, std::string> example_replies() {
  const std::string sets = std::string("/api/v1/calibration-sets/small/");
  const std::string architecture =
      std::string(R"({"calibration_set_id":")") + kCalibrationSet +
      R"(","qubits":["QB1","QB2","QB3"],"computational_resonators":[],"gates":{)"
      R"("prx":{"implementations":{"drag_gaussian":{"loci":[["QB1"],["QB2"],["QB3"]]}},"default_implementation":"drag_gaussian","override_default_implementation":{}},)"
      R"("cz":{"implementations":{"tgss":{"loci":[["QB1","QB2"],["QB2","QB3"]]},"crf":{"loci":[["QB2","QB3"]]}},"default_implementation":"tgss","override_default_implementation":{"QB2,QB3":"crf"}},)"
      R"("measure":{"implementations":{"constant":{"loci":[["QB1"],["QB2"],["QB3"]]}},"default_implementation":"constant","override_default_implementation":{}},)"
      R"("reset_wait":{"implementations":{"reset_wait":{"loci":[["QB1"]]}},"default_implementation":"reset_wait","override_default_implementation":{}},)"
      R"("move":{"implementations":{},"default_implementation":"tgss_crf","override_default_implementation":{}}}})";
  return {
      {"/api/v1/quantum-computers",
       R"({"quantum_computers":[{"id":"01966208-f3ec-73b7-890d-100000000000","alias":"small","display_name":"Small One"},)"
       R"({"id":"01966208-f3ec-73b7-890d-100000000001","alias":"other:mock","display_name":"Other"}]})"},
      {"/api/v1/quantum-computers/small/artifacts/static-quantum-architectures",
       R"([{"dut_label":"M1","qubits":["QB1","QB2","QB3"],"computational_resonators":[],"connectivity":[["QB1","QB2"],["QB2","QB3"]]}])"},
      {sets + "default/dynamic-quantum-architecture", architecture},
      {sets + "default/metrics", example_metrics(kCalibrationSet)},
  };
}

}  // namespace iqm::test
