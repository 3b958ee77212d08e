// SPDX-License-Identifier: Apache-2.0
#include <nanobind/nanobind.h>

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "bindings.hpp"
#include "qdmikit/warning.hpp"

namespace nb = nanobind;

namespace qdmikit::bindings {
namespace {

// What has been told and not yet issued. Never deleted: devices may warn until the very end of the process.
struct Pending {
  std::mutex mutex;
  std::vector<std::string> messages;
};

Pending& pending() {
  static auto& instance = *new Pending;
  return instance;
}

// Python calls this in its main thread, between two instructions.
int issue(void* /*unused*/) {
  std::vector<std::string> messages;
  {
    const std::scoped_lock lock(pending().mutex);
    messages.swap(pending().messages);
  }
  try {
    const nb::object category = nb::module_::import_("qdmikit.errors").attr("DeviceWarning");
    for (const std::string& message : messages) {
      if (PyErr_WarnEx(category.ptr(), message.c_str(), 1) != 0) {
        PyErr_WriteUnraisable(category.ptr());
      }
    }
  } catch (nb::python_error& error) {
    error.discard_as_unraisable("issuing a warning of a device");
  }
  return 0;
}

}  // namespace

// The call of the device may hold locks that a thread with the interpreter waits for, and it has an outcome that must
// not be lost to a warning that was made an error. So warnings are issued later, and never raised.
void bind_warnings() {
  set_warning_handler([](const Warning& warning) {
    {
      const std::scoped_lock lock(pending().mutex);
      pending().messages.push_back(warning.message);
    }
    // When Python's queue is full, this one is issued together with the next.
    Py_AddPendingCall(&issue, nullptr);
  });
}

}  // namespace qdmikit::bindings
