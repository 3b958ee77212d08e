// SPDX-License-Identifier: Apache-2.0
// A job's coming, its way and its going, which are the same in every version of QDMI.
#include "abi/tables.hpp"
#include "iqm_qdmi/device.h"

using iqm::InvalidArgument;
using iqm::abi::from_handle;
using iqm::abi::guard;
using iqm::abi::job_of;
using iqm::abi::require_not_null;
using iqm::abi::session_of;
using iqm::abi::to_handle;

int IQM_QDMI_device_session_create_device_job(IQM_QDMI_Device_Session session, IQM_QDMI_Device_Job* job) {
  return guard({"IQM_QDMI_device_session_create_device_job",
                {QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_BADSTATE, QDMI_ERROR_PERMISSIONDENIED}},
               [&] {
                 const auto found = session_of(session);
                 require_not_null(job, "the job's address");
                 *job = from_handle<IQM_QDMI_Device_Job>(iqm::abi::insert_created(found->machine()));
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
                     iqm::abi::insert_retrieved(iqm::core::Job::retrieve(found->machine(), job_id)));
               });
}

void IQM_QDMI_device_job_free(IQM_QDMI_Device_Job job) {
  guard({"IQM_QDMI_device_job_free", {}}, [&] {
    if (const auto freed = iqm::abi::remove_job(to_handle(job))) {
      freed->release();
    }
  });
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
