// SPDX-License-Identifier: Apache-2.0
// The functions that QDMI 1.4 has changed; all others are those of abi/.
#include <vector>

#include "abi/tables.hpp"
#include "abi13/device.h"
#include "abi13/job_table.hpp"
#include "core/program_list.hpp"
#include "core/queries.hpp"

using iqm::InvalidArgument;
using iqm::abi::guard;
using iqm::abi::session_of;
using iqm::abi13::job_of;
using iqm::core::PropertySink;

namespace {

// The custom enumerators have the same numbers in every enumeration.
bool is_enumerator(int value, int max) {
  return (value >= 0 && value < max) ||
         (value >= QDMI_DEVICE_PROPERTY_CUSTOM1 && value <= QDMI_DEVICE_PROPERTY_CUSTOM5);
}

void require_enumerator(const char* what, int value, int max) {
  if (!is_enumerator(value, max)) {
    throw InvalidArgument(std::string("there is no ") + what + " " + std::to_string(value));
  }
}

// Numbers, for 1.4's enumeration has lost one of them.
std::vector<int> program_formats(const iqm::core::Machine& machine) {
  std::vector<int> formats(iqm::core::kProgramFormats.begin(), iqm::core::kProgramFormats.end());
  if (machine.calibration_supported()) {
    formats.push_back(IQM_QDMI13_PROGRAM_FORMAT_CALIBRATION);
  }
  return formats;
}

}  // namespace

int IQM_QDMI_device_session_query_device_property(IQM_QDMI_Device_Session session, QDMI_Device_Property prop,
                                                  size_t size, void* value, size_t* size_ret) {
  return guard({"IQM_QDMI_device_session_query_device_property",
                {QDMI_ERROR_NOTSUPPORTED, QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_BADSTATE}},
               [&] {
                 const auto machine = session_of(session)->machine();
                 const int property = prop;
                 require_enumerator("device property", property, IQM_QDMI13_DEVICE_PROPERTY_MAX);
                 const PropertySink sink(size, value, size_ret);
                 sink.require_usable();
                 switch (property) {
                   case QDMI_DEVICE_PROPERTY_LIBRARYVERSION:
                     sink.write_string(IQM_QDMI13_VERSION);
                     return;
                   case QDMI_DEVICE_PROPERTY_SUPPORTEDPROGRAMFORMATS:
                     sink.write_list(program_formats(*machine));
                     return;
                   case IQM_QDMI13_DEVICE_PROPERTY_PULSESUPPORT:
                     sink.write(static_cast<int>(IQM_QDMI13_DEVICE_PULSE_SUPPORT_LEVEL_NONE));
                     return;
                   default:
                     // Among them NEEDSCALIBRATION, which no server tells: the core does not support it.
                     iqm::core::query_device(*machine, prop, sink);
                 }
               });
}

int IQM_QDMI_device_job_set_parameter(IQM_QDMI_Device_Job job, QDMI_Device_Job_Parameter param, size_t size,
                                      const void* value) {
  return guard({"IQM_QDMI_device_job_set_parameter",
                {QDMI_ERROR_NOTSUPPORTED, QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_BADSTATE, QDMI_ERROR_OUTOFMEM,
                 QDMI_ERROR_PERMISSIONDENIED}},
               [&] {
                 const auto found = job_of(job);
                 const int parameter = param;
                 require_enumerator("job parameter", parameter, IQM_QDMI13_DEVICE_JOB_PARAMETER_MAX);
                 switch (parameter) {
                   case IQM_QDMI13_DEVICE_JOB_PARAMETER_PROGRAMFORMAT:
                     found->set_format(size, value);
                     return;
                   case IQM_QDMI13_DEVICE_JOB_PARAMETER_PROGRAM:
                     found->set_program(size, value);
                     return;
                   default:
                     found->core()->set_parameter(param, size, value);
                 }
               });
}

int IQM_QDMI_device_job_query_property(IQM_QDMI_Device_Job job, QDMI_Device_Job_Property prop, size_t size, void* value,
                                       size_t* size_ret) {
  return guard({"IQM_QDMI_device_job_query_property",
                {QDMI_ERROR_NOTSUPPORTED, QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_BADSTATE}},
               [&] {
                 const auto found = job_of(job);
                 const int property = prop;
                 require_enumerator("job property", property, IQM_QDMI13_DEVICE_JOB_PROPERTY_MAX);
                 const PropertySink sink(size, value, size_ret);
                 sink.require_usable();
                 switch (property) {
                   case QDMI_DEVICE_JOB_PROPERTY_PROGRAMFORMAT:
                     found->query_format(sink);
                     return;
                   case IQM_QDMI13_DEVICE_JOB_PROPERTY_PROGRAM:
                     found->query_program(sink);
                     return;
                   default:
                     found->core()->query(prop, sink);
                 }
               });
}

int IQM_QDMI_device_job_submit(IQM_QDMI_Device_Job job) {
  return guard({"IQM_QDMI_device_job_submit",
                {QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_BADSTATE, QDMI_ERROR_PERMISSIONDENIED, QDMI_ERROR_OUTOFMEM}},
               [&] { job_of(job)->submit(); });
}

int IQM_QDMI_device_job_get_results(IQM_QDMI_Device_Job job, QDMI_Job_Result result, size_t size, void* data,
                                    size_t* size_ret) {
  return guard({"IQM_QDMI_device_job_get_results",
                {QDMI_ERROR_NOTSUPPORTED, QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_PERMISSIONDENIED}},
               [&] {
                 const auto found = job_of(job);
                 require_enumerator("kind of result", result, QDMI_JOB_RESULT_MAX);
                 try {
                   found->core()->get_results(0, result, PropertySink(size, data, size_ret));
                 } catch (const iqm::Error& error) {
                   if (error.status() != QDMI_ERROR_BADSTATE) {
                     throw;
                   }
                   // In 1.3 a job that did not succeed is an invalid argument.
                   throw iqm::Error(QDMI_ERROR_INVALIDARGUMENT, error.kind(), error.what(), error.detail());
                 }
               });
}
