// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/job.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/array.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

#include "amplitudes.hpp"
#include "bindings.hpp"
#include "open_device.hpp"
#include "owned.hpp"
#include "qdmikit/device.hpp"
#include "qdmikit/error.hpp"

namespace nb = nanobind;

namespace qdmikit::bindings {
namespace {

using PyJob = Owned<Job>;

nb::str text(std::string_view characters) { return nb::str(characters.data(), characters.size()); }

JobRequest request_of(ProgramFormat format, const std::vector<nb::bytes>& programs, std::optional<std::size_t> shots,
                      std::array<std::optional<std::string>, 5> custom) {
  JobRequest request{.format = format, .programs = {}, .shots = shots, .custom = std::move(custom)};
  request.programs.reserve(programs.size());
  for (const nb::bytes& program : programs) {
    request.programs.emplace_back(program.c_str(), program.size());
  }
  return request;
}

void submit(PyJob* self, const OpenDevice& open, ProgramFormat format, const std::vector<nb::bytes>& programs,
            std::optional<std::size_t> shots, std::array<std::optional<std::string>, 5> custom, bool calibration) {
  const JobRequest request = request_of(format, programs, shots, std::move(custom));
  const ReleasedGil without_gil;
  const Device device = open.get();
  new (self) PyJob(calibration ? device.submit_calibration(request) : device.submit(request));
}

void retrieve(PyJob* self, const OpenDevice& device, const std::string& id) {
  new (self) PyJob(device.get().retrieve_job(id));
}

// Python handles its signals, Ctrl-C among them, in the main thread and only when it is asked to.
void handle_signals() {
  const AcquiredGil with_gil;
  if (PyErr_CheckSignals() != 0) {
    nb::raise_python_error();
  }
}

JobStatus wait(const PyJob& job, std::optional<double> timeout) {
  return job.wait(timeout ? std::optional(Seconds(*timeout)) : std::nullopt, handle_signals);
}

nb::dict counts(const PyJob& job, std::size_t program) {
  const Counts counts = [&] {
    const ReleasedGil without_gil;
    return job.counts(program);
  }();
  nb::dict result;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    result[text(counts.key(i))] = counts.value(i);
  }
  if (result.size() != counts.size()) {
    throw ProtocolError("the device's histogram names a bitstring twice", {});
  }
  return result;
}

nb::list memory(const PyJob& job, std::size_t program) {
  const Bitstrings shots = [&] {
    const ReleasedGil without_gil;
    return job.shots_list(program);
  }();
  nb::list result;
  for (std::size_t i = 0; i < shots.size(); ++i) {
    result.append(text(shots[i]));
  }
  return result;
}

template <typename T, typename... Lengths>
auto array_of(std::vector<T> values, Lengths... shape) {
  auto owned = std::make_unique<std::vector<T>>(std::move(values));
  T* data = owned->data();
  const nb::capsule owner(owned.get(), [](void* all) noexcept { delete static_cast<std::vector<T>*>(all); });
  owned.release();  // NOLINT(bugprone-unused-return-value): the capsule has it now
  return nb::ndarray<nb::numpy, T, nb::ndim<sizeof...(Lengths)>>(data, {shape...}, owner);
}

// An array that owns its rows, and the number of bits in each.
auto rows_of(PackedShots shots) {
  const std::size_t size = shots.size();
  const std::size_t stride = shots.stride();
  const std::size_t width = shots.width();
  return std::pair(array_of(std::move(shots).take_bytes(), size, stride), width);
}

nb::tuple packed_shots(const PyJob& job, std::size_t program) {
  PackedShots shots = [&] {
    const ReleasedGil without_gil;
    return job.packed_shots(program);
  }();
  auto [rows, width] = rows_of(std::move(shots));
  return nb::make_tuple(std::move(rows), width);
}

nb::tuple packed_counts(const PyJob& job, std::size_t program) {
  PackedCounts counts = [&] {
    const ReleasedGil without_gil;
    return job.packed_counts(program);
  }();
  auto [rows, width] = rows_of(std::move(counts.keys));
  const std::size_t size = counts.values.size();
  return nb::make_tuple(std::move(rows), width, array_of(std::move(counts.values), size));
}

nb::bytes raw_result(const PyJob& job, JobResult kind, std::size_t program) {
  const auto bytes = [&] {
    const ReleasedGil without_gil;
    return job.result(kind, program);
  }();
  return nb::bytes(bytes.data(), bytes.size());
}

nb::object custom_bytes(const PyJob& job, int number) {
  const auto bytes = [&] {
    const ReleasedGil without_gil;
    return job.custom(number);
  }();
  return bytes ? nb::object(nb::bytes(bytes->data(), bytes->size())) : nb::none();
}

}  // namespace

