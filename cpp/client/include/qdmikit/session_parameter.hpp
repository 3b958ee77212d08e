// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "qdmikit/export.hpp"

namespace qdmikit {

/// What can be set on a session before it is initialised. The values are those of `QDMI_Device_Session_Parameter`.
/// What the custom ones mean stands in the device's documentation.
enum class SessionParameter : int {
  BaseUrl = 0,
  Token = 1,
  AuthFile = 2,
  AuthUrl = 3,
  Username = 4,
  Password = 5,
  Custom1 = 999999995,
  Custom2 = 999999996,
  Custom3 = 999999997,
  Custom4 = 999999998,
  Custom5 = 999999999,
};

/// QDMI's own name without its prefix, for example "AUTHFILE".
[[nodiscard]] QDMIKIT_EXPORT std::string_view to_string(SessionParameter parameter) noexcept;

/// Every value, in QDMI's order.
[[nodiscard]] QDMIKIT_EXPORT std::span<const SessionParameter> all_session_parameters() noexcept;

/// Parameters with their values, in the order in which the device gets them.
using SessionParameters = std::vector<std::pair<SessionParameter, std::string>>;

}  // namespace qdmikit
