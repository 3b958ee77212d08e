// SPDX-License-Identifier: Apache-2.0
#include "support/log.hpp"

#include <unistd.h>

#include <cerrno>
#include <string>

#include "support/environment.hpp"

namespace iqm::log {
namespace {

Level level_from_environment() {
  const auto text = environment_variable("IQM_LOG_LEVEL");
  if (!text || *text == "ERROR") {
    return Level::kError;
  }
  if (*text == "NONE") {
    return Level::kNone;
  }
  if (*text == "INFO") {
    return Level::kInfo;
  }
  if (*text == "DEBUG") {
    return Level::kDebug;
  }
  return Level::kError;
}

void write_line(Level level, const char* name, std::string_view message) {
  if (!enabled(level)) {
    return;
  }
  std::string line = "qdmikit.iqm ";
  line.append(name).append(": ").append(message).append("\n");
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, rest.data(), rest.size());
    if (written < 0) {
      if (errno == EINTR) {
        continue;
      }
      return;  // nowhere is left to report that stderr is gone
    }
    rest.remove_prefix(static_cast<size_t>(written));
  }
}

}  // namespace

bool enabled(Level level) {
  static const Level threshold = level_from_environment();
  return level <= threshold;
}

void error(std::string_view message) { write_line(Level::kError, "error", message); }
void info(std::string_view message) { write_line(Level::kInfo, "info", message); }
void debug(std::string_view message) { write_line(Level::kDebug, "debug", message); }

}  // namespace iqm::log
