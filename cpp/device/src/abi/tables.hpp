// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "abi/guard.hpp"
#include "core/handles.hpp"
#include "core/job.hpp"
#include "core/session.hpp"

// The same in every version of QDMI, unlike the functions that are declared with them.
// NOLINTBEGIN(readability-identifier-naming): QDMI's names
using IQM_QDMI_Device_Session = struct IQM_QDMI_Device_Session_impl_d*;
using IQM_QDMI_Device_Job = struct IQM_QDMI_Device_Job_impl_d*;
// NOLINTEND(readability-identifier-naming)

namespace iqm::abi {

// Everything that a caller of this library holds a handle to.
core::HandleTable<core::Session>& sessions();

// What a job is besides its core depends on QDMI's version: each has a job_table.cpp of its own.
core::Handle insert_created(std::shared_ptr<core::Machine> machine);
core::Handle insert_retrieved(std::shared_ptr<core::Job> job);
// Null when there is no such job.
[[nodiscard]] std::shared_ptr<core::Job> find_job(core::Handle handle);
std::shared_ptr<core::Job> remove_job(core::Handle handle);
void clear_jobs();

// Throws InvalidArgument for an object that was not found: its handle is null, stale or not of this library.
template <typename T>
std::shared_ptr<T> require_found(std::shared_ptr<T> object, const char* what) {
  if (!object) {
    throw InvalidArgument(std::string("the ") + what + " handle is null, freed or not from this library");
  }
  return object;
}

[[nodiscard]] std::shared_ptr<core::Session> session_of(IQM_QDMI_Device_Session handle);
[[nodiscard]] std::shared_ptr<core::Job> job_of(IQM_QDMI_Device_Job handle);

}  // namespace iqm::abi
