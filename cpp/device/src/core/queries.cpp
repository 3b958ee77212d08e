// SPDX-License-Identifier: Apache-2.0
#include "core/queries.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/program_list.hpp"
#include "support/error.hpp"

namespace iqm::core {
namespace {

[[noreturn]] void no_such_property(const char* of, int property) {
  throw NotSupported(std::string("this device does not provide the ") + of + " property " + std::to_string(property));
}

template <typename T>
const T& known(const std::optional<T>& value, const char* what) {
  if (!value) {
    throw NotSupported(std::string("the server does not tell ") + what);
  }
  return *value;
}

std::vector<Handle> resolve_sites(const Machine& machine, std::span<const Handle> handles) {
  for (const Handle handle : handles) {
    if (machine.sites().find(handle) == nullptr) {
      throw InvalidArgument("a site handle does not belong to this session");
    }
  }
  return {handles.begin(), handles.end()};
}

const LocusValues& at_locus(const Machine& machine, const OperationValues& values,
                            const OperationArguments& arguments) {
  if (!arguments.sites) {
    throw NotSupported("the property depends on the sites; name them");
  }
  std::vector<Handle> locus = resolve_sites(machine, *arguments.sites);
  auto found = values.loci.find(locus);
  if (found == values.loci.end() && locus.size() == 2 && !values.directed) {
    std::swap(locus[0], locus[1]);
    found = values.loci.find(locus);
  }
  if (found == values.loci.end()) {
    throw NotSupported("the operation is not calibrated on these sites");
  }
  return found->second;
}

std::optional<std::uint64_t> duration(const Snapshot& snapshot, const LocusValues& values) {
  const double* seconds = find_at_locus(snapshot.durations->get(), values.key);
  return seconds == nullptr ? std::nullopt : nanoseconds(*seconds);
}

}  // namespace

void query_device(const Machine& machine, QDMI_Device_Property property, const PropertySink& sink) {
  const auto snapshot = machine.snapshot();
  switch (property) {
    case QDMI_DEVICE_PROPERTY_NAME:
      sink.write_string(snapshot->computer.display_name.empty() ? snapshot->computer.alias
                                                                : snapshot->computer.display_name);
      return;
    case QDMI_DEVICE_PROPERTY_VERSION:
      sink.write_string(QDMIKIT_VERSION);
      return;
    case QDMI_DEVICE_PROPERTY_STATUS:
      sink.write(machine.status());
      return;
    case QDMI_DEVICE_PROPERTY_LIBRARYVERSION:
      sink.write_string(QDMIKIT_QDMI_VERSION);
      return;
    case QDMI_DEVICE_PROPERTY_QUBITSNUM:
      sink.write(snapshot->qubits);
      return;
    case QDMI_DEVICE_PROPERTY_SITES:
      sink.write_list(snapshot->sites);
      return;
    case QDMI_DEVICE_PROPERTY_OPERATIONS:
      sink.write_list(snapshot->operations);
      return;
    case QDMI_DEVICE_PROPERTY_COUPLINGMAP:
      sink.write_list(snapshot->coupling_map);
      return;
    case QDMI_DEVICE_PROPERTY_DURATIONUNIT:
      sink.write_string("ns");
      return;
    case QDMI_DEVICE_PROPERTY_DURATIONSCALEFACTOR:
      sink.write(1.0);
      return;
    case QDMI_DEVICE_PROPERTY_SUPPORTEDPROGRAMFORMATS:
      sink.write_list(std::vector(kProgramFormats.begin(), kProgramFormats.end()));
      return;
    case QDMI_DEVICE_PROPERTY_QUEUELENGTH:
      sink.write(known(machine.queue_length(), "the length of its queue"));
      return;
    case QDMI_DEVICE_PROPERTY_ID:
      sink.write_string(snapshot->computer.id);
      return;
    case QDMI_DEVICE_PROPERTY_CUSTOM1:
      sink.write_string(snapshot->calibration_set_id);
      return;
    default:
      no_such_property("device", property);
  }
}

void query_site(const Machine& machine, Handle site, QDMI_Site_Property property, const PropertySink& sink) {
  const Identity* identity = machine.sites().find(site);
  if (identity == nullptr) {
    throw InvalidArgument("the site handle does not belong to this session");
  }
  const auto snapshot = machine.snapshot();
  const auto values = snapshot->site_values.find(site);
  switch (property) {
    case QDMI_SITE_PROPERTY_INDEX:
      sink.write(identity->index);
      return;
    case QDMI_SITE_PROPERTY_NAME:
      sink.write_string(identity->name);
      return;
    default:
      break;
  }
  if (values == snapshot->site_values.end()) {
    throw NotSupported("the machine no longer has the site '" + identity->name + "'");
  }
  switch (property) {
    case QDMI_SITE_PROPERTY_T1:
      sink.write(known(values->second.t1_ns, "T1 of this site"));
      return;
    case QDMI_SITE_PROPERTY_T2:
      sink.write(known(values->second.t2_ns, "T2 of this site"));
      return;
    default:
      no_such_property("site", property);
  }
}

void query_operation(const Machine& machine, Handle operation, const OperationArguments& arguments,
                     QDMI_Operation_Property property, const PropertySink& sink) {
  const Identity* identity = machine.operations().find(operation);
  if (identity == nullptr) {
    throw InvalidArgument("the operation handle does not belong to this session");
  }
  if (property == QDMI_OPERATION_PROPERTY_NAME) {
    sink.write_string(identity->name);
    return;
  }
  const auto snapshot = machine.snapshot();
  const auto found = snapshot->operation_values.find(operation);
  if (found == snapshot->operation_values.end()) {
    throw NotSupported("the operation '" + identity->name + "' is not calibrated any more");
  }
  const OperationValues& values = found->second;
  if (arguments.parameters && arguments.parameters->size() != values.parameters) {
    throw InvalidArgument("the operation '" + identity->name + "' has " + std::to_string(values.parameters) +
                          " parameters, " + std::to_string(arguments.parameters->size()) + " were given");
  }
  switch (property) {
    case QDMI_OPERATION_PROPERTY_QUBITSNUM:
      sink.write(values.qubits);
      return;
    case QDMI_OPERATION_PROPERTY_PARAMETERSNUM:
      sink.write(values.parameters);
      return;
    case QDMI_OPERATION_PROPERTY_SITES:
      sink.write_list(values.sites);
      return;
    case QDMI_OPERATION_PROPERTY_FIDELITY:
      sink.write(known(at_locus(machine, values, arguments).fidelity, "the fidelity of this operation on these sites"));
      return;
    case QDMI_OPERATION_PROPERTY_DURATION:
      sink.write(known(duration(*snapshot, at_locus(machine, values, arguments)),
                       "the duration of this operation on these sites"));
      return;
    default:
      no_such_property("operation", property);
  }
}

}  // namespace iqm::core
