// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "script.hpp"

extern "C" {

int SCRIPTED_QDMI_device_initialize(void) {
  scripted::count("initialize");
  return QDMI_SUCCESS;
}

int SCRIPTED_QDMI_device_finalize(void) {
  scripted::count("finalize");
  return QDMI_SUCCESS;
}

int SCRIPTED_QDMI_device_session_alloc(SCRIPTED_QDMI_Device_Session* session) {
  *session = new SCRIPTED_QDMI_Device_Session_impl_d;
  scripted::count("sessions");
  return QDMI_SUCCESS;
}

int SCRIPTED_QDMI_device_session_set_parameter(SCRIPTED_QDMI_Device_Session session,
                                               QDMI_Device_Session_Parameter parameter, size_t size,
                                               const void* value) {
  return scripted::play(session->script, "session_set_parameter", [&] {
    if (parameter == QDMI_DEVICE_SESSION_PARAMETER_USERNAME) {
      return QDMI_ERROR_NOTSUPPORTED;
    }
    if (value == nullptr) {
      return QDMI_SUCCESS;
    }
    if (parameter == QDMI_DEVICE_SESSION_PARAMETER_CHILDDEVICE) {
      if (size != sizeof(SCRIPTED_QDMI_Child_Device)) {
        return QDMI_ERROR_INVALIDARGUMENT;
      }
      std::memcpy(&session->child, value, size);
      return QDMI_SUCCESS;
    }
    const auto* text = static_cast<const char*>(value);
    if (size == 0 || text[size - 1] != '\0') {
      return QDMI_ERROR_INVALIDARGUMENT;
    }
    session->parameters[parameter] = text;
    if (parameter == QDMI_DEVICE_SESSION_PARAMETER_CUSTOM1) {
      session->script.json = nlohmann::json::parse(text);
    }
    return QDMI_SUCCESS;
  });
}

// The token, when there is one, must be "right".
int SCRIPTED_QDMI_device_session_init(SCRIPTED_QDMI_Device_Session session) {
  return scripted::play(session->script, "session_init", [&] {
    const auto token = session->parameters.find(QDMI_DEVICE_SESSION_PARAMETER_TOKEN);
    if (token != session->parameters.end() && token->second != "right") {
      return QDMI_ERROR_PERMISSIONDENIED;
    }
    if (session->initialised) {
      return QDMI_ERROR_BADSTATE;
    }
    session->initialised = true;
    return QDMI_SUCCESS;
  });
}

void SCRIPTED_QDMI_device_session_free(SCRIPTED_QDMI_Device_Session session) {
  scripted::wait_at_gate(session->script, "session");
  delete session;
  scripted::count("sessions", -1);
}

}  // extern "C"
