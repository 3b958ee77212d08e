// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "core/handles.hpp"
#include "core/machine.hpp"
#include "core/property_sink.hpp"
#include "iqm_qdmi/constants.h"

// The meaning of every device, site and operation property. All but STATUS and QUEUELENGTH are answered from one
// snapshot, without asking the server.
namespace iqm::core {

void query_device(const Machine& machine, QDMI_Device_Property property, const PropertySink& sink);

void query_site(const Machine& machine, Handle site, QDMI_Site_Property property, const PropertySink& sink);

// Where an operation is asked about: no sites or no parameters means "whatever they are".
struct OperationArguments {
  std::optional<std::span<const Handle>> sites;
  std::optional<std::span<const double>> parameters;
};

void query_operation(const Machine& machine, Handle operation, const OperationArguments& arguments,
                     QDMI_Operation_Property property, const PropertySink& sink);

}  // namespace iqm::core
