// SPDX-License-Identifier: Apache-2.0
#include "job_core.hpp"

#include <cstring>
#include <utility>

namespace qdmikit::detail {
namespace {

void require_handle(const Module& module, QDMI_Device_Job handle, const Attempt& attempt) {
  if (handle == nullptr) {
    module.throw_broken_contract(attempt, "it reports success but gives no job");
  }
}

}  // namespace

JobCore::JobCore(std::shared_ptr<const SessionCore> session, QDMI_Device_Job handle) noexcept
    : session_(std::move(session)), handle_(handle) {}

JobCore::~JobCore() {
  if (session_->is_own_process()) {
    functions().job_free(handle_);
  }
}

std::unique_ptr<const JobCore> JobCore::create(const std::shared_ptr<const SessionCore>& session) {
  const Attempt attempt{"device_session_create_device_job", "create a job"};
  QDMI_Device_Job handle = nullptr;
  session->module().require(session->functions().session_create_device_job(session->handle(), &handle), attempt);
  require_handle(session->module(), handle, attempt);
  return std::unique_ptr<const JobCore>(new JobCore(session, handle));
}

std::unique_ptr<const JobCore> JobCore::retrieve(const std::shared_ptr<const SessionCore>& session,
                                                 const std::string& id) {
  const Module& module = session->module();
  const Attempt attempt{"device_session_retrieve_device_job_by_id", "retrieve job ", id};
  if (module.functions().session_retrieve_device_job_by_id == nullptr) {
    fail<NotSupported>(Status::NotSupported,
                       "cannot retrieve job " + id + ": the device library " + module.path().string() +
                           " retrieves no jobs by id (it has no such function)",
                       module.path());
  }
  if (id.empty() || id.find('\0') != std::string::npos) {
    fail<InvalidArgument>(Status::InvalidArgument, "a job id must not be empty, nor have a NUL character inside",
                          module.path());
  }
  QDMI_Device_Job handle = nullptr;
  module.require(module.functions().session_retrieve_device_job_by_id(session->handle(), id.c_str(), &handle), attempt);
  require_handle(module, handle, attempt);
  return std::unique_ptr<const JobCore>(new JobCore(session, handle));
}

JobStatus JobCore::check() const {
  const Attempt attempt{"device_job_check", "check the job"};
  QDMI_Job_Status status = QDMI_JOB_STATUS_CREATED;
  module().require(functions().job_check(handle(), &status), attempt);
  return checked(status, attempt);
}

JobStatus JobCore::checked(const QDMI_Job_Status& answer, const Attempt& attempt) const {
  // Reading a number that the enumeration does not have would be undefined, and a device can write any.
  int status = 0;
  static_assert(sizeof status == sizeof answer);
  std::memcpy(&status, &answer, sizeof status);
  if (status < QDMI_JOB_STATUS_CREATED || status > QDMI_JOB_STATUS_FAILED) {
    module().throw_broken_contract(attempt, std::to_string(status) + " is no job status");
  }
  return static_cast<JobStatus>(status);
}

}  // namespace qdmikit::detail
