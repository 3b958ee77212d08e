// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "qdmikit/device.hpp"
#include "qdmikit/export.hpp"
#include "qdmikit/library.hpp"
#include "qdmikit/session_parameter.hpp"

namespace qdmikit {

namespace detail {
class SessionCore;
}

/// A device session on its way to a Device: set parameters, then initialise. After a failed initialisation parameters
/// can be corrected and init() called again. Not thread-safe; the Device that comes out of it is.
class QDMIKIT_EXPORT Session {
 public:
  explicit Session(const Library& library);
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Whether the device knows the parameter; changes nothing.
  [[nodiscard]] bool supports(SessionParameter parameter) const;

  /// @throws NotSupported if the device does not know the parameter. The text never holds the value.
  void set(SessionParameter parameter, const std::string& value);

  void init();

  /// The initialised device. Devices, sites, operations and jobs share the session: it ends with the last of them.
  /// @throws BadState before init().
  [[nodiscard]] Device device() const;

 private:
  std::shared_ptr<detail::SessionCore> session_;
  std::shared_ptr<const detail::DeviceCore> device_;
};

/// Load a library, open a session with these parameters, and initialise it.
[[nodiscard]] QDMIKIT_EXPORT Device open_device(const std::filesystem::path& library, std::string_view prefix,
                                                const SessionParameters& parameters = {});

}  // namespace qdmikit
