// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "scripted_qdmi/device.h"

// A device library that does what its session parameter CUSTOM1 says, a JSON object:
//
//   answers         {"job_submit": -8, ...}: what a function returns instead of working
//   last_error      members of the record that explains such an answer
//   last_error_text the whole record, as it stands; need not be JSON
//   stays           true: jobs run until they are cancelled
//   early_waits     how many calls of wait return at once although the job runs on
//   job_status      the status of submitted jobs; 4, DONE, if absent
//   results         {"HIST_KEYS": "...", "HIST_VALUES": [...], "SHOTS": "...", "STATEVECTOR_DENSE": [...], ...}; absent
//                   ones are not supported
//   device          {"DURATIONUNIT", "DURATIONSCALEFACTOR", "STATUS", "FORMATS"}; null: not supported
//   lengths         true: lengths are known, in units of 0.1 um
//   children        how many child devices there are; their sessions have none
//   markers         what device property CUSTOM3 is, one after another, the last one for ever
//   coupling        positions of sites, -1 for a site of nobody
//   free_waits      "job" or "session": freeing one blocks until a job is cancelled
//
// Device property CUSTOM1 counts what happened in the process, CUSTOM2 grows while it is read, CUSTOM4 tells the
// session parameters, CUSTOM5 counts what was read in the session. Job property CUSTOM1 tells what the job was given.
namespace scripted {

struct Script {
  nlohmann::json json = nlohmann::json::object();

  [[nodiscard]] std::optional<int> answer(const std::string& function) const {
    const auto answers = json.find("answers");
    if (answers == json.end() || !answers->contains(function)) {
      return std::nullopt;
    }
    return answers->at(function).get<int>();
  }
  [[nodiscard]] bool flag(const char* name) const { return json.value(name, false); }
};

// Keep the record that explains the answer on this thread, and return the answer.
int explained(const Script& script, const std::string& function, int answer);

// The answer that the script wants for the function, or what the function itself says. A warning comes with the work
// done, any other answer instead of it.
template <typename Body>
int play(const Script& script, const std::string& function, Body&& body) {
  const auto answer = script.answer(function);
  if (answer && *answer != QDMI_WARN_GENERAL) {
    return explained(script, function, *answer);
  }
  const int said = explained(script, function, body());
  return answer && said == QDMI_SUCCESS ? *answer : said;
}

// Copy a value out by QDMI's rules.
int give(const void* bytes, std::size_t count, std::size_t size, void* value, std::size_t* size_ret);
inline int give(const std::string& text, std::size_t size, void* value, std::size_t* size_ret) {
  return give(text.c_str(), text.size() + 1, size, value, size_ret);
}
template <typename T>
int give(const std::vector<T>& values, std::size_t size, void* value, std::size_t* size_ret) {
  return give(static_cast<const void*>(values.data()), values.size() * sizeof(T), size, value, size_ret);
}
template <typename T>
int give_value(T given, std::size_t size, void* value, std::size_t* size_ret) {
  return give(&given, sizeof given, size, value, size_ret);
}

// Block in a function that frees such a thing, if the script wants it, until the gate is opened.
void wait_at_gate(const Script& script, const std::string& thing);
void open_gate();

// What happened in this process.
void count(const std::string& event, int by = 1);
std::string counted();

}  // namespace scripted

struct SCRIPTED_QDMI_Site_impl_d {
  std::size_t index;
  const char* name;  // null: none
  std::optional<std::uint64_t> t1;
};

struct SCRIPTED_QDMI_Operation_impl_d {
  const char* name;
  std::optional<std::size_t> qubits_num;
  std::size_t parameters_num;
  std::vector<SCRIPTED_QDMI_Site> sites;
  bool zoned;
};

struct SCRIPTED_QDMI_Child_Device_impl_d {
  std::string name;
};

struct SCRIPTED_QDMI_Device_Session_impl_d {
  scripted::Script script;
  std::map<int, std::string> parameters;
  bool initialised = false;
  std::size_t growing = 1;
  std::size_t markers_read = 0;
  SCRIPTED_QDMI_Child_Device child = nullptr;
  std::mutex mutex;
  std::map<std::string, int> reads;

  // Count a property as read, unless only its size was asked for.
  int counted(const std::string& property, const void* value, int answer) {
    if (value != nullptr && answer == QDMI_SUCCESS) {
      const std::scoped_lock lock(mutex);
      ++reads[property];
    }
    return answer;
  }
};
