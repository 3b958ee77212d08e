// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "model/readout.hpp"

namespace iqm::server {

// The results of a job, from a document that is written plainly: what CountsReader and MeasurementsReader read from it,
// several times faster. None when the document is written otherwise, or is not what it should be.
[[nodiscard]] std::optional<std::vector<model::MeasurementCounts>> scan_counts(std::string_view document);
[[nodiscard]] std::optional<std::vector<model::MeasurementShots>> scan_measurements(std::string_view document);

}  // namespace iqm::server
