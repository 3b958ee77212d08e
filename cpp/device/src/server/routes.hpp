// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

// Every route of the IQM Server API that the device uses, written once. `computer` is an alias or an id; neither is
// percent-encoded, because aliases carry a colon that servers expect as it is.
namespace iqm::server::routes {

inline constexpr const char* kDefaultCalibrationSet = "default";

inline std::string quantum_computers() { return "/api/v1/quantum-computers"; }
inline std::string health(const std::string& computer) { return quantum_computers() + "/" + computer + "/health"; }
inline std::string queue_availability(const std::string& computer) {
  return quantum_computers() + "/" + computer + "/queue-availability";
}
inline std::string limits(const std::string& computer) { return quantum_computers() + "/" + computer + "/limits"; }
inline std::string static_architecture(const std::string& computer) {
  return quantum_computers() + "/" + computer + "/artifacts/static-quantum-architectures";
}
inline std::string calibration_set(const std::string& computer, const std::string& set) {
  return "/api/v1/calibration-sets/" + computer + "/" + set;
}
inline std::string dynamic_architecture(const std::string& computer, const std::string& set) {
  return calibration_set(computer, set) + "/dynamic-quantum-architecture";
}
inline std::string metrics(const std::string& computer, const std::string& set) {
  return calibration_set(computer, set) + "/metrics";
}
inline std::string submit_circuits(const std::string& computer) { return "/api/v1/jobs/" + computer + "/circuit"; }
inline std::string job(const std::string& id) { return "/api/v1/jobs/" + id; }
inline std::string job_long_poll(const std::string& id, std::chrono::seconds timeout) {
  return job(id) + "?wait_until_terminal=true&timeout_seconds=" + std::to_string(timeout.count());
}
inline std::string cancel(const std::string& id) { return job(id) + "/cancel"; }
inline std::string measurement_counts(const std::string& id) { return job(id) + "/artifacts/measurement_counts"; }
inline std::string measurements(const std::string& id) { return job(id) + "/artifacts/measurements"; }
inline std::string calibration_service_health() { return "/cocos/health"; }

}  // namespace iqm::server::routes
