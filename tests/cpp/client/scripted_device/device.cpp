// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "script.hpp"

namespace {

using scripted::give;
using scripted::give_value;
using scripted::play;

// Indices have gaps, one site has no name, one is a zone.
std::array<SCRIPTED_QDMI_Site_impl_d, 4> sites{
    {{0, "A", 34700}, {2, "B", 8376}, {5, nullptr, std::nullopt}, {9, "Z", 0}}};
SCRIPTED_QDMI_Site_impl_d site_of_nobody{77, "nobody", std::nullopt};

SCRIPTED_QDMI_Site site(int position) {
  return position < 0 ? &site_of_nobody : &sites.at(static_cast<std::size_t>(position));
}

std::array<SCRIPTED_QDMI_Operation_impl_d, 4>& operations() {
  static std::array<SCRIPTED_QDMI_Operation_impl_d, 4> list{{
      {"prx", 1, 2, {site(0), site(1), site(2)}, false},
      {"cz", 2, 0, {site(0), site(1), site(1), site(2)}, false},
      {"barrier", std::nullopt, 0, {site(0), site(1), site(2)}, false},
      {"rydberg", 2, 0, {site(3)}, true},
  }};
  return list;
}

std::vector<SCRIPTED_QDMI_Child_Device> children_of(SCRIPTED_QDMI_Device_Session session) {
  static std::array<SCRIPTED_QDMI_Child_Device_impl_d, 3> children{{{"First"}, {"Second"}, {"Third"}}};
  std::vector<SCRIPTED_QDMI_Child_Device> list;
  if (session->child == nullptr) {
    for (std::size_t i = 0; i < session->script.json.value("children", std::size_t{0}); ++i) {
      list.push_back(&children.at(i));
    }
  }
  return list;
}

std::string marker_of(SCRIPTED_QDMI_Device_Session session, const void* value) {
  const auto markers = session->script.json.at("markers").get<std::vector<std::string>>();
  const std::string marker = markers.at(std::min(session->markers_read, markers.size() - 1));
  session->markers_read += value != nullptr ? 1 : 0;
  return marker;
}

std::vector<SCRIPTED_QDMI_Site> coupling_of(const nlohmann::json& script) {
  std::vector<SCRIPTED_QDMI_Site> coupling;
  for (const int position : script.value("coupling", std::vector<int>{0, 1, 1, 2})) {
    coupling.push_back(site(position));
  }
  return coupling;
}

// The script's value of a property, which may be null for "not supported".
nlohmann::json scripted_property(const nlohmann::json& script, const char* name, const nlohmann::json& otherwise) {
  const auto device = script.value("device", nlohmann::json::object());
  return device.contains(name) ? device.at(name) : otherwise;
}

int device_property(SCRIPTED_QDMI_Device_Session session, QDMI_Device_Property property, size_t size, void* value,
                    size_t* size_ret) {
  const nlohmann::json& script = session->script.json;
  switch (property) {
    case QDMI_DEVICE_PROPERTY_NAME:
      return give(session->child != nullptr ? session->child->name : "Scripted", size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_VERSION:
      return give(std::string("1.0"), size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_QUBITSNUM:
      return give_value<std::size_t>(3, size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_STATUS:
      return give_value<int>(scripted_property(script, "STATUS", QDMI_DEVICE_STATUS_IDLE), size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_SITES:
      return give(std::vector<SCRIPTED_QDMI_Site>{site(0), site(1), site(2), site(3)}, size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_OPERATIONS: {
      std::vector<SCRIPTED_QDMI_Operation> list;
      for (auto& operation : operations()) {
        list.push_back(&operation);
      }
      return give(list, size, value, size_ret);
    }
    case QDMI_DEVICE_PROPERTY_COUPLINGMAP:
      return give(coupling_of(script), size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_SUPPORTEDPROGRAMFORMATS:
      return give(scripted_property(script, "FORMATS", {1, 7, 999999995}).get<std::vector<int>>(), size, value,
                  size_ret);
    case QDMI_DEVICE_PROPERTY_DURATIONUNIT: {
      const auto unit = scripted_property(script, "DURATIONUNIT", "us");
      return unit.is_null() ? QDMI_ERROR_NOTSUPPORTED : give(unit.get<std::string>(), size, value, size_ret);
    }
    case QDMI_DEVICE_PROPERTY_DURATIONSCALEFACTOR: {
      const auto scale = scripted_property(script, "DURATIONSCALEFACTOR", 0.001);
      return scale.is_null() ? QDMI_ERROR_NOTSUPPORTED : give_value(scale.get<double>(), size, value, size_ret);
    }
    case QDMI_DEVICE_PROPERTY_LENGTHUNIT:
      return script.contains("lengths") ? give(std::string("um"), size, value, size_ret) : QDMI_ERROR_NOTSUPPORTED;
    case QDMI_DEVICE_PROPERTY_LENGTHSCALEFACTOR:
      return script.contains("lengths") ? give_value(0.1, size, value, size_ret) : QDMI_ERROR_NOTSUPPORTED;
    case QDMI_DEVICE_PROPERTY_MINATOMDISTANCE:
      return script.contains("lengths") ? give_value<std::uint64_t>(35, size, value, size_ret)
                                        : QDMI_ERROR_NOTSUPPORTED;
    case QDMI_DEVICE_PROPERTY_CHILDDEVICES: {
      const auto children = children_of(session);
      return children.empty() ? QDMI_ERROR_NOTSUPPORTED : give(children, size, value, size_ret);
    }
    case QDMI_DEVICE_PROPERTY_CUSTOM1:
      return give(scripted::counted(), size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_CUSTOM2:
      if (value == nullptr && session->growing < 3) {
        return give(std::string(session->growing++, 'x'), size, value, size_ret);
      }
      return give(std::string(session->growing, 'x'), size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_CUSTOM3:
      return script.contains("markers") ? give(marker_of(session, value), size, value, size_ret)
                                        : QDMI_ERROR_NOTSUPPORTED;
    case QDMI_DEVICE_PROPERTY_CUSTOM4:
      return give(nlohmann::json(session->parameters).dump(), size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_CUSTOM5: {
      const std::scoped_lock lock(session->mutex);
      return give(nlohmann::json(session->reads).dump(), size, value, size_ret);
    }
    default:
      return QDMI_ERROR_NOTSUPPORTED;
  }
}

int length(SCRIPTED_QDMI_Device_Session session, std::uint64_t raw, size_t size, void* value, size_t* size_ret) {
  return session->script.flag("lengths") ? give_value(raw, size, value, size_ret)
                                         : static_cast<int>(QDMI_ERROR_NOTSUPPORTED);
}

int site_property(SCRIPTED_QDMI_Device_Session session, SCRIPTED_QDMI_Site of, QDMI_Site_Property property, size_t size,
                  void* value, size_t* size_ret) {
  switch (property) {
    case QDMI_SITE_PROPERTY_XCOORDINATE:
      return length(session, static_cast<std::uint64_t>(-10 * static_cast<std::int64_t>(of->index)), size, value,
                    size_ret);
    case QDMI_SITE_PROPERTY_YCOORDINATE:
      return length(session, 20, size, value, size_ret);
    case QDMI_SITE_PROPERTY_YEXTENT:
      return of == site(3) ? length(session, 400, size, value, size_ret) : QDMI_ERROR_NOTSUPPORTED;
    case QDMI_SITE_PROPERTY_CUSTOM1:
      return give(std::string("site"), size, value, size_ret);
    case QDMI_SITE_PROPERTY_INDEX:
      return give_value(of->index, size, value, size_ret);
    case QDMI_SITE_PROPERTY_NAME:
      return of->name == nullptr ? QDMI_ERROR_NOTSUPPORTED : give(std::string(of->name), size, value, size_ret);
    case QDMI_SITE_PROPERTY_T1:
      return of->t1 ? give_value(*of->t1, size, value, size_ret) : QDMI_ERROR_NOTSUPPORTED;
    case QDMI_SITE_PROPERTY_ISZONE:
      return of == site(3) ? give_value(true, size, value, size_ret) : QDMI_ERROR_NOTSUPPORTED;
    case QDMI_SITE_PROPERTY_MODULEINDEX:
      return give_value<std::uint64_t>(7, size, value, size_ret);
    default:
      return QDMI_ERROR_NOTSUPPORTED;
  }
}

// A fidelity that tells which sites and parameters arrived: 0.5 + index sum / 100 + parameter sum / 1000.
double fidelity(size_t num_sites, const SCRIPTED_QDMI_Site* at, size_t num_params, const double* params) {
  double value = 0.5;
  for (size_t i = 0; i < num_sites; ++i) {
    value += static_cast<double>(at[i]->index) / 100.0;
  }
  for (size_t i = 0; i < num_params; ++i) {
    value += params[i] / 1000.0;
  }
  return value;
}

}  // namespace

extern "C" {

int SCRIPTED_QDMI_device_session_query_device_property(SCRIPTED_QDMI_Device_Session session,
                                                       QDMI_Device_Property property, size_t size, void* value,
                                                       size_t* size_ret) {
  return play(session->script, "session_query_device_property", [&] {
    return session->counted("device " + std::to_string(property), value,
                            device_property(session, property, size, value, size_ret));
  });
}

int SCRIPTED_QDMI_device_session_query_site_property(SCRIPTED_QDMI_Device_Session session, SCRIPTED_QDMI_Site of,
                                                     QDMI_Site_Property property, size_t size, void* value,
                                                     size_t* size_ret) {
  return play(session->script, "session_query_site_property", [&] {
    return session->counted("site " + std::to_string(of->index) + " " + std::to_string(property), value,
                            site_property(session, of, property, size, value, size_ret));
  });
}

int SCRIPTED_QDMI_device_session_query_operation_property(SCRIPTED_QDMI_Device_Session session,
                                                          SCRIPTED_QDMI_Operation operation, size_t num_sites,
                                                          const SCRIPTED_QDMI_Site* at, size_t num_params,
                                                          const double* params, QDMI_Operation_Property property,
                                                          size_t size, void* value, size_t* size_ret) {
  const auto answer = [&]() -> int {
    switch (property) {
      case QDMI_OPERATION_PROPERTY_NAME:
        return give(std::string(operation->name), size, value, size_ret);
      case QDMI_OPERATION_PROPERTY_QUBITSNUM:
        return operation->qubits_num ? give_value(*operation->qubits_num, size, value, size_ret)
                                     : static_cast<int>(QDMI_ERROR_NOTSUPPORTED);
      case QDMI_OPERATION_PROPERTY_PARAMETERSNUM:
        return give_value(operation->parameters_num, size, value, size_ret);
      case QDMI_OPERATION_PROPERTY_SITES:
        return give(operation->sites, size, value, size_ret);
      case QDMI_OPERATION_PROPERTY_ISZONED:
        return give_value(operation->zoned, size, value, size_ret);
      case QDMI_OPERATION_PROPERTY_FIDELITY:
        return give_value(fidelity(num_sites, at, num_params, params), size, value, size_ret);
      case QDMI_OPERATION_PROPERTY_IDLINGFIDELITY:
        return operation->zoned ? give_value(0.9, size, value, size_ret) : static_cast<int>(QDMI_ERROR_NOTSUPPORTED);
      case QDMI_OPERATION_PROPERTY_DURATION:
        return at == nullptr ? static_cast<int>(QDMI_ERROR_NOTSUPPORTED)
                             : give_value<std::uint64_t>(40, size, value, size_ret);
      case QDMI_OPERATION_PROPERTY_INTERACTIONRADIUS:
        return length(session, 50, size, value, size_ret);
      case QDMI_OPERATION_PROPERTY_BLOCKINGRADIUS:
        return length(session, 75, size, value, size_ret);
      case QDMI_OPERATION_PROPERTY_MEANSHUTTLINGSPEED:
        return length(session, 11, size, value, size_ret);
      case QDMI_OPERATION_PROPERTY_CUSTOM2:
        return give(std::string("operation"), size, value, size_ret);
      default:
        return static_cast<int>(QDMI_ERROR_NOTSUPPORTED);
    }
  };
  return play(session->script, "session_query_operation_property", [&] {
    std::string where;
    for (size_t i = 0; i < num_sites; ++i) {
      where += " " + std::to_string(at[i]->index);
    }
    return session->counted("operation " + std::string(operation->name) + where + " " + std::to_string(property), value,
                            answer());
  });
}

}  // extern "C"
