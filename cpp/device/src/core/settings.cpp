// SPDX-License-Identifier: Apache-2.0
#include "core/settings.hpp"

#include <initializer_list>

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

}  // namespace

bool is_supported(QDMI_Device_Session_Parameter parameter) {
  switch (parameter) {
    case QDMI_DEVICE_SESSION_PARAMETER_BASEURL:
    case QDMI_DEVICE_SESSION_PARAMETER_TOKEN:
    case QDMI_DEVICE_SESSION_PARAMETER_AUTHFILE:
    case QDMI_DEVICE_SESSION_PARAMETER_CUSTOM1:
    case QDMI_DEVICE_SESSION_PARAMETER_CUSTOM2:
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
                         .tokens_file = parameter(parameters, QDMI_DEVICE_SESSION_PARAMETER_AUTHFILE)}};
}

}  // namespace iqm::core
