// SPDX-License-Identifier: Apache-2.0
// A job's programs, parameters, properties and results.
#include "abi/tables.hpp"
#include "iqm_qdmi/device.h"

using iqm::InvalidArgument;
using iqm::abi::guard;
using iqm::abi::job_of;
using iqm::abi::require_not_null;
using iqm::core::PropertySink;

int IQM_QDMI_device_job_set_parameter(IQM_QDMI_Device_Job job, QDMI_Device_Job_Parameter param, size_t size,
                                      const void* value) {
  return guard({"IQM_QDMI_device_job_set_parameter",
                {QDMI_ERROR_NOTSUPPORTED, QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_BADSTATE, QDMI_ERROR_OUTOFMEM,
                 QDMI_ERROR_PERMISSIONDENIED}},
               [&] {
                 const auto found = job_of(job);
                 if (QDMI_IS_INVALID_ENUM_VALUE(param, QDMI_DEVICE_JOB_PARAMETER)) {
                   throw InvalidArgument("there is no job parameter " + std::to_string(param));
                 }
                 found->set_parameter(param, size, value);
               });
}

int IQM_QDMI_device_job_set_programs(IQM_QDMI_Device_Job job, QDMI_Program_Format format, size_t num_programs,
                                     const size_t* sizes, const void* const* programs) {
  return guard({"IQM_QDMI_device_job_set_programs",
                {QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_NOTSUPPORTED, QDMI_ERROR_BADSTATE, QDMI_ERROR_PERMISSIONDENIED,
                 QDMI_ERROR_OUTOFMEM}},
               [&] { job_of(job)->set_programs(format, num_programs, sizes, programs); });
}

int IQM_QDMI_device_job_get_program(IQM_QDMI_Device_Job job, size_t program_index, size_t size, void* data,
                                    size_t* size_ret) {
  return guard({"IQM_QDMI_device_job_get_program",
                {QDMI_ERROR_NOTSUPPORTED, QDMI_ERROR_BADSTATE, QDMI_ERROR_OUTOFRANGE, QDMI_ERROR_INVALIDARGUMENT,
                 QDMI_ERROR_PERMISSIONDENIED}},
               [&] { job_of(job)->get_program(program_index, PropertySink(size, data, size_ret)); });
}

int IQM_QDMI_device_job_get_program_status(IQM_QDMI_Device_Job job, size_t program_index, QDMI_Job_Status* status) {
  return guard({"IQM_QDMI_device_job_get_program_status",
                {QDMI_ERROR_NOTSUPPORTED, QDMI_ERROR_BADSTATE, QDMI_ERROR_OUTOFRANGE, QDMI_ERROR_INVALIDARGUMENT}},
               [&] {
                 const QDMI_Job_Status outcome = job_of(job)->program_status(program_index);
                 require_not_null(status, "the status' address");
                 *status = outcome;
               });
}

int IQM_QDMI_device_job_query_property(IQM_QDMI_Device_Job job, QDMI_Device_Job_Property prop, size_t size, void* value,
                                       size_t* size_ret) {
  return guard({"IQM_QDMI_device_job_query_property",
                {QDMI_ERROR_NOTSUPPORTED, QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_BADSTATE}},
               [&] {
                 const auto found = job_of(job);
                 if (QDMI_IS_INVALID_ENUM_VALUE(prop, QDMI_DEVICE_JOB_PROPERTY)) {
                   throw InvalidArgument("there is no job property " + std::to_string(prop));
                 }
                 const PropertySink sink(size, value, size_ret);
                 sink.require_usable();
                 found->query(prop, sink);
               });
}

int IQM_QDMI_device_job_submit(IQM_QDMI_Device_Job job) {
  return guard({"IQM_QDMI_device_job_submit",
                {QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_BADSTATE, QDMI_ERROR_PERMISSIONDENIED, QDMI_ERROR_OUTOFMEM}},
               [&] { job_of(job)->submit(); });
}

int IQM_QDMI_device_job_get_results(IQM_QDMI_Device_Job job, size_t program_index, QDMI_Job_Result result, size_t size,
                                    void* data, size_t* size_ret) {
  return guard({"IQM_QDMI_device_job_get_results",
                {QDMI_ERROR_NOTSUPPORTED, QDMI_ERROR_BADSTATE, QDMI_ERROR_OUTOFRANGE, QDMI_ERROR_INVALIDARGUMENT,
                 QDMI_ERROR_PERMISSIONDENIED}},
               [&] {
                 const auto found = job_of(job);
                 if (QDMI_IS_INVALID_ENUM_VALUE(result, QDMI_JOB_RESULT)) {
                   throw InvalidArgument("there is no kind of result " + std::to_string(result));
                 }
                 found->get_results(program_index, result, PropertySink(size, data, size_ret));
               });
}
