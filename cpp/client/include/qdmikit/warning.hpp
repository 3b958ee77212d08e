// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "qdmikit/export.hpp"

namespace qdmikit {

/// A call that did what it was asked to, with something to note: the device answered `QDMI_WARN_GENERAL`.
/// QDMI has no way to say what there is to note; the device's log may.
struct Warning {
  std::string message;            ///< what was done, and by which function of which library
  std::string function;           ///< the symbol that answered
  std::filesystem::path library;  ///< the device library
};

/// Runs on the thread of the call, within it: it must be quick, must not throw and must not use a device.
using WarningHandler = std::function<void(const Warning&)>;

/// Have warnings of all devices in this process told. Until this is called, and after it was called with an empty
/// handler, they go unnoticed. Threads may call this at any time; a call that is under way tells the old handler.
///
/// @returns the handler that was there before.
QDMIKIT_EXPORT WarningHandler set_warning_handler(WarningHandler handler);

}  // namespace qdmikit
