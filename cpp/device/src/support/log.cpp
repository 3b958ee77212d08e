// SPDX-License-Identifier: Apache-2.0
#include "support/log.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <cerrno>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>

#include "support/environment.hpp"

namespace iqm::log {
namespace {

constexpr std::array<std::pair<std::string_view, Level>, 5> kLevels{{{"none", Level::kNone},
                                                                     {"error", Level::kError},
                                                                     {"warning", Level::kWarning},
                                                                     {"info", Level::kInfo},
                                                                     {"debug", Level::kDebug}}};

Level level_from_environment() {
  std::string text = environment_variable("IQM_LOG_LEVEL").value_or("");
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto found = std::ranges::find(kLevels, text, &std::pair<std::string_view, Level>::first);
  return found == kLevels.end() ? Level::kWarning : found->second;
}

struct Sink {
  std::shared_mutex mutex;  // held while the callback runs, so that taking it back waits for its last call
  Callback callback = nullptr;
  void* user_data = nullptr;
  std::atomic<Level> threshold{level_from_environment()};
};

Sink& sink() {
  static Sink instance;
  return instance;
}

void write_to_stderr(std::string_view name, std::string_view message) {
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
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

void emit(Level level, std::string_view message) {
  if (!enabled(level)) {
    return;
  }
  Sink& target = sink();
  const std::shared_lock lock(target.mutex);
  if (target.callback != nullptr) {
    target.callback(static_cast<int>(level), std::string(message).c_str(), target.user_data);
  } else {
    write_to_stderr(kLevels.at(static_cast<std::size_t>(level)).first, message);
  }
}

}  // namespace

bool enabled(Level level) { return level <= sink().threshold.load(std::memory_order_relaxed); }

void set_callback(Callback callback, void* user_data, Level most_verbose) {
  Sink& target = sink();
  const Level threshold = callback == nullptr ? level_from_environment() : most_verbose;
  const std::unique_lock lock(target.mutex);
  target.callback = callback;
  target.user_data = user_data;
  target.threshold = threshold;
}

void error(std::string_view message) { emit(Level::kError, message); }
void warning(std::string_view message) { emit(Level::kWarning, message); }
void info(std::string_view message) { emit(Level::kInfo, message); }
void debug(std::string_view message) { emit(Level::kDebug, message); }

}  // namespace iqm::log
