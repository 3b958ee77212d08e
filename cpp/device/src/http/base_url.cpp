// SPDX-License-Identifier: Apache-2.0
#include "http/base_url.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <cstdint>
#include <memory>
#include <new>
#include <optional>

#include "support/environment.hpp"
#include "support/error.hpp"

namespace iqm::http {
namespace {

class ParsedUrl {
 public:
  explicit ParsedUrl(const std::string& url) : handle_(curl_url()) {
    if (!handle_) {
      throw std::bad_alloc();
    }
    code_ = curl_url_set(handle_.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME);
  }

  [[nodiscard]] bool valid() const { return code_ == CURLUE_OK; }
  [[nodiscard]] std::string problem() const { return curl_url_strerror(code_); }
  [[nodiscard]] std::optional<std::string> part(CURLUPart which) const {
    char* text = nullptr;
    if (curl_url_get(handle_.get(), which, &text, 0) != CURLUE_OK) {
      return std::nullopt;
    }
    const std::unique_ptr<char, decltype(&curl_free)> owner(text, &curl_free);
    return std::string(text);
  }

 private:
  struct Cleanup {
    void operator()(CURLU* handle) const { curl_url_cleanup(handle); }
  };
  std::unique_ptr<CURLU, Cleanup> handle_;
  CURLUcode code_ = CURLUE_OK;
};

// By the address itself: a name like 127.evil.example only looks like one.
bool is_loopback(const std::string& host) {
  in_addr address{};
  const bool ipv4 = inet_pton(AF_INET, host.c_str(), &address) == 1;
  constexpr std::uint32_t kLoopbackNetwork = 127;
  return host == "localhost" || host == "[::1]" || (ipv4 && ntohl(address.s_addr) >> 24U == kLoopbackNetwork);
}

}  // namespace

std::string normalized_base_url(const std::string& url) {
  const ParsedUrl parsed(url);
  if (!parsed.valid()) {
    throw InvalidBaseUrl("the base URL '" + url + "' is not a URL (" + parsed.problem() +
                         "); expected something like https://server.example");
  }
  if (parsed.part(CURLUPART_USER) || parsed.part(CURLUPART_PASSWORD)) {
    throw InvalidBaseUrl("the base URL carries a user or password; pass credentials as a token or a tokens file");
  }
  const std::string scheme = parsed.part(CURLUPART_SCHEME).value_or("");
  if (scheme != "http" && scheme != "https") {
    throw InvalidBaseUrl("the base URL '" + url + "' has the scheme '" + scheme + "'; only https and http are served");
  }
  if (parsed.part(CURLUPART_QUERY) || parsed.part(CURLUPART_FRAGMENT)) {
    throw InvalidBaseUrl("the base URL '" + url + "' has a query or fragment; give the server's root URL");
  }
  std::string normalized = url;
  while (normalized.ends_with('/')) {
    normalized.pop_back();
  }
  return normalized;
}

bool may_carry_secrets(const std::string& normalized_url) {
  const ParsedUrl parsed(normalized_url);
  if (parsed.part(CURLUPART_SCHEME) == "https") {
    return true;
  }
  const std::string host = parsed.part(CURLUPART_HOST).value_or("");
  return is_loopback(host) || environment_variable("IQM_ALLOW_INSECURE_HTTP") == "1";
}

}  // namespace iqm::http
