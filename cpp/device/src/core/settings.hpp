// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "auth/credential.hpp"
#include "iqm_qdmi/constants.h"

namespace iqm::core {

// What a caller set on a session before its initialization. An empty string takes a parameter back.
using SessionParameters = std::map<QDMI_Device_Session_Parameter, std::string>;

// Which quantum computer a session means. Both empty: the first that the server lists.
struct ComputerSelector {
  std::string id;
  std::string alias;
};

// A session's parameters with the environment's fall-backs resolved.
struct Settings {
  std::string base_url;  // normalized
  ComputerSelector selector;
  auth::ExplicitCredential credential;
  std::chrono::milliseconds request_timeout{120'000};
  std::chrono::seconds calibration_retry{120};
  std::string calibration_set;  // the only one this session uses; empty follows the server's default
};

// Throws InvalidBaseUrl when no server is named or its URL is unusable, InvalidSetting when a variable is no good.
[[nodiscard]] Settings resolve_settings(const SessionParameters& parameters);

// Whether a session of this device has the parameter at all.
[[nodiscard]] bool is_supported(QDMI_Device_Session_Parameter parameter);

// What QDMI calls the parameter, for messages.
[[nodiscard]] std::string parameter_name(QDMI_Device_Session_Parameter parameter);

// Throws InvalidArgument when the text cannot be a value of the parameter. An empty text always can.
void require_valid(QDMI_Device_Session_Parameter parameter, const std::string& text);

}  // namespace iqm::core
