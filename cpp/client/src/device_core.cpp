// SPDX-License-Identifier: Apache-2.0
#include "device_core.hpp"

#include <algorithm>
#include <cmath>

namespace qdmikit::detail {
namespace {

// For what every device must answer.
template <typename T>
T mandatory(const Module& module, std::optional<T> answer, const Attempt& attempt) {
  if (!answer) {
    module.throw_answer(QDMI_ERROR_NOTSUPPORTED, attempt);
  }
  return *std::move(answer);
}

}  // namespace

DeviceCore::DeviceCore(std::shared_ptr<const SessionCore> session) : session_(std::move(session)) {}

const std::string& DeviceCore::name() const {
  return name_.get(
      [this] { return mandatory(module(), device_text(QDMI_DEVICE_PROPERTY_NAME, "name"), device_attempt("name")); });
}

const std::string& DeviceCore::version() const {
  return version_.get([this] {
    return mandatory(module(), device_text(QDMI_DEVICE_PROPERTY_VERSION, "version"), device_attempt("version"));
  });
}

const std::optional<std::string>& DeviceCore::library_version() const {
  return library_version_.get([this] { return device_text(QDMI_DEVICE_PROPERTY_LIBRARYVERSION, "library version"); });
}

const std::optional<std::string>& DeviceCore::id() const {
  return id_.get([this] { return device_text(QDMI_DEVICE_PROPERTY_ID, "id"); });
}

std::size_t DeviceCore::qubits_num() const {
  return qubits_num_.get([this] {
    return mandatory(module(), device_value<std::size_t>(QDMI_DEVICE_PROPERTY_QUBITSNUM, "number of qubits"),
                     device_attempt("number of qubits"));
  });
}

const std::vector<ProgramFormat>& DeviceCore::formats() const {
  return formats_.get([this] { return fetch_formats(); });
}

const std::optional<std::string>& DeviceCore::duration_unit_name() const {
  return duration_unit_name_.get([this] { return device_text(QDMI_DEVICE_PROPERTY_DURATIONUNIT, "duration unit"); });
}

const SiUnit& DeviceCore::duration_unit() const {
  return duration_unit_.get([this] {
    return fetch_unit("duration", duration_unit_name(), units_per_second, QDMI_DEVICE_PROPERTY_DURATIONSCALEFACTOR);
  });
}

const std::optional<std::string>& DeviceCore::length_unit_name() const {
  return length_unit_name_.get([this] { return device_text(QDMI_DEVICE_PROPERTY_LENGTHUNIT, "length unit"); });
}

const SiUnit& DeviceCore::length_unit() const {
  return length_unit_.get([this] {
    return fetch_unit("length", length_unit_name(), units_per_metre, QDMI_DEVICE_PROPERTY_LENGTHSCALEFACTOR);
  });
}

const std::vector<SiteData>& DeviceCore::sites() const {
  return sites_.get([this] { return fetch_sites(); });
}

const std::vector<OperationData>& DeviceCore::operations() const {
  return operations_.get([this] { return fetch_operations(); });
}

const std::optional<DeviceCore::Coupling>& DeviceCore::coupling_map() const {
  return coupling_map_.get([this] { return fetch_coupling_map(); });
}

const std::optional<DeviceCore::Children>& DeviceCore::children() const {
  return children_.get([this] { return fetch_children(); });
}

const std::unordered_map<QDMI_Site, const SiteData*>& DeviceCore::sites_by_handle() const {
  return sites_by_handle_.get([this] {
    std::unordered_map<QDMI_Site, const SiteData*> by_handle;
    for (const SiteData& site : sites()) {
      by_handle.emplace(site.handle, &site);
    }
    return by_handle;
  });
}

const SiteData& DeviceCore::site_of(QDMI_Site handle, const Attempt& attempt) const {
  const auto& by_handle = sites_by_handle();
  const auto found = by_handle.find(handle);
  if (found == by_handle.end()) {
    module().throw_broken_contract(attempt, "it names a site that is not in the device's list of sites");
  }
  return *found->second;
}

std::optional<DeviceCore::Tuples> DeviceCore::tuples_of(const OperationData& operation, bool is_zoned) const {
  constexpr std::string_view kAction = "read the sites of operation ";
  const Attempt attempt = operation_attempt(kAction, operation.name);
  const auto handles = operation_list<QDMI_Site>(operation, QDMI_OPERATION_PROPERTY_SITES, kAction);
  if (!handles) {
    return std::nullopt;
  }
  const std::size_t width = is_zoned ? 1 : operation.qubits_num.value_or(1);
  if (width == 0 || handles->size() % width != 0) {
    module().throw_broken_contract(
        attempt, std::to_string(handles->size()) + " sites do not make tuples of " + std::to_string(width));
  }
  Tuples tuples;
  tuples.reserve(handles->size() / width);
  for (std::size_t begin = 0; begin < handles->size(); begin += width) {
    auto& tuple = tuples.emplace_back();
    tuple.reserve(width);
    for (std::size_t i = begin; i < begin + width; ++i) {
      tuple.push_back(&site_of((*handles)[i], attempt));
    }
  }
  return tuples;
}

std::vector<ProgramFormat> DeviceCore::fetch_formats() const {
  const auto known = all_program_formats();
  std::vector<ProgramFormat> formats;
  const auto answer = device_list<int>(QDMI_DEVICE_PROPERTY_SUPPORTEDPROGRAMFORMATS, "program formats");
  for (const int value : mandatory(module(), answer, device_attempt("program formats"))) {
    const auto format = static_cast<ProgramFormat>(value);
    if (std::ranges::find(known, format) != known.end()) {
      formats.push_back(format);
    }
  }
  return formats;
}

SiUnit DeviceCore::fetch_unit(std::string_view quantity, const std::optional<std::string>& name,
                              std::optional<double> (*per_base)(std::string_view),
                              QDMI_Device_Property scale_factor) const {
  const std::string what = std::string(quantity) + " unit";
  const Attempt attempt = device_attempt(what);
  if (!name) {
    module().throw_broken_contract(attempt, "it reports a " + std::string(quantity) + ", but in no unit");
  }
  const auto units = per_base(*name);
  if (!units) {
    module().throw_broken_contract(attempt, "'" + *name + "' is no SI unit of " + std::string(quantity));
  }
  const double scale = device_value<double>(scale_factor, std::string(quantity) + " scale factor").value_or(1.0);
  if (!std::isfinite(scale) || scale <= 0.0) {
    module().throw_broken_contract(attempt, "its scale factor is " + std::to_string(scale));
  }
  return {*units, scale};
}

std::vector<SiteData> DeviceCore::fetch_sites() const {
  const Attempt attempt = device_attempt("sites");
  std::vector<SiteData> sites;
  for (QDMI_Site handle : mandatory(module(), device_list<QDMI_Site>(QDMI_DEVICE_PROPERTY_SITES, "sites"), attempt)) {
    if (handle == nullptr) {
      module().throw_broken_contract(attempt, "there is a null among its sites");
    }
    const Attempt index_attempt = site_attempt("read the index of a site", {});
    const std::size_t index = mandatory(
        module(), query_value<std::size_t>(module(), index_attempt, site_query(handle, QDMI_SITE_PROPERTY_INDEX)),
        index_attempt);
    auto name =
        query_text(module(), site_attempt("read the name of a site", {}), site_query(handle, QDMI_SITE_PROPERTY_NAME));
    std::string label = name.value_or(std::to_string(index));
    sites.push_back({handle, index, std::move(name), std::move(label)});
  }
  return sites;
}

std::vector<OperationData> DeviceCore::fetch_operations() const {
  const Attempt attempt = device_attempt("operations");
  const Place anywhere;
  std::vector<OperationData> operations;
  for (QDMI_Operation handle :
       mandatory(module(), device_list<QDMI_Operation>(QDMI_DEVICE_PROPERTY_OPERATIONS, "operations"), attempt)) {
    if (handle == nullptr) {
      module().throw_broken_contract(attempt, "there is a null among its operations");
    }
    const Attempt name_attempt = operation_attempt("read the name of an operation", {});
    OperationData data{
        handle,
        mandatory(module(),
                  query_text(module(), name_attempt, operation_query(handle, QDMI_OPERATION_PROPERTY_NAME, anywhere)),
                  name_attempt),
        std::nullopt, std::nullopt};
    data.qubits_num = operation_value<std::size_t>(data, QDMI_OPERATION_PROPERTY_QUBITSNUM,
                                                   "read the number of qubits of operation ");
    data.parameters_num = operation_value<std::size_t>(data, QDMI_OPERATION_PROPERTY_PARAMETERSNUM,
                                                       "read the number of parameters of operation ");
    operations.push_back(std::move(data));
  }
  return operations;
}

std::optional<DeviceCore::Coupling> DeviceCore::fetch_coupling_map() const {
  const Attempt attempt = device_attempt("coupling map");
  const auto handles = device_list<QDMI_Site>(QDMI_DEVICE_PROPERTY_COUPLINGMAP, "coupling map");
  if (!handles) {
    return std::nullopt;
  }
  if (handles->size() % 2 != 0) {
    module().throw_broken_contract(attempt, "it has an odd number of sites");
  }
  Coupling coupling;
  for (std::size_t i = 0; i < handles->size(); i += 2) {
    coupling.emplace_back(&site_of((*handles)[i], attempt), &site_of((*handles)[i + 1], attempt));
  }
  return coupling;
}

std::optional<DeviceCore::Children> DeviceCore::fetch_children() const {
  const auto handles = device_list<QDMI_Child_Device>(QDMI_DEVICE_PROPERTY_CHILDDEVICES, "child devices");
  if (!handles) {
    return std::nullopt;
  }
  Children children;
  for (QDMI_Child_Device handle : *handles) {
    if (handle == nullptr) {
      module().throw_broken_contract(device_attempt("child devices"), "there is a null among its child devices");
    }
    children.push_back(std::make_shared<const DeviceCore>(SessionCore::open_child(session_, handle)));
  }
  return children;
}

}  // namespace qdmikit::detail
