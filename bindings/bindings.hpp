// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nanobind/nanobind.h>

#include "gil.hpp"

// One function per concept, each adds its classes to the module. No logic lives here: what Python gets is what C++ has.
namespace qdmikit::bindings {

void bind_enums(nanobind::module_& module);
void bind_errors();
void bind_warnings();
void bind_sites(nanobind::module_& module);
void bind_operations(nanobind::module_& module);
void bind_devices(nanobind::module_& module);
void bind_jobs(nanobind::module_& module);

// The table that a notebook shows instead of a text; qdmikit._html draws it.
inline nanobind::object html(const char* drawing, nanobind::handle of) {
  return nanobind::module_::import_("qdmikit._html").attr(drawing)(of);
}

// For calls into a device: other Python threads run meanwhile.
using WithoutGil = nanobind::call_guard<ReleasedGil>;

}  // namespace qdmikit::bindings
