// SPDX-License-Identifier: Apache-2.0
#include "http/trust_store.hpp"

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

#include "support/environment.hpp"

namespace iqm::http {
namespace {

// Where authorities are: a file of many certificates, and a folder with one file for each.
struct Place {
  std::string file;
  std::string folder;
  auto operator<=>(const Place&) const = default;
};

struct Version {
  std::filesystem::file_time_type changed;
  std::uintmax_t size = 0;
  bool operator==(const Version&) const = default;
};

struct Entry {
  Version version;
  std::shared_ptr<void> store;
};

// An SSL_CTX of one copy of OpenSSL means nothing to another.
bool libcurl_uses_our_openssl() {
  const char* theirs = curl_version_info(CURLVERSION_NOW)->ssl_version;
  return theirs != nullptr &&
         std::string_view(theirs) == std::string("OpenSSL/") + OpenSSL_version(OPENSSL_VERSION_STRING);
}

std::string told(CURL* easy, CURLINFO what) {
  const char* text = nullptr;
  return curl_easy_getinfo(easy, what, &text) == CURLE_OK && text != nullptr ? text : "";
}

Place libcurls_own() {
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy(curl_easy_init(), &curl_easy_cleanup);
  return easy ? Place{.file = told(easy.get(), CURLINFO_CAINFO), .folder = told(easy.get(), CURLINFO_CAPATH)} : Place{};
}

Version version_of(const Place& place) {
  std::error_code ignored;
  return {.changed = std::filesystem::last_write_time(place.file, ignored),
          .size = std::filesystem::file_size(place.file, ignored)};
}

std::shared_ptr<void> read(const Place& place) {
  const std::shared_ptr<X509_STORE> store(X509_STORE_new(), &X509_STORE_free);
  // As libcurl does: an authority in the list is trusted also when it was signed by another one.
  const bool usable = store && X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN) == 1 &&
                      X509_STORE_load_locations(store.get(), place.file.empty() ? nullptr : place.file.c_str(),
                                                place.folder.empty() ? nullptr : place.folder.c_str()) == 1;
  ERR_clear_error();
  return usable ? store : nullptr;
}

// libcurl offers the SSL_CTX of a secure proxy to the same callback, although it trusts proxies by a list of their own.
bool a_secure_proxy_is_named() {
  return std::ranges::any_of(std::array{"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}, [](const char* name) {
    const std::string url = environment_variable(name).value_or("");
    return curl_strnequal(url.c_str(), "https:", std::char_traits<char>::length("https:")) != 0;
  });
}

CURLcode use(CURL* /*easy*/, void* context, void* store) {
  SSL_CTX_set1_cert_store(static_cast<SSL_CTX*>(context), static_cast<X509_STORE*>(store));
  return CURLE_OK;
}

}  // namespace

TrustStore TrustStore::of(const std::string& ca_file) {
  static const bool possible = libcurl_uses_our_openssl();
  static const Place own = libcurls_own();
  TrustStore trust;
  const Place place = ca_file.empty() ? own : Place{.file = ca_file, .folder = {}};
  if (!possible || (place.file.empty() && place.folder.empty()) || a_secure_proxy_is_named()) {
    return trust;
  }
  static std::mutex mutex;
  // Not destroyed at exit: other threads may still connect then.
  static auto& entries = *new std::map<Place, Entry>;
  const std::scoped_lock lock(mutex);
  Entry& entry = entries[place];
  const Version version = version_of(place);
  if (!entry.store || entry.version != version) {
    entry = {.version = version, .store = read(place)};
  }
  trust.store_ = entry.store;
  return trust;
}

void TrustStore::apply_to(void* easy) const {
  if (!store_) {
    return;
  }
  curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &use);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, store_.get());
}

}  // namespace iqm::http
