// SPDX-License-Identifier: Apache-2.0
#include "symbols.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <utility>

namespace qdmikit::detail {
namespace {

class Resolver {
 public:
  Resolver(void* handle, std::string_view prefix) : handle_(handle), stem_(std::string(prefix) + "_QDMI_device_") {}

  template <typename Function>
  void mandatory(Function& function, std::string_view name) {
    if (!find(function, name)) {
      missing_.push_back(stem_ + std::string(name));
    }
  }

  template <typename Function>
  void optional(Function& function, std::string_view name) {
    find(function, name);
  }

  [[nodiscard]] bool lacks(std::string_view name) const {
    return std::ranges::find(missing_, stem_ + std::string(name)) != missing_.end();
  }
  [[nodiscard]] bool found_any() const noexcept { return found_any_; }
  std::vector<std::string> take_missing() { return std::move(missing_); }

 private:
  template <typename Function>
  bool find(Function& function, std::string_view name) {
    void* symbol = dlsym(handle_, (stem_ + std::string(name)).c_str());
    function = reinterpret_cast<Function>(symbol);  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast): POSIX
    found_any_ = found_any_ || symbol != nullptr;
    return symbol != nullptr;
  }

  void* handle_;
  std::string stem_;
  std::vector<std::string> missing_;
  bool found_any_ = false;
};

}  // namespace

ResolvedSymbols resolve_symbols(void* handle, std::string_view prefix) {
  ResolvedSymbols result;
  FunctionTable& table = result.functions;
  Resolver symbols(handle, prefix);

  symbols.mandatory(table.initialize, "initialize");
  symbols.mandatory(table.finalize, "finalize");
  symbols.mandatory(table.session_alloc, "session_alloc");
  symbols.mandatory(table.session_set_parameter, "session_set_parameter");
  symbols.mandatory(table.session_init, "session_init");
  symbols.mandatory(table.session_free, "session_free");
  symbols.mandatory(table.session_query_device_property, "session_query_device_property");
  symbols.mandatory(table.session_query_site_property, "session_query_site_property");
  symbols.mandatory(table.session_query_operation_property, "session_query_operation_property");
  symbols.mandatory(table.session_create_device_job, "session_create_device_job");
  symbols.mandatory(table.job_set_parameter, "job_set_parameter");
  symbols.mandatory(table.job_set_programs, "job_set_programs");
  symbols.mandatory(table.job_get_program, "job_get_program");
  symbols.mandatory(table.job_get_program_status, "job_get_program_status");
  symbols.mandatory(table.job_query_property, "job_query_property");
  symbols.mandatory(table.job_submit, "job_submit");
  symbols.mandatory(table.job_cancel, "job_cancel");
  symbols.mandatory(table.job_check, "job_check");
  symbols.mandatory(table.job_wait, "job_wait");
  symbols.mandatory(table.job_get_results, "job_get_results");
  symbols.mandatory(table.job_free, "job_free");

  symbols.optional(table.session_retrieve_device_job_by_id, "session_retrieve_device_job_by_id");
  symbols.optional(table.last_error, "last_error");
  symbols.optional(table.job_submit_calibration, "job_submit_calibration");

  // get_results exists in both versions under one name with different arguments: such a library must never be called.
  result.is_qdmi_1_3 = !symbols.lacks("job_get_results") && symbols.lacks("job_set_programs");
  result.has_any = symbols.found_any();
  result.missing = symbols.take_missing();
  return result;
}

}  // namespace qdmikit::detail
