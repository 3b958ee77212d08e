// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nanobind/nanobind.h>

#include "owned.hpp"
#include "qdmikit/job.hpp"

namespace qdmikit::bindings {

// State vectors and probabilities of a job, as numpy arrays and dictionaries.
void bind_amplitudes(nanobind::class_<Owned<Job>>& bound);

}  // namespace qdmikit::bindings
