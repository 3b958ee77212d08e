// SPDX-License-Identifier: Apache-2.0
#include "bindings.hpp"

NB_MODULE(_core, module) {
  module.doc() = "The C++ client of qdmikit.";
  module.attr("version") = QDMIKIT_VERSION;
  using namespace qdmikit::bindings;
  bind_errors();
  bind_enums(module);
  bind_sites(module);
  bind_operations(module);
  bind_jobs(module);
  bind_devices(module);
}
