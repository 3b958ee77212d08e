// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qdmi/device.h>

#include <cstddef>

namespace qdmikit::detail {

// The functions of one device library. QDMI's own declarations give the types, so that a new version of its headers
// cannot drift from these calls.
struct FunctionTable {
  decltype(&QDMI_device_initialize) initialize = nullptr;
  decltype(&QDMI_device_finalize) finalize = nullptr;
  decltype(&QDMI_device_session_alloc) session_alloc = nullptr;
  decltype(&QDMI_device_session_set_parameter) session_set_parameter = nullptr;
  decltype(&QDMI_device_session_init) session_init = nullptr;
  decltype(&QDMI_device_session_free) session_free = nullptr;
  decltype(&QDMI_device_session_query_device_property) session_query_device_property = nullptr;
  decltype(&QDMI_device_session_query_site_property) session_query_site_property = nullptr;
  decltype(&QDMI_device_session_query_operation_property) session_query_operation_property = nullptr;
  decltype(&QDMI_device_session_create_device_job) session_create_device_job = nullptr;
  decltype(&QDMI_device_job_set_parameter) job_set_parameter = nullptr;
  decltype(&QDMI_device_job_set_programs) job_set_programs = nullptr;
  decltype(&QDMI_device_job_get_program) job_get_program = nullptr;
  decltype(&QDMI_device_job_get_program_status) job_get_program_status = nullptr;
  decltype(&QDMI_device_job_query_property) job_query_property = nullptr;
  decltype(&QDMI_device_job_submit) job_submit = nullptr;
  decltype(&QDMI_device_job_cancel) job_cancel = nullptr;
  decltype(&QDMI_device_job_check) job_check = nullptr;
  decltype(&QDMI_device_job_wait) job_wait = nullptr;
  decltype(&QDMI_device_job_get_results) job_get_results = nullptr;
  decltype(&QDMI_device_job_free) job_free = nullptr;

  // May be missing.
  decltype(&QDMI_device_session_retrieve_device_job_by_id) session_retrieve_device_job_by_id = nullptr;
  int (*last_error)(std::size_t size, char* json, std::size_t* size_ret) = nullptr;
  int (*job_submit_calibration)(QDMI_Device_Job job) = nullptr;
};

}  // namespace qdmikit::detail
