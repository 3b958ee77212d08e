// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/site.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/operators.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <functional>

#include "bindings.hpp"
#include "owned.hpp"

namespace nb = nanobind;

namespace qdmikit::bindings {
namespace {

using PySite = Owned<Site>;

template <SiteProperty P>
PropertyType<P> property(const PySite& site) {
  return site.property<P>();
}

}  // namespace

void bind_sites(nb::module_& module) {
  nb::class_<PySite>(
      module, "Site",
      "A place that holds a qubit, or a zone of such places.\n\n"
      "Sites are values: the same site of one session compares equal and hashes alike. A site keeps its\n"
      "session alive.")
      .def_prop_ro("index", &PySite::index, "The site's index, unique within the device, not necessarily without gaps.")
      .def_prop_ro("name", &PySite::name, "The site's name, None if it has none.")
      .def_prop_ro("t1", &PySite::t1, WithoutGil(), "Relaxation time in seconds, as of now; None if not known.")
      .def_prop_ro("t2", &PySite::t2, WithoutGil(), "Dephasing time in seconds, as of now; None if not known.")
      .def_prop_ro("is_zone", &PySite::is_zone, WithoutGil(), "Whether this is a zone of places rather than one place.")
      .def_prop_ro("module_index", &PySite::module_index, WithoutGil(),
                   "The index of the module that the site belongs to; None on a device without modules.")
      .def_prop_ro("submodule_index", &PySite::submodule_index, WithoutGil(),
                   "The index of the submodule that the site belongs to; None on a device without submodules.")
      .def_prop_ro("x", &property<SiteProperty::XCoordinate>, WithoutGil(),
                   "The first coordinate in metres; None if not known.")
      .def_prop_ro("y", &property<SiteProperty::YCoordinate>, WithoutGil(),
                   "The second coordinate in metres; None if not known.")
      .def_prop_ro("z", &property<SiteProperty::ZCoordinate>, WithoutGil(),
                   "The third coordinate in metres; None if not known.")
      .def_prop_ro("x_extent", &property<SiteProperty::XExtent>, WithoutGil(),
                   "The size of a zone along the first coordinate, in metres; None if not known.")
      .def_prop_ro("y_extent", &property<SiteProperty::YExtent>, WithoutGil(),
                   "The size of a zone along the second coordinate, in metres; None if not known.")
      .def_prop_ro("z_extent", &property<SiteProperty::ZExtent>, WithoutGil(),
                   "The size of a zone along the third coordinate, in metres; None if not known.")
      .def(nb::self == nb::self, nb::sig("def __eq__(self, other: object, /) -> bool"))
      .def("__hash__", [](const PySite& site) { return std::hash<Site>{}(site); })
      .def(
          "__reduce__",
          [](const PySite&) -> nb::object {
            throw nb::type_error("a site cannot be pickled or copied: pass its index on, and call Device.site(index)");
          },
          nb::sig("def __reduce__(self) -> typing.NoReturn"))
      .def(
          "_repr_html_", [](nb::handle self) { return html("of_site", self); }, nb::sig("def _repr_html_(self) -> str"))
      .def("__repr__", [](const PySite& site) {
        return nb::str("<qdmikit.Site {}{}>").format(site.index(), site.name() ? " " + *site.name() : "");
      });
}

}  // namespace qdmikit::bindings
