// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/device.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <new>

#include "bindings.hpp"
#include "open_device.hpp"
#include "owned.hpp"
#include "qdmikit/session.hpp"
#include "snapshot.hpp"

namespace nb = nanobind;

namespace qdmikit::bindings {
namespace {

using PySitePair = std::pair<Owned<Site>, Owned<Site>>;

// A question to the device that needs no argument; the answer is a copy, which outlives a device that is closed.
template <auto Ask>
auto ask(const OpenDevice& device) {
  return (device.get().*Ask)();
}

template <DeviceProperty P>
auto property(const OpenDevice& device) {
  return device.get().property<P>();
}

nb::object bytes_or_none(const std::optional<std::vector<std::byte>>& bytes) {
  return bytes ? nb::object(nb::bytes(bytes->data(), bytes->size())) : nb::none();
}

std::optional<std::vector<PySitePair>> coupling_map_of(const OpenDevice& device) {
  auto pairs = device.get().coupling_map();
  if (!pairs) {
    return std::nullopt;
  }
  return std::vector<PySitePair>(std::make_move_iterator(pairs->begin()), std::make_move_iterator(pairs->end()));
}

nb::list children_of(const OpenDevice& device) {
  std::vector<Device> children = [&] {
    const ReleasedGil without_gil;
    return device.get().children();
  }();
  nb::list result;
  for (Device& child : children) {
    result.append(nb::cast(std::make_unique<OpenDevice>(std::move(child))));
  }
  return result;
}

void bind_identity(nb::class_<OpenDevice>& bound) {
  bound
      .def(
          "__init__",
          [](OpenDevice* self, const std::filesystem::path& library, const std::string& prefix,
             const SessionParameters& parameters) { new (self) OpenDevice(open_device(library, prefix, parameters)); },
          nb::arg("library"), nb::arg("prefix"), nb::arg("parameters"), WithoutGil(),
          nb::sig("def __init__(self, library: str | os.PathLike[str], prefix: str, parameters: "
                  "collections.abc.Sequence[tuple[SessionParameter, str]]) -> None"))
      .def(
          "__init__", [](OpenDevice* self, const OpenDevice& other) { new (self) OpenDevice(other.get()); },
          nb::arg("other"), WithoutGil(), "Another handle to the same session.")
      .def("close", &OpenDevice::close, WithoutGil(), "Let go of the session. See qdmikit.Device.close.")
      .def_prop_ro("closed", &OpenDevice::closed, "Whether `close` was called.")
      .def_prop_ro("library_path", &OpenDevice::library_path, "The device library that the device was opened with.")
      .def_prop_ro("name", &ask<&Device::name>, WithoutGil(), "The device's name.")
      .def_prop_ro("version", &ask<&Device::version>, WithoutGil(), "The device's version.")
      .def_prop_ro("library_version", &ask<&Device::library_version>, WithoutGil(),
                   "The version of QDMI that the device library implements.")
      .def_prop_ro("id", &ask<&Device::id>, WithoutGil(), "The device's own stable id; None if it has none.")
      .def_prop_ro("qubits_num", &ask<&Device::qubits_num>, WithoutGil(), "The number of qubits.");
}

void bind_contents(nb::class_<OpenDevice>& bound) {
  bound
      .def_prop_ro(
          "sites", [](const OpenDevice& device) { return owned(device.get().sites()); }, WithoutGil(),
          "All sites, zones included, in the device's order.\n\n"
          "`q[i]` of an OpenQASM program is the i-th of them.")
      .def(
          "site", [](const OpenDevice& device, std::size_t index) { return Owned<Site>(device.get().site(index)); },
          nb::arg("index"), WithoutGil(),
          "The site with that index, which may differ from its position among `sites`.\n\n"
          "Raises\n"
          "------\n"
          "OutOfRange\n"
          "    If no site has it.")
      .def_prop_ro(
          "operations", [](const OpenDevice& device) { return owned(device.get().operations()); }, WithoutGil(),
          "What the device can do to its sites.")
      .def(
          "operation",
          [](const OpenDevice& device, const std::string& name) {
            return Owned<Operation>(device.get().operation(name));
          },
          nb::arg("name"), WithoutGil(),
          "The operation with that name.\n\n"
          "Raises\n"
          "------\n"
          "NotFound\n"
          "    If there is none; the text says which exist.")
      .def_prop_ro("coupling_map", &coupling_map_of, WithoutGil(),
                   "Ordered pairs of sites that two-qubit operations can act on; None: no such limit is known.")
      .def("children", &children_of, nb::sig("def children(self) -> collections.abc.Sequence[Device]"),
           "The devices that this one manages. See qdmikit.Device.children.")
      .def(
          "snapshot",
          [](const OpenDevice& device, std::optional<int> marker) {
            const Snapshot taken = [&] {
              const ReleasedGil without_gil;
              return device.get().snapshot(marker);
            }();
            return to_python(taken);
          },
          nb::arg("marker").none(), nb::sig("def snapshot(self, marker: int | None) -> typing.Any"),
          "Everything that the device tells, read once. See qdmikit.Device.snapshot.");
}

void bind_figures(nb::class_<OpenDevice>& bound) {
  bound
      .def_prop_ro("supported_program_formats", &ask<&Device::supported_program_formats>, WithoutGil(),
                   "The formats in which `submit` takes programs.")
      .def_prop_ro("duration_unit", &ask<&Device::duration_unit>, WithoutGil(),
                   "The unit in which the device itself counts durations. All durations here are in seconds already.")
      .def_prop_ro("length_unit", &property<DeviceProperty::LengthUnit>, WithoutGil(),
                   "The unit in which the device itself counts lengths. All lengths here are in metres already.")
      .def_prop_ro("min_atom_distance", &property<DeviceProperty::MinAtomDistance>, WithoutGil(),
                   "The smallest distance in metres that qubits may have; None if there is no such limit.")
      .def_prop_ro("status", &ask<&Device::status>, WithoutGil(), "The device's status, as of now.")
      .def_prop_ro("queue_length", &ask<&Device::queue_length>, WithoutGil(),
                   "How many jobs wait in the device's queues, as of now; None if not known.")
      .def(
          "custom", [](const OpenDevice& device, int number) { return device.get().custom_text(number); },
          nb::arg("number"), WithoutGil(),
          "A text property that the device defines itself; None if it does not.\n\n"
          "Parameters\n"
          "----------\n"
          "number\n"
          "    1 to 5; the device's documentation tells what stands there.")
      .def(
          "custom_bytes",
          [](const OpenDevice& device, int number) {
            const auto bytes = [&] {
              const ReleasedGil without_gil;
              return device.get().custom(number);
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

}  // namespace

void bind_devices(nb::module_& module) {
  nb::class_<OpenDevice> bound(module, "Device", "An open device. See qdmikit.Device.");
  bind_identity(bound);
  bind_contents(bound);
  bind_figures(bound);
}

}  // namespace qdmikit::bindings
