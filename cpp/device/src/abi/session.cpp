// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <span>
#include <vector>

#include "abi/tables.hpp"
#include "core/queries.hpp"
#include "iqm_qdmi/device.h"

using iqm::InvalidArgument;
using iqm::abi::from_handle;
using iqm::abi::guard;
using iqm::abi::require_not_null;
using iqm::abi::session_of;
using iqm::abi::to_handle;
using iqm::core::PropertySink;

int IQM_QDMI_device_session_alloc(IQM_QDMI_Device_Session* session) {
  return guard({"IQM_QDMI_device_session_alloc", {QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_OUTOFMEM}}, [&] {
    require_not_null(session, "the session's address");
    *session =
        from_handle<IQM_QDMI_Device_Session>(iqm::abi::sessions().insert(std::make_shared<iqm::core::Session>()));
  });
}

int IQM_QDMI_device_session_set_parameter(IQM_QDMI_Device_Session session, QDMI_Device_Session_Parameter param,
                                          size_t size, const void* value) {
  return guard({"IQM_QDMI_device_session_set_parameter",
                {QDMI_ERROR_NOTSUPPORTED, QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_BADSTATE}},
               [&] {
                 const auto found = session_of(session);
                 if (QDMI_IS_INVALID_ENUM_VALUE(param, QDMI_DEVICE_SESSION_PARAMETER)) {
                   throw InvalidArgument("there is no session parameter " + std::to_string(param));
                 }
                 found->set_parameter(param, size, value);
               });
}

int IQM_QDMI_device_session_init(IQM_QDMI_Device_Session session) {
  return guard(
      {"IQM_QDMI_device_session_init", {QDMI_ERROR_PERMISSIONDENIED, QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_BADSTATE}},
      [&] { session_of(session)->init(); });
}

void IQM_QDMI_device_session_free(IQM_QDMI_Device_Session session) {
  guard({"IQM_QDMI_device_session_free", {}}, [&] { (void)iqm::abi::sessions().remove(to_handle(session)); });
}

int IQM_QDMI_device_session_query_site_property(IQM_QDMI_Device_Session session, IQM_QDMI_Site site,
                                                QDMI_Site_Property prop, size_t size, void* value, size_t* size_ret) {
  return guard({"IQM_QDMI_device_session_query_site_property",
                {QDMI_ERROR_NOTSUPPORTED, QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_BADSTATE}},
               [&] {
                 const auto machine = session_of(session)->machine();
                 require_not_null(site, "the site");
                 if (QDMI_IS_INVALID_ENUM_VALUE(prop, QDMI_SITE_PROPERTY)) {
                   throw InvalidArgument("there is no site property " + std::to_string(prop));
                 }
                 const PropertySink sink(size, value, size_ret);
                 sink.require_usable();
                 iqm::core::query_site(*machine, to_handle(site), prop, sink);
               });
}

int IQM_QDMI_device_session_query_operation_property(IQM_QDMI_Device_Session session, IQM_QDMI_Operation operation,
                                                     size_t num_sites, const IQM_QDMI_Site* sites, size_t num_params,
                                                     const double* params, QDMI_Operation_Property prop, size_t size,
                                                     void* value, size_t* size_ret) {
  return guard({"IQM_QDMI_device_session_query_operation_property",
                {QDMI_ERROR_NOTSUPPORTED, QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_BADSTATE}},
               [&] {
                 const auto machine = session_of(session)->machine();
                 require_not_null(operation, "the operation");
                 if (QDMI_IS_INVALID_ENUM_VALUE(prop, QDMI_OPERATION_PROPERTY)) {
                   throw InvalidArgument("there is no operation property " + std::to_string(prop));
                 }
                 if ((sites != nullptr && num_sites == 0) || (params != nullptr && num_params == 0)) {
                   throw InvalidArgument("a list of sites or parameters is given but empty; pass null for \"any\"");
                 }
                 std::vector<iqm::core::Handle> locus;
                 iqm::core::OperationArguments arguments;
                 if (sites != nullptr) {
                   std::transform(sites, sites + num_sites, std::back_inserter(locus),
                                  [](IQM_QDMI_Site site) { return to_handle(site); });
                   arguments.sites = locus;
                 }
                 if (params != nullptr) {
                   arguments.parameters = std::span(params, num_params);
                 }
                 const PropertySink sink(size, value, size_ret);
                 sink.require_usable();
                 iqm::core::query_operation(*machine, to_handle(operation), arguments, prop, sink);
               });
}
