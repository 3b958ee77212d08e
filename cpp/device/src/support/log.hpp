// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace iqm::log {

enum class Level { kNone, kError, kWarning, kInfo, kDebug };

// Whether messages of this level reach anybody: IQM_LOG_LEVEL is NONE, ERROR, WARNING (the default), INFO or DEBUG, in
// any case of letters; a callback has a level of its own.
[[nodiscard]] bool enabled(Level level);

// Messages go to the callback instead of stderr, up to its own level; a null callback takes that back. The callback is
// called from any thread, at times with locks of this library held: it must not call back into the library.
using Callback = void (*)(int level, const char* message, void* user_data);
void set_callback(Callback callback, void* user_data, Level most_verbose);

// One line on stderr, written at once so that lines of several threads do not mix, or one call of the callback.
void error(std::string_view message);
void warning(std::string_view message);
void info(std::string_view message);
void debug(std::string_view message);

}  // namespace iqm::log
