// SPDX-License-Identifier: Apache-2.0
#include "abi/tables.hpp"

using iqm::InvalidArgument;
using iqm::abi::from_handle;
using iqm::abi::guard;
using iqm::abi::job_of;
using iqm::abi::require_not_null;
using iqm::abi::session_of;
using iqm::abi::to_handle;
using iqm::core::PropertySink;

int IQM_QDMI_device_session_create_device_job(IQM_QDMI_Device_Session session, IQM_QDMI_Device_Job* job) {
  return guard({"IQM_QDMI_device_session_create_device_job",
                {QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_BADSTATE, QDMI_ERROR_PERMISSIONDENIED}},
               [&] {
                 const auto found = session_of(session);
                 require_not_null(job, "the job's address");
                 *job = from_handle<IQM_QDMI_Device_Job>(
                     iqm::abi::jobs().insert(std::make_shared<iqm::core::Job>(found->machine())));
               });
}

int IQM_QDMI_device_session_retrieve_device_job_by_id(IQM_QDMI_Device_Session session, const char* job_id,
                                                      IQM_QDMI_Device_Job* job) {
  return guard({"IQM_QDMI_device_session_retrieve_device_job_by_id",
                {QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_NOTSUPPORTED, QDMI_ERROR_NOTFOUND, QDMI_ERROR_BADSTATE,
                 QDMI_ERROR_PERMISSIONDENIED}},
               [&] {
                 require_not_null(job, "the job's address");
                 *job = nullptr;
                 const auto found = session_of(session);
                 require_not_null(job_id, "the job id");
                 if (*job_id == '\0') {
                   throw InvalidArgument("the job id is empty");
                 }
                 *job = from_handle<IQM_QDMI_Device_Job>(
                     iqm::abi::jobs().insert(iqm::core::Job::retrieve(found->machine(), job_id)));
               });
}

void IQM_QDMI_device_job_free(IQM_QDMI_Device_Job job) {
  guard({"IQM_QDMI_device_job_free", {}}, [&] {
    if (const auto freed = iqm::abi::jobs().remove(to_handle(job))) {
      freed->release();
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

int IQM_QDMI_device_job_cancel(IQM_QDMI_Device_Job job) {
  return guard({"IQM_QDMI_device_job_cancel", {QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_PERMISSIONDENIED}},
               [&] { job_of(job)->cancel(); });
}

int IQM_QDMI_device_job_check(IQM_QDMI_Device_Job job, QDMI_Job_Status* status) {
  return guard({"IQM_QDMI_device_job_check", {QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_PERMISSIONDENIED}}, [&] {
    const auto found = job_of(job);
    require_not_null(status, "the status' address");
    *status = found->check();
  });
}

int IQM_QDMI_device_job_wait(IQM_QDMI_Device_Job job, size_t timeout) {
  // BADSTATE, for a job that was never submitted, is not in QDMI's list but what its reference device answers.
  return guard({"IQM_QDMI_device_job_wait",
                {QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_BADSTATE, QDMI_ERROR_PERMISSIONDENIED, QDMI_ERROR_TIMEOUT}},
               [&] { job_of(job)->wait(timeout); });
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
