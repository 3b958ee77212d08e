// SPDX-License-Identifier: Apache-2.0
// The library as a whole: its tables, and the entry points that open and close it.
#include <mutex>

#include "abi/tables.hpp"
#include "iqm_qdmi/device.h"

namespace iqm::abi {

// Never destroyed: a caller's threads may still be inside a call while the process exits.
core::HandleTable<core::Session>& sessions() {
  static auto* table = new core::HandleTable<core::Session>();
  return *table;
}

namespace {

struct Users {
  std::mutex mutex;
  std::size_t count = 0;
};

Users& users() {
  static auto* users = new Users();
  return *users;
}

}  // namespace

std::shared_ptr<core::Session> session_of(IQM_QDMI_Device_Session handle) {
  return require_found(sessions().find(to_handle(handle)), "session");
}

std::shared_ptr<core::Job> job_of(IQM_QDMI_Device_Job handle) {
  return require_found(find_job(to_handle(handle)), "job");
}

}  // namespace iqm::abi

using iqm::abi::guard;

// Several drivers may share this library in one process, each with its own initialize and finalize.
int IQM_QDMI_device_initialize() {
  return guard({"IQM_QDMI_device_initialize", {}}, [] {
    const std::scoped_lock lock(iqm::abi::users().mutex);
    ++iqm::abi::users().count;
  });
}

int IQM_QDMI_device_finalize() {
  return guard({"IQM_QDMI_device_finalize", {}}, [] {
    {
      const std::scoped_lock lock(iqm::abi::users().mutex);
      if (iqm::abi::users().count == 0) {
        throw iqm::BadState("the device is not initialized");
      }
      if (--iqm::abi::users().count > 0) {
        return;
      }
    }
    iqm::abi::clear_jobs();
    iqm::abi::sessions().clear();
  });
}
