// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/session.hpp"

#include <utility>

#include "device_core.hpp"
#include "session_core.hpp"

namespace qdmikit {

Session::Session(const Library& library) : session_(std::make_shared<detail::SessionCore>(library.module_)) {}

Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

bool Session::supports(SessionParameter parameter) const { return session_->supports(parameter); }

void Session::set(SessionParameter parameter, const std::string& value) { session_->set(parameter, value); }

void Session::init() {
  session_->init();
  device_ = std::make_shared<const detail::DeviceCore>(session_);
}

Device Session::device() const {
  if (!device_) {
    detail::fail<BadState>(Status::BadState, "the session is not initialised yet: call init() first",
                           session_->module().path());
  }
  return Device(device_);
}

Device open_device(const std::filesystem::path& library, std::string_view prefix, const SessionParameters& parameters) {
  Session session(Library::open(library, prefix));
  for (const auto& [parameter, value] : parameters) {
    session.set(parameter, value);
  }
  session.init();
  return session.device();
}

}  // namespace qdmikit
