// SPDX-License-Identifier: Apache-2.0
#include "abi/tables.hpp"

namespace iqm::abi {
namespace {

// Never destroyed, like the sessions' table.
core::HandleTable<core::Job>& jobs() {
  static auto* table = new core::HandleTable<core::Job>();
  return *table;
}

}  // namespace

core::Handle insert_created(std::shared_ptr<core::Machine> machine) {
  return jobs().insert(std::make_shared<core::Job>(std::move(machine)));
}

core::Handle insert_retrieved(std::shared_ptr<core::Job> job) { return jobs().insert(std::move(job)); }

std::shared_ptr<core::Job> find_job(core::Handle handle) { return jobs().find(handle); }

std::shared_ptr<core::Job> remove_job(core::Handle handle) { return jobs().remove(handle); }

void clear_jobs() { jobs().clear(); }

}  // namespace iqm::abi
