// SPDX-License-Identifier: Apache-2.0
#include "snapshot.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <chrono>

namespace nb = nanobind;

namespace qdmikit::bindings {
namespace {

template <typename T, typename Convert>
nb::tuple tuple_of(const std::vector<T>& values, const Convert& convert) {
  nb::list list;
  for (const T& value : values) {
    list.append(convert(value));
  }
  return nb::tuple(list);
}

nb::tuple indices(const std::vector<std::size_t>& values) {
  return tuple_of(values, [](std::size_t index) { return index; });
}

nb::object moment(std::chrono::system_clock::time_point time) {
  const nb::module_ datetime = nb::module_::import_("datetime");
  const std::chrono::duration<double> since_epoch = time.time_since_epoch();
  return datetime.attr("datetime").attr("fromtimestamp")(since_epoch.count(), datetime.attr("timezone").attr("utc"));
}

nb::object site(const nb::module_& classes, const SiteSnapshot& of) {
  return classes.attr("SiteSnapshot")(
      nb::arg("index") = of.index, nb::arg("name") = of.name, nb::arg("t1") = of.t1, nb::arg("t2") = of.t2,
      nb::arg("x") = of.x, nb::arg("y") = of.y, nb::arg("z") = of.z, nb::arg("is_zone") = of.is_zone,
      nb::arg("x_extent") = of.x_extent, nb::arg("y_extent") = of.y_extent, nb::arg("z_extent") = of.z_extent,
      nb::arg("module_index") = of.module_index, nb::arg("submodule_index") = of.submodule_index);
}

nb::object loci(const nb::module_& classes, const OperationSnapshot& of) {
  if (!of.loci) {
    return nb::none();
  }
  const nb::object locus_class = classes.attr("Locus");
  return tuple_of(*of.loci, [&](const Locus& locus) {
    return locus_class(nb::arg("sites") = indices(locus.sites), nb::arg("duration") = locus.duration,
                       nb::arg("fidelity") = locus.fidelity);
  });
}

nb::object operation(const nb::module_& classes, const OperationSnapshot& of) {
  return classes.attr("OperationSnapshot")(
      nb::arg("name") = of.name, nb::arg("qubits_num") = of.qubits_num, nb::arg("parameters_num") = of.parameters_num,
      nb::arg("is_zoned") = of.is_zoned, nb::arg("duration") = of.duration, nb::arg("fidelity") = of.fidelity,
      nb::arg("interaction_radius") = of.interaction_radius, nb::arg("blocking_radius") = of.blocking_radius,
      nb::arg("idling_fidelity") = of.idling_fidelity, nb::arg("mean_shuttling_speed") = of.mean_shuttling_speed,
      nb::arg("loci") = loci(classes, of));
}

nb::object coupling_map(const Snapshot& of) {
  if (!of.coupling_map) {
    return nb::none();
  }
  return tuple_of(*of.coupling_map, [](const auto& pair) { return nb::make_tuple(pair.first, pair.second); });
}

}  // namespace

nb::object to_python(const Snapshot& snapshot) {
  const nb::module_ classes = nb::module_::import_("qdmikit.snapshot");
  return classes.attr("Snapshot")(
      nb::arg("taken_at") = moment(snapshot.taken_at), nb::arg("name") = snapshot.name,
      nb::arg("version") = snapshot.version, nb::arg("library_version") = snapshot.library_version,
      nb::arg("id") = snapshot.id, nb::arg("marker") = snapshot.marker, nb::arg("status") = snapshot.status,
      nb::arg("queue_length") = snapshot.queue_length, nb::arg("qubits_num") = snapshot.qubits_num,
      nb::arg("formats") = tuple_of(snapshot.formats, [](ProgramFormat format) { return nb::cast(format); }),
      nb::arg("min_atom_distance") = snapshot.min_atom_distance,
      nb::arg("sites") = tuple_of(snapshot.sites, [&](const SiteSnapshot& of) { return site(classes, of); }),
      nb::arg("operations") =
          tuple_of(snapshot.operations, [&](const OperationSnapshot& of) { return operation(classes, of); }),
      nb::arg("coupling_map") = coupling_map(snapshot));
}

}  // namespace qdmikit::bindings
