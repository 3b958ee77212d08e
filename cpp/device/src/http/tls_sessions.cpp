// SPDX-License-Identifier: Apache-2.0
#include "http/tls_sessions.hpp"

#include <curl/curl.h>

namespace iqm::http {
namespace {

using Mutexes = std::array<std::mutex, 16>;

void lock(CURL* /*easy*/, curl_lock_data data, curl_lock_access /*access*/, void* mutexes) {
  static_cast<Mutexes*>(mutexes)->at(data).lock();
}

void unlock(CURL* /*easy*/, curl_lock_data data, void* mutexes) { static_cast<Mutexes*>(mutexes)->at(data).unlock(); }

}  // namespace

TlsSessions::TlsSessions() : share_(curl_share_init()) {
  static_assert(CURL_LOCK_DATA_LAST <= std::tuple_size_v<Mutexes>);
  curl_share_setopt(share_, CURLSHOPT_LOCKFUNC, &lock);
  curl_share_setopt(share_, CURLSHOPT_UNLOCKFUNC, &unlock);
  curl_share_setopt(share_, CURLSHOPT_USERDATA, &mutexes_);
  curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
}

TlsSessions::~TlsSessions() { curl_share_cleanup(share_); }

void TlsSessions::apply_to(void* easy) const { curl_easy_setopt(easy, CURLOPT_SHARE, share_); }

}  // namespace iqm::http
