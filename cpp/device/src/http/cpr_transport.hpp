// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/tls_sessions.hpp"
#include "http/transport.hpp"

namespace iqm::http {

struct TransportSettings {
  std::chrono::milliseconds connect_timeout{10'000};
  std::size_t max_response_bytes = std::size_t{4} << 30U;
  std::string ca_file;  // empty: the system's certificate authorities
};

// The transport over cpr. Connections are kept and reused; one request occupies one connection, so a process never has
// more of them than threads inside a request.
class CprTransport final : public Transport {
 public:
  explicit CprTransport(TransportSettings settings, std::shared_ptr<const Clock> clock);
  ~CprTransport() override;
  CprTransport(const CprTransport&) = delete;
  CprTransport& operator=(const CprTransport&) = delete;
  CprTransport(CprTransport&&) = delete;
  CprTransport& operator=(CprTransport&&) = delete;

  [[nodiscard]] Response perform(const Request& request, TimePoint deadline, const std::stop_token& stop) override;

 private:
  class Connection;
  [[nodiscard]] std::unique_ptr<Connection> take();
  void give_back(std::unique_ptr<Connection> connection);

  TransportSettings settings_;
  std::shared_ptr<const Clock> clock_;
  TlsSessions tls_sessions_;  // outlasts the connections
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

// Settings from the environment: IQM_CA_FILE, then CURL_CA_BUNDLE, then SSL_CERT_FILE.
[[nodiscard]] TransportSettings transport_settings_from_environment();

}  // namespace iqm::http
