// SPDX-License-Identifier: Apache-2.0
#include "http/http_date.hpp"

#include <curl/curl.h>

#include <ctime>

namespace iqm::http {

std::optional<std::int64_t> parse_http_date(const std::string& text) {
  const std::time_t time = curl_getdate(text.c_str(), nullptr);
  return time < 0 ? std::nullopt : std::optional<std::int64_t>(time);
}

}  // namespace iqm::http
