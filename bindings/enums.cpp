// SPDX-License-Identifier: Apache-2.0
#include <nanobind/nanobind.h>

#include <span>
#include <string>

#include "bindings.hpp"
#include "qdmikit/device_status.hpp"
#include "qdmikit/job_result.hpp"
#include "qdmikit/job_status.hpp"
#include "qdmikit/program_format.hpp"
#include "qdmikit/session_parameter.hpp"

namespace nb = nanobind;

namespace qdmikit::bindings {
namespace {

template <typename Enum>
void bind(nb::module_& module, const char* name, std::span<const Enum> values, const char* doc) {
  nb::enum_<Enum> bound(module, name, doc);
  for (const Enum value : values) {
    bound.value(std::string(to_string(value)).c_str(), value);
  }
}

}  // namespace

void bind_enums(nb::module_& module) {
  bind(module, "DeviceStatus", all_device_statuses(), "Whether a device takes work.");
  bind(module, "JobStatus", all_job_statuses(), "Where a job, or one program of it, stands.");
  bind(module, "ProgramFormat", all_program_formats(), "The language of a program.");
  bind(module, "JobResult", all_job_results(), "A kind of result that a device can hand out.");
  bind(module, "SessionParameter", all_session_parameters(), "What can be set on a session.");

  module.def(
      "is_terminal", [](JobStatus status) { return is_terminal(status); }, nb::arg("status"),
      "Whether a job with this status has come to its end, good or bad.");
  nb::enum_<ProgramEncoding>(module, "ProgramEncoding", "How the bytes of a program travel.")
      .value("TEXT", ProgramEncoding::Text)
      .value("BINARY", ProgramEncoding::Binary)
      .value("DEVICE_DEFINED", ProgramEncoding::DeviceDefined);
  module.def("encoding", &encoding, nb::arg("format"), "How programs of a format travel.");
}

}  // namespace qdmikit::bindings
