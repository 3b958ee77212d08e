// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nanobind/nanobind.h>

#include "qdmikit/snapshot.hpp"

namespace qdmikit::bindings {

// The same values as a qdmikit.Snapshot, which is a Python dataclass.
[[nodiscard]] nanobind::object to_python(const Snapshot& snapshot);

}  // namespace qdmikit::bindings
