// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/device.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/operators.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <new>

#include "bindings.hpp"
#include "owned.hpp"
#include "qdmikit/session.hpp"

namespace nb = nanobind;

namespace qdmikit::bindings {
namespace {

using PyDevice = Owned<Device>;
using PySitePair = std::pair<Owned<Site>, Owned<Site>>;

nb::object bytes_or_none(const std::optional<std::vector<std::byte>>& bytes) {
  return bytes ? nb::object(nb::bytes(bytes->data(), bytes->size())) : nb::none();
}

std::optional<std::vector<PySitePair>> coupling_map_of(const PyDevice& device) {
  auto pairs = device.coupling_map();
  if (!pairs) {
    return std::nullopt;
  }
  return std::vector<PySitePair>(std::make_move_iterator(pairs->begin()), std::make_move_iterator(pairs->end()));
}

}  // namespace

void bind_devices(nb::module_& module) {
  nb::class_<PyDevice>(module, "Device", "An open device. See qdmikit.Device.")
      .def(
          "__init__",
          [](PyDevice* self, const std::filesystem::path& library, const std::string& prefix,
             const SessionParameters& parameters) { new (self) PyDevice(open_device(library, prefix, parameters)); },
          nb::arg("library"), nb::arg("prefix"), nb::arg("parameters"), WithoutGil(),
          nb::sig("def __init__(self, library: str | os.PathLike[str], prefix: str, parameters: "
                  "collections.abc.Sequence[tuple[SessionParameter, str]]) -> None"))
      .def_prop_ro("library_path", &PyDevice::library_path, "The device library that the device was opened with.")
      .def_prop_ro("name", &PyDevice::name, WithoutGil(), "The device's name.")
      .def_prop_ro("version", &PyDevice::version, WithoutGil(), "The device's version.")
      .def_prop_ro("library_version", &PyDevice::library_version, WithoutGil(),
                   "The version of QDMI that the device library implements.")
      .def_prop_ro("id", &PyDevice::id, WithoutGil(), "The device's own stable id; None if it has none.")
      .def_prop_ro("qubits_num", &PyDevice::qubits_num, WithoutGil(), "The number of qubits.")
      .def_prop_ro(
          "sites", [](const PyDevice& device) { return owned(device.sites()); }, WithoutGil(),
          "All sites, zones included, in the device's order.\n\n"
          "`q[i]` of an OpenQASM program is the i-th of them.")
      .def(
          "site", [](const PyDevice& device, std::size_t index) { return Owned<Site>(device.site(index)); },
          nb::arg("index"), WithoutGil(),
          "The site with that index, which may differ from its position among `sites`.\n\n"
          "Raises\n"
          "------\n"
          "OutOfRange\n"
          "    If no site has it.")
      .def_prop_ro(
          "operations", [](const PyDevice& device) { return owned(device.operations()); }, WithoutGil(),
          "What the device can do to its sites.")
      .def(
          "operation",
          [](const PyDevice& device, const std::string& name) { return Owned<Operation>(device.operation(name)); },
          nb::arg("name"), WithoutGil(),
          "The operation with that name.\n\n"
          "Raises\n"
          "------\n"
          "NotFound\n"
          "    If there is none; the text says which exist.")
      .def_prop_ro("coupling_map", &coupling_map_of, WithoutGil(),
                   "Ordered pairs of sites that two-qubit operations can act on; None: no such limit is known.")
      .def_prop_ro("supported_program_formats", &PyDevice::supported_program_formats, WithoutGil(),
                   "The formats in which `submit` takes programs.")
      .def_prop_ro("duration_unit", &PyDevice::duration_unit, WithoutGil(),
                   "The unit in which the device itself counts durations. All durations here are in seconds already.")
      .def_prop_ro("status", &PyDevice::status, WithoutGil(), "The device's status, as of now.")
      .def_prop_ro("queue_length", &PyDevice::queue_length, WithoutGil(),
                   "How many jobs wait in the device's queues, as of now; None if not known.")
      .def("custom", &PyDevice::custom_text, nb::arg("number"), WithoutGil(),
           "A text property that the device defines itself; None if it does not.\n\n"
           "Parameters\n"
           "----------\n"
           "number\n"
           "    1 to 5; the device's documentation tells what stands there.")
      .def(
          "custom_bytes",
          [](const PyDevice& device, int number) {
            const auto bytes = [&] {
              const ReleasedGil without_gil;
              return device.custom(number);
            }();
            return bytes_or_none(bytes);
          },
          nb::arg("number"), nb::sig("def custom_bytes(self, number: int) -> bytes | None"),
          "The bytes of a property that the device defines itself; None if it does not.\n\n"
          "Parameters\n"
          "----------\n"
          "number\n"
          "    1 to 5; the device's documentation tells what stands there.");
}

}  // namespace qdmikit::bindings