void bind_jobs(nb::module_& module) {
  nb::class_<PyJob> bound(module, "Job", "A submitted job. See qdmikit.Job.");
  bound
      .def("__init__", &submit, nb::arg("device"), nb::arg("format"), nb::arg("programs"), nb::arg("shots").none(),
           nb::arg("custom"), nb::arg("calibration"))
      .def("__init__", &retrieve, nb::arg("device"), nb::arg("id"), WithoutGil())
      .def_prop_ro("id", &PyJob::id, WithoutGil(), "The id under which the device knows the job.")
      .def_prop_ro("status", &PyJob::check, WithoutGil(), "Where the job stands; asks the device.")
      .def_prop_ro("program_format", &PyJob::program_format, WithoutGil(),
                   "The format of the programs; None for a retrieved job whose device does not know.")
      .def_prop_ro("shots", &PyJob::shots, WithoutGil(), "The number of shots of each program; None if not known.")
      .def_prop_ro("programs_num", &PyJob::programs_num, WithoutGil(), "The number of programs; None if not known.")
      .def_prop_ro("queue_position", &PyJob::queue_position, WithoutGil(),
                   "How many jobs are ahead of this one; asks the device. None while it is not queued, or when the\n"
                   "device does not know.")
      .def("wait", &wait, nb::arg("timeout") = nb::none(), WithoutGil(),
           "Wait until the job has come to its end, good or bad.\n\n"
           "Other threads run meanwhile. Ctrl-C ends the waiting within about a second and leaves the job alone.\n\n"
           "Parameters\n"
           "----------\n"
           "timeout\n"
           "    The longest time to wait, in seconds; None: no limit.\n\n"
           "Returns\n"
           "-------\n"
           "JobStatus\n"
           "    DONE, CANCELED or FAILED.\n\n"
           "Raises\n"
           "------\n"
           "Timeout\n"
           "    If the time is up, never earlier. The job runs on.\n"
           "InvalidArgument\n"
           "    If the timeout is negative or not a number.")
      .def("cancel", &PyJob::cancel, WithoutGil(),
           "Cancel the job.\n\n"
           "Raises\n"
           "------\n"
           "InvalidArgument\n"
           "    If it was done already.")
      .def("program_status", &PyJob::program_status, nb::arg("program") = 0, WithoutGil(),
           "How one program of the job fared; None if the device tells only about the job as a whole.")
      .def("counts", &counts, nb::arg("program") = 0, nb::sig("def counts(self, program: int = 0) -> dict[str, int]"),
           "How often each bitstring was measured. The leftmost character is the highest classical bit.\n\n"
           "Parameters\n"
           "----------\n"
           "program\n"
           "    The position of the program in the job.\n\n"
           "Raises\n"
           "------\n"
           "BadState\n"
           "    If the job has not succeeded; for a failed job with the server's own errors.\n"
           "OutOfRange\n"
           "    If the job has no such program.")
      .def("memory", &memory, nb::arg("program") = 0, nb::sig("def memory(self, program: int = 0) -> list[str]"),
           "The bitstring of each shot, in the order in which they were taken.\n\n"
           "Parameters\n"
           "----------\n"
           "program\n"
           "    The position of the program in the job.\n\n"
           "Raises\n"
           "------\n"
           "BadState\n"
           "    If the job has not succeeded; for a failed job with the server's own errors.\n"
           "OutOfRange\n"
           "    If the job has no such program.")
      .def("packed_shots", &packed_shots, nb::arg("program") = 0,
           nb::sig("def packed_shots(self, program: int = 0) -> tuple[numpy.typing.NDArray[numpy.uint8], int]"),
           "The shots of a program, eight bits to a byte, and how many bits each has. See Result.shots.")
      .def("packed_counts", &packed_counts, nb::arg("program") = 0,
           nb::sig("def packed_counts(self, program: int = 0) -> tuple[numpy.typing.NDArray[numpy.uint8], int, "
                   "numpy.typing.NDArray[numpy.uint64]]"),
           "The bitstrings that were measured, packed as shots are, how many bits each has, and how often each was\n"
           "measured. See Result.packed_counts.")
      .def("raw_result", &raw_result, nb::arg("kind"), nb::arg("program") = 0,
           "The bytes of a result as the device hands them out.\n\n"
           "Parameters\n"
           "----------\n"
           "kind\n"
           "    Which result.\n"
           "program\n"
           "    The position of the program in the job.")
      .def("custom_bytes", &custom_bytes, nb::arg("number"),
           nb::sig("def custom_bytes(self, number: int) -> bytes | None"),
           "The bytes of a job property that the device defines itself; None if it does not.\n\n"
           "Parameters\n"
           "----------\n"
           "number\n"
           "    1 to 5; the device's documentation tells what stands there.");
  bind_amplitudes(bound);
}

}  // namespace qdmikit::bindings
