// SPDX-License-Identifier: Apache-2.0
#include "session_core.hpp"

#include <algorithm>
#include <utility>

namespace qdmikit::detail {
namespace {

QDMI_Device_Session_Parameter to_qdmi(SessionParameter parameter) {
  return static_cast<QDMI_Device_Session_Parameter>(parameter);
}

}  // namespace

SessionCore::SessionCore(std::shared_ptr<const Module> module) : module_(std::move(module)) {
  const Attempt attempt{"device_session_alloc", "open a session"};
  module_->require(functions().session_alloc(&handle_), attempt);
  if (handle_ == nullptr) {
    module_->throw_broken_contract(attempt, "it reports success but gives no session");
  }
}

// In a child made by fork the session is still the parent's, and freeing it might wait for threads that are not there.
SessionCore::~SessionCore() {
  if (is_own_process()) {
    functions().session_free(handle_);
  }
}

void SessionCore::throw_other_process() const {
  fail<BadState>(Status::BadState,
                 "this session of " + module_->path().string() + " was opened by process " +
                     std::to_string(process_.id()) + ", of which this one is a fork, and cannot be used here. " +
                     "Open the device again in this process, and retrieve jobs by their ids",
                 module_->path());
}

bool SessionCore::supports(SessionParameter parameter) const {
  return module_->supported(functions().session_set_parameter(handle_, to_qdmi(parameter), 0, nullptr),
                            {"device_session_set_parameter", "ask for session parameter ", to_string(parameter)});
}

void SessionCore::set(SessionParameter parameter, const std::string& value) {
  if (value.find('\0') != std::string::npos) {
    fail<InvalidArgument>(Status::InvalidArgument,
                          "session parameter " + std::string(to_string(parameter)) + " has a NUL character inside",
                          module_->path());
  }
  // The value may be a secret: it appears in no text.
  module_->require(functions().session_set_parameter(handle_, to_qdmi(parameter), value.size() + 1, value.c_str()),
                   {"device_session_set_parameter", "set session parameter ", to_string(parameter)});
  const auto earlier = std::ranges::find(parameters_, parameter, &std::pair<SessionParameter, std::string>::first);
  if (earlier != parameters_.end()) {
    earlier->second = value;
  } else {
    parameters_.emplace_back(parameter, value);
  }
}

void SessionCore::init() {
  module_->require(functions().session_init(handle_), {"device_session_init", "initialise the session"});
}

std::shared_ptr<const SessionCore> SessionCore::open_child(const std::shared_ptr<const SessionCore>& parent,
                                                           QDMI_Child_Device child) {
  auto session = std::make_shared<SessionCore>(parent->module_);
  session->parent_ = parent;
  for (const auto& [parameter, value] : parent->parameters_) {
    session->set(parameter, value);
  }
  parent->module().require(
      session->functions().session_set_parameter(session->handle_, QDMI_DEVICE_SESSION_PARAMETER_CHILDDEVICE,
                                                 sizeof(QDMI_Child_Device), static_cast<const void*>(&child)),
      {"device_session_set_parameter", "choose a child device for a session"});
  session->init();
  return session;
}

}  // namespace qdmikit::detail
