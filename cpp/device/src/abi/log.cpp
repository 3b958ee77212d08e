// SPDX-License-Identifier: Apache-2.0
#include "support/log.hpp"

#include <string>

#include "abi/guard.hpp"
#include "iqm_qdmi/extensions.h"

int IQM_QDMI_device_set_log_callback(IQM_QDMI_Log_Callback callback, int most_verbose, void* user_data) {
  return iqm::abi::guard({"IQM_QDMI_device_set_log_callback", {QDMI_ERROR_INVALIDARGUMENT}}, [&] {
    if (callback == nullptr) {
      iqm::log::set_callback(nullptr, nullptr, iqm::log::Level::kNone);
      return;
    }
    if (most_verbose < IQM_QDMI_LOG_LEVEL_NONE || most_verbose > IQM_QDMI_LOG_LEVEL_DEBUG) {
      throw iqm::InvalidArgument("there is no log level " + std::to_string(most_verbose));
    }
    iqm::log::set_callback(callback, user_data, static_cast<iqm::log::Level>(most_verbose));
  });
}
