// SPDX-License-Identifier: Apache-2.0
#include "script.hpp"

#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>

namespace scripted {
namespace {

thread_local std::string last_error;

std::mutex mutex;
std::map<std::string, int>& events() {
  static std::map<std::string, int> map;
  return map;
}

std::mutex gate_mutex;
std::condition_variable gate_changed;
bool gate_is_open = false;

}  // namespace

int explained(const Script& script, const std::string& function, int answer) {
  if (answer >= 0) {
    return answer;
  }
  nlohmann::json record = script.json.value("last_error", nlohmann::json::object());
  if (!record.empty()) {
    record.emplace("function", "SCRIPTED_QDMI_device_" + function);
    record.emplace("status", answer);
  }
  last_error = script.json.value("last_error_text", record.dump());
  return answer;
}

int give(const void* bytes, std::size_t count, std::size_t size, void* value, std::size_t* size_ret) {
  if (size_ret != nullptr) {
    *size_ret = count;
  }
  if (value == nullptr) {
    return QDMI_SUCCESS;
  }
  if (size < count || size == 0) {
    return QDMI_ERROR_INVALIDARGUMENT;
  }
  std::memcpy(value, bytes, count);
  return QDMI_SUCCESS;
}

void wait_at_gate(const Script& script, const std::string& thing) {
  if (script.json.value("free_waits", "") != thing) {
    return;
  }
  std::unique_lock lock(gate_mutex);
  gate_is_open = false;
  count("frees_begun");
  // Without a limit a caller that cannot go on meanwhile would hang instead of fail.
  const bool opened = gate_changed.wait_for(lock, std::chrono::seconds(10), [] { return gate_is_open; });
  count(opened ? "frees_that_others_overtook" : "frees_that_held_up_everything");
}

void open_gate() {
  {
    const std::scoped_lock lock(gate_mutex);
    gate_is_open = true;
  }
  gate_changed.notify_all();
}

void count(const std::string& event, int by) {
  const std::scoped_lock lock(mutex);
  events()[event] += by;
}

std::string counted() {
  const std::scoped_lock lock(mutex);
  return nlohmann::json(events()).dump();
}

}  // namespace scripted

#ifndef SCRIPTED_WITHOUT_OPTIONAL
extern "C" SCRIPTED_QDMI_EXPORT int SCRIPTED_QDMI_device_last_error(size_t size, char* json, size_t* size_ret) {
  return scripted::give(scripted::last_error.empty() ? "{}" : scripted::last_error, size, json, size_ret);
}
#endif
