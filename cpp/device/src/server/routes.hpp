// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

// Every route of the IQM Server API that the device uses, written once.
namespace iqm::server::routes {

// A piece of a path or query, in which only what has no meaning there stays as it is. Aliases carry a colon that
// servers expect unencoded, and a path may hold it (RFC 3986, section 3.3).
inline std::string encoded(const std::string& text) {
  constexpr const char* kDigits = "0123456789ABCDEF";
  std::string result;
  for (const unsigned char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                       c == '.' || c == '_' || c == '~' || c == ':';
    if (plain) {
      result.push_back(static_cast<char>(c));
    } else {
      result.append({'%', kDigits[c >> 4U], kDigits[c & 15U]});
    }
  }
  return result;
}

inline constexpr const char* kDefaultCalibrationSet = "default";

inline std::string quantum_computers() { return "/api/v1/quantum-computers"; }
inline std::string quantum_computer(const std::string& computer) {
  return quantum_computers() + "/" + encoded(computer);
}
inline std::string health(const std::string& computer) { return quantum_computer(computer) + "/health"; }
inline std::string queue_availability(const std::string& computer) {
  return quantum_computer(computer) + "/queue-availability";
}
inline std::string limits(const std::string& computer) { return quantum_computer(computer) + "/limits"; }
inline std::string static_architecture(const std::string& computer) {
  return quantum_computer(computer) + "/artifacts/static-quantum-architectures";
}
inline std::string calibration_set(const std::string& computer, const std::string& set) {
  return "/api/v1/calibration-sets/" + encoded(computer) + "/" + encoded(set);
}
inline std::string dynamic_architecture(const std::string& computer, const std::string& set) {
  return calibration_set(computer, set) + "/dynamic-quantum-architecture";
}
inline std::string metrics(const std::string& computer, const std::string& set) {
  return calibration_set(computer, set) + "/metrics";
}
// `tag`: a label for the server's operators; none when empty.
inline std::string submit_circuits(const std::string& computer, const std::string& tag) {
  const std::string route = "/api/v1/jobs/" + encoded(computer) + "/circuit";
  return tag.empty() ? route : route + "?tag=" + encoded(tag);
}
inline std::string job(const std::string& id) { return "/api/v1/jobs/" + encoded(id); }
inline std::string payload(const std::string& id) { return job(id) + "/payload"; }
inline std::string job_long_poll(const std::string& id, std::chrono::seconds timeout) {
  return job(id) + "?wait_until_terminal=true&timeout_seconds=" + std::to_string(timeout.count());
}
inline std::string cancel(const std::string& id) { return job(id) + "/cancel"; }
inline std::string measurement_counts(const std::string& id) { return job(id) + "/artifacts/measurement_counts"; }
inline std::string measurements(const std::string& id) { return job(id) + "/artifacts/measurements"; }
inline std::string calibration_service_health() { return "/cocos/health"; }
inline std::string calibration_runs() { return "/cocos/api/v4/calibration/runs"; }
inline std::string calibration_status(const std::string& id) {
  return calibration_runs() + "/" + encoded(id) + "/status";
}
inline std::string abort_calibration(const std::string& id) {
  return calibration_runs() + "/" + encoded(id) + "/abort";
}

}  // namespace iqm::server::routes
