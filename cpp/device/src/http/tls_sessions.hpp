// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <mutex>

namespace iqm::http {

// TLS sessions that the connections of one transport share, so that only the first one to a server goes through a whole
// handshake. Never shared more widely: who resumes a session trusts the certificates that its first handshake trusted.
class TlsSessions {
 public:
  TlsSessions();
  TlsSessions(const TlsSessions&) = delete;
  TlsSessions& operator=(const TlsSessions&) = delete;
  TlsSessions(TlsSessions&&) = delete;
  TlsSessions& operator=(TlsSessions&&) = delete;
  ~TlsSessions();

  // Lets an easy handle of libcurl use them, which must not outlive this object.
  void apply_to(void* easy) const;

 private:
  void* share_;                         // none when there was no memory for it: each connection is then on its own
  std::array<std::mutex, 16> mutexes_;  // libcurl locks each kind of data by itself
};

}  // namespace iqm::http
