// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "core/machine.hpp"
#include "core/property_sink.hpp"
#include "core/settings.hpp"

namespace iqm::core {

// A session from allocation on: parameters first, then, once, a connection.
class Session {
 public:
  using Connect = std::function<std::shared_ptr<Machine>(const Settings&)>;

  Session();
  explicit Session(Connect connect) : connect_(std::move(connect)) {}

  // A null value only asks whether the parameter is supported.
  void set_parameter(QDMI_Device_Session_Parameter parameter, std::size_t size, const void* value);

  // Connects. A failure leaves the session as it was, so that a parameter can be corrected and init repeated.
  void init();

  // Throws BadState before a successful init().
  [[nodiscard]] std::shared_ptr<Machine> machine() const;

 private:
  enum class State { kAllocated, kConnecting, kConnected };

  Connect connect_;
  mutable std::mutex mutex_;
  State state_ = State::kAllocated;
  SessionParameters parameters_;
  std::shared_ptr<Machine> machine_;
};

// The text of a string parameter. Throws InvalidArgument unless its only NUL is the last byte.
[[nodiscard]] std::string string_parameter(const std::string& what, std::size_t size, const void* value);

}  // namespace iqm::core
