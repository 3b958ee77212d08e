// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "abi.hpp"
#include "errors.hpp"

namespace qdmikit::detail {

// One call into a device, for the text of its failure: "cannot {action}{subject}: ...".
struct Attempt {
  constexpr Attempt(std::string_view called, std::string_view doing, std::string_view what = {}) noexcept
      : function(called), action(doing), subject(what) {}

  std::string_view function;  // without the prefix and "_QDMI_"
  std::string_view action;
  std::string_view subject;
};

// A loaded and initialised device library. One object per module and prefix lives until the process ends.
class Module {
 public:
  static std::shared_ptr<const Module> open(const std::filesystem::path& path, std::string_view prefix);

  Module(std::filesystem::path path, std::string prefix, const FunctionTable& functions);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }
  [[nodiscard]] const FunctionTable& functions() const noexcept { return functions_; }

  // Throw what a call answered, unless it succeeded; a warning is a success, and told. Must run on the thread of the
  // call and right after it, because the device keeps its reason per thread and until its next failure.
  void require(int answer, const Attempt& attempt) const {
    if (answer == QDMI_WARN_GENERAL) {
      warn(attempt);
    } else if (answer != QDMI_SUCCESS) {
      throw_answer(answer, attempt);
    }
  }

  // The same for questions that a device may decline: false when it answered NOTSUPPORTED.
  [[nodiscard]] bool supported(int answer, const Attempt& attempt) const {
    if (answer == QDMI_ERROR_NOTSUPPORTED) {
      return false;
    }
    require(answer, attempt);
    return true;
  }

  // Tell whom it may concern that a call succeeded with a warning.
  void warn(const Attempt& attempt) const;

  // Throw an answer that is no success.
  [[noreturn]] void throw_answer(int answer, const Attempt& attempt) const;

  // The device broke QDMI's rules.
  [[noreturn]] void throw_broken_contract(const Attempt& attempt, std::string_view how) const;

 private:
  [[nodiscard]] std::string symbol(std::string_view function) const;

  std::filesystem::path path_;
  std::string prefix_;
  FunctionTable functions_;
};

}  // namespace qdmikit::detail
