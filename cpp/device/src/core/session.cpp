// SPDX-License-Identifier: Apache-2.0
#include "core/session.hpp"

#include <cstring>
#include <utility>

#include "support/error.hpp"

namespace iqm::core {

Session::Session()
    : Session([](const Settings& settings) { return Machine::connect(settings, system_environment()); }) {}

void Session::set_parameter(QDMI_Device_Session_Parameter parameter, std::size_t size, const void* value) {
  if (value != nullptr && size == 0) {
    throw InvalidArgument("a session parameter was given with size 0");
  }
  const std::scoped_lock lock(mutex_);
  if (state_ != State::kAllocated) {
    throw BadState("the session is initialized already; its parameters are fixed");
  }
  if (!is_supported(parameter)) {
    throw NotSupported("this device has no session parameter " + parameter_name(parameter));
  }
  if (value != nullptr) {
    std::string text = string_parameter("the session parameter " + parameter_name(parameter), size, value);
    require_valid(parameter, text);
    parameters_[parameter] = std::move(text);
  }
}

void Session::init() {
  SessionParameters parameters;
  {
    const std::scoped_lock lock(mutex_);
    if (state_ != State::kAllocated) {
      throw BadState(state_ == State::kConnected ? "the session is initialized already"
                                                 : "another thread is initializing this session");
    }
    parameters = parameters_;
    state_ = State::kConnecting;
  }
  std::shared_ptr<Machine> machine;
  try {
    machine = connect_(resolve_settings(parameters));
  } catch (...) {
    const std::scoped_lock lock(mutex_);
    state_ = State::kAllocated;
    throw;
  }
  const std::scoped_lock lock(mutex_);
  machine_ = std::move(machine);
  state_ = State::kConnected;
}

std::shared_ptr<Machine> Session::machine() const {
  const std::scoped_lock lock(mutex_);
  if (state_ != State::kConnected) {
    throw BadState("the session is not initialized");
  }
  return machine_;
}

std::string string_parameter(const std::string& what, std::size_t size, const void* value) {
  const auto* text = static_cast<const char*>(value);
  if (::strnlen(text, size) != size - 1) {
    throw InvalidArgument(what + " must be text whose one NUL is its last byte");
  }
  return {text, size - 1};
}

}  // namespace iqm::core
