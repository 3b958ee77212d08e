// SPDX-License-Identifier: Apache-2.0
#include "core/settings.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "http/base_url.hpp"
#include "support/environment.hpp"
#include "support/error.hpp"

namespace iqm::core {
namespace {

std::string parameter(const SessionParameters& parameters, QDMI_Device_Session_Parameter which) {
  const auto found = parameters.find(which);
  return found == parameters.end() ? std::string() : found->second;
}

// The first of the variables that is set, strongest first.
std::string from_environment(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (auto value = environment_variable(name)) {
      return *value;
    }
  }
  return {};
}

ComputerSelector resolve_selector(const SessionParameters& parameters) {
  ComputerSelector selector{.id = parameter(parameters, QDMI_DEVICE_SESSION_PARAMETER_CUSTOM1),
                            .alias = parameter(parameters, QDMI_DEVICE_SESSION_PARAMETER_CUSTOM2)};
  // An explicit selector of either kind switches both environment selectors off: an id from the environment must not
  // overrule the alias a caller asked for.
  if (selector.id.empty() && selector.alias.empty()) {
    selector.id = from_environment({"IQM_QC_ID"});
    selector.alias = from_environment({"IQM_QUANTUM_COMPUTER", "IQM_QC_ALIAS", "QDMI_BACKEND_ALIAS"});
  }
  return selector;
}

// A decimal number from 0 to what every clock and the transport can count.
std::optional<std::int32_t> parse_number(const std::string& text) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && value >= 0 ? std::optional(value) : std::nullopt;
}

std::optional<std::chrono::milliseconds> parse_timeout(const std::string& text) {
  const std::int32_t value = parse_number(text).value_or(0);
  return value > 0 ? std::optional(std::chrono::milliseconds(value)) : std::nullopt;
}

std::chrono::milliseconds resolve_timeout(const SessionParameters& parameters) {
  const std::string given = parameter(parameters, QDMI_DEVICE_SESSION_PARAMETER_CUSTOM3);
  const std::string text = given.empty() ? from_environment({"IQM_REQUEST_TIMEOUT_MS"}) : given;
  if (text.empty()) {
    return Settings{}.request_timeout;
  }
  const auto timeout = parse_timeout(text);
  if (!timeout) {
    throw InvalidSetting("IQM_REQUEST_TIMEOUT_MS is '" + text + "', not a number of milliseconds from 1 to 2147483647");
  }
  return *timeout;
}

std::chrono::seconds resolve_calibration_retry() {
  const std::string text = from_environment({"IQM_CALIBRATION_RETRY_SECONDS"});
  if (text.empty()) {
    return Settings{}.calibration_retry;
  }
  const auto seconds = parse_number(text);
  if (!seconds) {
    throw InvalidSetting("IQM_CALIBRATION_RETRY_SECONDS is '" + text +
                         "', not a number of seconds from 0 to 2147483647");
  }
  return std::chrono::seconds(*seconds);
}

bool is_uuid(const std::string& text) {
  constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return std::ranges::equal(text, kForm, [](unsigned char c, char form) {
    return form == 'x' ? std::isxdigit(c) != 0 : c == static_cast<unsigned char>(form);
  });
}

}  // namespace

std::string parameter_name(QDMI_Device_Session_Parameter parameter) {
  switch (parameter) {
    case QDMI_DEVICE_SESSION_PARAMETER_BASEURL:
      return "BASEURL";
    case QDMI_DEVICE_SESSION_PARAMETER_TOKEN:
      return "TOKEN";
    case QDMI_DEVICE_SESSION_PARAMETER_AUTHFILE:
      return "AUTHFILE";
    case QDMI_DEVICE_SESSION_PARAMETER_AUTHURL:
      return "AUTHURL";
    case QDMI_DEVICE_SESSION_PARAMETER_USERNAME:
      return "USERNAME";
    case QDMI_DEVICE_SESSION_PARAMETER_PASSWORD:
      return "PASSWORD";
    case QDMI_DEVICE_SESSION_PARAMETER_CHILDDEVICE:
      return "CHILDDEVICE";
    case QDMI_DEVICE_SESSION_PARAMETER_CUSTOM1:
      return "CUSTOM1";
    case QDMI_DEVICE_SESSION_PARAMETER_CUSTOM2:
      return "CUSTOM2";
    case QDMI_DEVICE_SESSION_PARAMETER_CUSTOM3:
      return "CUSTOM3";
    case QDMI_DEVICE_SESSION_PARAMETER_CUSTOM4:
      return "CUSTOM4";
    case QDMI_DEVICE_SESSION_PARAMETER_CUSTOM5:
      return "CUSTOM5";
    default:
      return std::to_string(parameter);
  }
}

void require_valid(QDMI_Device_Session_Parameter parameter, const std::string& text) {
  if (text.empty()) {
    return;
  }
  if (parameter == QDMI_DEVICE_SESSION_PARAMETER_CUSTOM3 && !parse_timeout(text)) {
    throw InvalidArgument("the session parameter CUSTOM3, the request time-out, is '" + text +
                          "', not a number of milliseconds from 1 to 2147483647");
  }
  if (parameter == QDMI_DEVICE_SESSION_PARAMETER_CUSTOM4 && !is_uuid(text)) {
    throw InvalidArgument("the session parameter CUSTOM4, the calibration set, is '" + text + "', not a UUID");
  }
}

bool is_supported(QDMI_Device_Session_Parameter parameter) {
  switch (parameter) {
    case QDMI_DEVICE_SESSION_PARAMETER_BASEURL:
    case QDMI_DEVICE_SESSION_PARAMETER_TOKEN:
    case QDMI_DEVICE_SESSION_PARAMETER_AUTHFILE:
    case QDMI_DEVICE_SESSION_PARAMETER_CUSTOM1:
    case QDMI_DEVICE_SESSION_PARAMETER_CUSTOM2:
    case QDMI_DEVICE_SESSION_PARAMETER_CUSTOM3:
    case QDMI_DEVICE_SESSION_PARAMETER_CUSTOM4:
      return true;
    default:
      return false;
  }
}

Settings resolve_settings(const SessionParameters& parameters) {
  std::string url = parameter(parameters, QDMI_DEVICE_SESSION_PARAMETER_BASEURL);
  if (url.empty()) {
    url = from_environment({"IQM_SERVER_URL", "IQM_BASE_URL", "QDMI_ENDPOINT"});
  }
  if (url.empty()) {
    throw InvalidBaseUrl(
        "no server is named: set the session parameter BASEURL or the environment variable "
        "IQM_SERVER_URL to the URL of an IQM Server");
  }
  return {.base_url = http::normalized_base_url(url),
          .selector = resolve_selector(parameters),
          .credential = {.token = parameter(parameters, QDMI_DEVICE_SESSION_PARAMETER_TOKEN),
                         .tokens_file = parameter(parameters, QDMI_DEVICE_SESSION_PARAMETER_AUTHFILE)},
          .request_timeout = resolve_timeout(parameters),
          .calibration_retry = resolve_calibration_retry(),
          .calibration_set = parameter(parameters, QDMI_DEVICE_SESSION_PARAMETER_CUSTOM4)};
}

}  // namespace iqm::core
