// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace iqm::log {

enum class Level { kNone, kError, kInfo, kDebug };

// Whether IQM_LOG_LEVEL (NONE, ERROR, INFO, DEBUG; default ERROR) lets messages of this level through.
[[nodiscard]] bool enabled(Level level);

// One line on stderr, written at once so that lines of several threads do not mix.
void error(std::string_view message);
void info(std::string_view message);
void debug(std::string_view message);

}  // namespace iqm::log
