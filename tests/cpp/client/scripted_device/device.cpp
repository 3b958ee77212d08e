// SPDX-License-Identifier: Apache-2.0
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
      return give(std::string("Scripted"), size, value, size_ret);
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
    case QDMI_DEVICE_PROPERTY_CUSTOM1:
      return give(scripted::counted(), size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_CUSTOM2:
      if (value == nullptr && session->growing < 3) {
        return give(std::string(session->growing++, 'x'), size, value, size_ret);
      }
      return give(std::string(session->growing, 'x'), size, value, size_ret);
    default:
      return QDMI_ERROR_NOTSUPPORTED;
  }
}

int site_property(SCRIPTED_QDMI_Site of, QDMI_Site_Property property, size_t size, void* value, size_t* size_ret) {
  switch (property) {
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
  return play(session->script, "session_query_device_property",
              [&] { return device_property(session, property, size, value, size_ret); });
}

int SCRIPTED_QDMI_device_session_query_site_property(SCRIPTED_QDMI_Device_Session session, SCRIPTED_QDMI_Site of,
                                                     QDMI_Site_Property property, size_t size, void* value,
                                                     size_t* size_ret) {
  return play(session->script, "session_query_site_property",
              [&] { return site_property(of, property, size, value, size_ret); });
}

int SCRIPTED_QDMI_device_session_query_operation_property(SCRIPTED_QDMI_Device_Session session,
                                                          SCRIPTED_QDMI_Operation operation, size_t num_sites,
                                                          const SCRIPTED_QDMI_Site* at, size_t num_params,
                                                          const double* params, QDMI_Operation_Property property,
                                                          size_t size, void* value, size_t* size_ret) {
  return play(session->script, "session_query_operation_property", [&] {
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
      case QDMI_OPERATION_PROPERTY_DURATION:
        return at == nullptr ? static_cast<int>(QDMI_ERROR_NOTSUPPORTED)
                             : give_value<std::uint64_t>(40, size, value, size_ret);
      default:
        return static_cast<int>(QDMI_ERROR_NOTSUPPORTED);
    }
  });
}

}  // extern "C"
