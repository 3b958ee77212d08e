// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "module.hpp"
#include "process.hpp"
#include "qdmikit/session_parameter.hpp"

namespace qdmikit::detail {

// Owns one device session. Whatever was made from the session holds it, so it is freed last.
class SessionCore {
 public:
  explicit SessionCore(std::shared_ptr<const Module> module);
  // An initialised session with a child device of an initialised one, under the same parameters. It keeps the parent,
  // whose handle names the child.
  static std::shared_ptr<const SessionCore> open_child(const std::shared_ptr<const SessionCore>& parent,
                                                       QDMI_Child_Device child);
  ~SessionCore();
  SessionCore(const SessionCore&) = delete;
  SessionCore& operator=(const SessionCore&) = delete;
  SessionCore(SessionCore&&) = delete;
  SessionCore& operator=(SessionCore&&) = delete;

  [[nodiscard]] const Module& module() const noexcept { return *module_; }
  [[nodiscard]] const FunctionTable& functions() const noexcept { return module_->functions(); }
  // Throws in a child made by fork, where the session has neither its threads nor its connections for itself.
  [[nodiscard]] QDMI_Device_Session handle() const {
    require_own_process();
    return handle_;
  }
  void require_own_process() const {
    if (!is_own_process()) {
      throw_other_process();
    }
  }
  [[nodiscard]] bool is_own_process() const noexcept { return process_.is_this(); }

  [[nodiscard]] bool supports(SessionParameter parameter) const;
  void set(SessionParameter parameter, const std::string& value);
  void init();

 private:
  [[noreturn]] void throw_other_process() const;

  Process process_;
  std::shared_ptr<const Module> module_;
  std::shared_ptr<const SessionCore> parent_;  // none for a session with the device itself
  QDMI_Device_Session handle_ = nullptr;
  std::vector<std::pair<SessionParameter, std::string>> parameters_;  // for sessions with child devices
};

}  // namespace qdmikit::detail
