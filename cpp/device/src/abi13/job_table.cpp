// SPDX-License-Identifier: Apache-2.0
#include "abi13/job_table.hpp"

namespace iqm::abi13 {
namespace {

// Never destroyed, like the sessions' table.
core::HandleTable<Job>& jobs() {
  static auto* table = new core::HandleTable<Job>();
  return *table;
}

std::shared_ptr<core::Job> core_of(const std::shared_ptr<Job>& job) { return job ? job->core() : nullptr; }

}  // namespace

std::shared_ptr<Job> job_of(IQM_QDMI_Device_Job handle) {
  return abi::require_found(jobs().find(abi::to_handle(handle)), "job");
}

}  // namespace iqm::abi13

namespace iqm::abi {

core::Handle insert_created(std::shared_ptr<core::Machine> machine) {
  return abi13::jobs().insert(std::make_shared<abi13::Job>(std::move(machine)));
}

core::Handle insert_retrieved(std::shared_ptr<core::Job> job) {
  return abi13::jobs().insert(std::make_shared<abi13::Job>(std::move(job)));
}

std::shared_ptr<core::Job> find_job(core::Handle handle) { return abi13::core_of(abi13::jobs().find(handle)); }

std::shared_ptr<core::Job> remove_job(core::Handle handle) { return abi13::core_of(abi13::jobs().remove(handle)); }

void clear_jobs() { abi13::jobs().clear(); }

}  // namespace iqm::abi
