// SPDX-License-Identifier: Apache-2.0
#include "abi/tables.hpp"
#include "core/queries.hpp"
#include "iqm_qdmi/device.h"

using iqm::InvalidArgument;
using iqm::abi::guard;
using iqm::abi::session_of;
using iqm::core::PropertySink;

int IQM_QDMI_device_session_query_device_property(IQM_QDMI_Device_Session session, QDMI_Device_Property prop,
                                                  size_t size, void* value, size_t* size_ret) {
  return guard({"IQM_QDMI_device_session_query_device_property",
                {QDMI_ERROR_NOTSUPPORTED, QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_BADSTATE}},
               [&] {
                 const auto machine = session_of(session)->machine();
                 if (QDMI_IS_INVALID_ENUM_VALUE(prop, QDMI_DEVICE_PROPERTY)) {
                   throw InvalidArgument("there is no device property " + std::to_string(prop));
                 }
                 const PropertySink sink(size, value, size_ret);
                 sink.require_usable();
                 iqm::core::query_device(*machine, prop, sink);
               });
}
