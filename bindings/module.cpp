// SPDX-License-Identifier: Apache-2.0
#include "bindings.hpp"

NB_MODULE(_core, module) {
  module.doc() = "The C++ client of qdmikit.";
  module.attr("version") = QDMIKIT_VERSION;
  // What a user's program still holds when the interpreter ends, in a daemon thread for example, is no fault to report.
  // Leaks of ours are found by LeakSanitizer: tools/run_sanitizers.py.
  nanobind::set_leak_warnings(false);
  using namespace qdmikit::bindings;
  bind_errors();
  bind_warnings();
  bind_enums(module);
  bind_sites(module);
  bind_operations(module);
  bind_jobs(module);
  bind_devices(module);
}
