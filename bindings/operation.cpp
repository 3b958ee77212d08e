// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/operation.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/operators.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <functional>
#include <optional>
#include <vector>

#include "bindings.hpp"
#include "owned.hpp"

namespace nb = nanobind;

namespace qdmikit::bindings {
namespace {

using PyOperation = Owned<Operation>;

std::vector<Site> sites_of(const nb::args& arguments) {
  std::vector<Site> sites;
  for (const nb::handle argument : arguments) {
    if (!nb::isinstance<Owned<Site>>(argument)) {
      throw nb::type_error("the sites of an operation must be Site objects of the same device");
    }
    sites.push_back(nb::cast<const Owned<Site>&>(argument));
  }
  return sites;
}

std::optional<double> fidelity(const PyOperation& operation, const nb::args& arguments,
                               const std::vector<double>& parameters) {
  const std::vector<Site> sites = sites_of(arguments);
  const ReleasedGil without_gil;
  return operation.fidelity(sites, parameters);
}

std::optional<double> duration(const PyOperation& operation, const nb::args& arguments,
                               const std::vector<double>& parameters) {
  const std::vector<Site> sites = sites_of(arguments);
  const ReleasedGil without_gil;
  return operation.duration(sites, parameters);
}

template <OperationProperty P>
PropertyType<P> property(const PyOperation& operation) {
  return operation.property<P>();
}

nb::object tuples_of(std::optional<std::vector<std::vector<Site>>> sites) {
  if (!sites) {
    return nb::none();
  }
  nb::list tuples;
  for (auto& tuple : *sites) {
    nb::list items;
    for (Site& site : tuple) {
      items.append(Owned<Site>(std::move(site)));
    }
    tuples.append(nb::tuple(items));
  }
  return tuples;
}

}  // namespace

void bind_operations(nb::module_& module) {
  nb::class_<PyOperation>(
      module, "Operation",
      "Something a device can do to its sites.\n\n"
      "Operations are values: the same operation of one session compares equal and hashes alike. An\n"
      "operation keeps its session alive.")
      .def_prop_ro("name", &PyOperation::name, "The operation's name, as programs use it.")
      .def_prop_ro("qubits_num", &PyOperation::qubits_num, "The number of qubits; None: any number.")
      .def_prop_ro("parameters_num", &PyOperation::parameters_num, "The number of parameters; None if not known.")
      .def_prop_ro("is_zoned", &PyOperation::is_zoned, WithoutGil(), "Whether it acts on a zone as a whole.")
      .def_prop_ro(
          "sites",
          [](const PyOperation& operation) {
            auto sites = [&operation] {
              const ReleasedGil without_gil;
              return operation.sites();
            }();
            return tuples_of(std::move(sites));
          },
          nb::sig("def sites(self) -> list[tuple[Site, ...]] | None"),
          "Where it can be applied, as of now: tuples of `qubits_num` sites.\n\n"
          "For a zoned operation, and for one that takes any number of qubits, each tuple holds one site. None: the\n"
          "device does not say.")
      .def_prop_ro("interaction_radius", &property<OperationProperty::InteractionRadius>, WithoutGil(),
                   "The largest distance in metres at which qubits interact; None if there is no such limit.")
      .def_prop_ro("blocking_radius", &property<OperationProperty::BlockingRadius>, WithoutGil(),
                   "The distance in metres within which other qubits are disturbed; None if not known.")
      .def_prop_ro("idling_fidelity", &property<OperationProperty::IdlingFidelity>, WithoutGil(),
                   "The fidelity, in [0, 1], of qubits that a zoned operation finds without a partner; None if not\n"
                   "known.")
      .def_prop_ro("mean_shuttling_speed", &property<OperationProperty::MeanShuttlingSpeed>, WithoutGil(),
                   "How fast it moves qubits, in metres per second; None if it moves none.")
      .def(
          "fidelity", &fidelity, nb::arg("sites"), nb::arg("parameters") = nb::make_tuple(),
          nb::sig("def fidelity(self, *sites: Site, parameters: collections.abc.Sequence[float] = ()) -> float | None"),
          "The probability of success in [0, 1], as of now; None if not known.\n\n"
          "Parameters\n"
          "----------\n"
          "*sites\n"
          "    Where it is applied; none: the device's figure for all sites.\n"
          "parameters\n"
          "    The operation's parameters; none: the device's figure for all of them.\n\n"
          "Raises\n"
          "------\n"
          "InvalidArgument\n"
          "    If a site belongs to another session.")
      .def(
          "duration", &duration, nb::arg("sites"), nb::arg("parameters") = nb::make_tuple(),
          nb::sig("def duration(self, *sites: Site, parameters: collections.abc.Sequence[float] = ()) -> float | None"),
          "The time it takes in seconds, as of now; None if not known.\n\n"
          "Parameters\n"
          "----------\n"
          "*sites\n"
          "    Where it is applied; none: the device's figure for all sites.\n"
          "parameters\n"
          "    The operation's parameters; none: the device's figure for all of them.\n\n"
          "Raises\n"
          "------\n"
          "InvalidArgument\n"
          "    If a site belongs to another session.")
      .def(nb::self == nb::self, nb::sig("def __eq__(self, other: object, /) -> bool"))
      .def("__hash__", [](const PyOperation& operation) { return std::hash<Operation>{}(operation); })
      .def(
          "__reduce__",
          [](const PyOperation&) -> nb::object {
            throw nb::type_error(
                "an operation cannot be pickled or copied: pass its name on, and call Device.operation(name)");
          },
          nb::sig("def __reduce__(self) -> typing.NoReturn"))
      .def(
          "_repr_html_", [](nb::handle self) { return html("of_operation", self); },
          nb::sig("def _repr_html_(self) -> str"))
      .def("__repr__",
           [](const PyOperation& operation) { return nb::str("<qdmikit.Operation {}>").format(operation.name()); });
}

}  // namespace qdmikit::bindings
