// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "model/quality_metrics.hpp"

namespace iqm::model {

// How long each operation takes where, in seconds, by one calibration set.
using OperationDurations = std::map<QualityMetrics::OperationKey, double>;

}  // namespace iqm::model
