// SPDX-License-Identifier: Apache-2.0
#include "core/job_options.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "server/utf8.hpp"
#include "support/error.hpp"

namespace iqm::core {
namespace {

constexpr const char* kHeralding = "heralding_mode";
constexpr const char* kMoveValidation = "move_gate_validation";
constexpr const char* kMoveTracking = "move_gate_frame_tracking";
constexpr const char* kDecoupling = "dd_mode";
constexpr const char* kDecouplingStrategy = "dd_strategy";
constexpr const char* kMapping = "qubit_mapping";

// What the job itself decides.
constexpr std::array<std::string_view, 3> kReserved{"circuits", "shots", "calibration_set_id"};

// Far above any option; what writes JSON needs stack for each level.
constexpr int kDeepestNesting = 64;

// Second names of options in the request, which mean the same.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kAliases{
    {{"move_validation_mode", kMoveValidation}, {"move_gate_frame_tracking_mode", kMoveTracking}}};

std::string canonical(const std::string& name) {
  const auto found = std::ranges::find(kAliases, name, &std::pair<std::string_view, std::string_view>::first);
  return found == kAliases.end() ? name : std::string(found->second);
}

[[noreturn]] void refuse(const std::string& parameter, const std::string& text, const std::string& expected) {
  throw InvalidOption("the job parameter " + parameter + " is '" + text + "'; expected " + expected);
}

std::string one_of(const std::string& parameter, const std::string& text,
                   std::initializer_list<std::string_view> choices) {
  if (std::ranges::find(choices, text) != choices.end()) {
    return text;
  }
  std::string list;
  for (const std::string_view choice : choices) {
    list.append(list.empty() ? "" : ", ").append(choice);
  }
  refuse(parameter, text, "one of " + list);
}

bool looks_like_object(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && text[first] == '{';
}

bool nests_deeper(const Json& value, int levels) {
  return value.is_structured() &&
         (levels == 0 || std::ranges::any_of(value, [&](const Json& part) { return nests_deeper(part, levels - 1); }));
}

JsonDocument parse_object(const std::string& parameter, const std::string& text) {
  JsonDocument object = JsonDocument::parse_or_discard(text);
  if (!object.value().is_object()) {
    refuse(parameter, text, "a JSON object");
  }
  if (nests_deeper(object.value(), kDeepestNesting)) {
    throw InvalidOption("the job parameter " + parameter + " nests deeper than " + std::to_string(kDeepestNesting) +
                        " levels");
  }
  return object;
}

JsonDocument request_members(const std::string& text) {
  JsonDocument object = parse_object("CUSTOM1", text);
  for (const std::string_view name : kReserved) {
    if (object.value().contains(name)) {
      throw InvalidOption("the job parameter CUSTOM1 holds '" + std::string(name) +
                          "', which the programs, SHOTSNUM and the session decide");
    }
  }
  return object;
}

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

// "logical:physical, …". Physical names hold no colon, logical ones may.
void parse_mapping(const std::string& text, Json& list) {
  if (!server::is_utf8(text)) {
    throw InvalidOption("the job parameter CUSTOM5 is not UTF-8 text");
  }
  list = Json(Json::value_t::array);
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string entry = trimmed(std::string_view(text).substr(begin, end - begin));
    const std::size_t colon = entry.rfind(':');
    const std::string logical = colon == std::string::npos ? "" : trimmed(entry.substr(0, colon));
    const std::string physical = colon == std::string::npos ? "" : trimmed(entry.substr(colon + 1));
    if (logical.empty() || physical.empty()) {
      refuse("CUSTOM5", text, "a list like 'alice:QB1, bob:QB2'");
    }
    Json& pair = list.emplace_back(Json::value_t::object);
    pair["logical_name"] = logical;
    pair["physical_name"] = physical;
    begin = end + 1;
  }
}

JsonDocument members_of(QDMI_Device_Job_Parameter parameter, const std::string& text) {
  JsonDocument document(Json::value_t::object);
  Json& members = document.value();
  switch (parameter) {
    case QDMI_DEVICE_JOB_PARAMETER_CUSTOM1:
      if (looks_like_object(text)) {
        return request_members(text);
      }
      members[kHeralding] = one_of("CUSTOM1", text, {"none", "zeros"});
      break;
    case QDMI_DEVICE_JOB_PARAMETER_CUSTOM2:
      members[kMoveValidation] = one_of("CUSTOM2", text, {"strict", "allow_prx", "none"});
      break;
    case QDMI_DEVICE_JOB_PARAMETER_CUSTOM3:
      members[kMoveTracking] = one_of("CUSTOM3", text, {"full", "no_detuning_correction", "none"});
      break;
    case QDMI_DEVICE_JOB_PARAMETER_CUSTOM4:
      if (looks_like_object(text)) {
        JsonDocument strategy = parse_object("CUSTOM4", text);
        members[kDecoupling] = "enabled";
        members[kDecouplingStrategy].swap(strategy.value());
        break;
      }
      members[kDecoupling] = one_of("CUSTOM4", text, {"disabled", "enabled"});
      break;
    default:
      parse_mapping(text, members[kMapping]);
  }
  return document;
}

// The mapping in either form that the request allows: a list of pairs, or an object. Throws InvalidOption.
std::map<std::string, std::string> read_mapping(const Json& members) {
  std::map<std::string, std::string> mapping;
  const auto found = members.find(kMapping);
  if (found == members.end() || found->is_null()) {
    return mapping;
  }
  const auto add = [&mapping](const Json& logical, const Json& physical) {
    if (!logical.is_string() || !physical.is_string() ||
        !mapping.emplace(logical.get<std::string>(), physical.get<std::string>()).second) {
      throw InvalidOption("the qubit mapping maps a name twice, or something that is not a name");
    }
  };
  if (found->is_object()) {
    for (const auto& [logical, physical] : found->items()) {
      add(logical, physical);
    }
  } else {
    for (const Json& entry : *found) {
      if (!entry.is_object()) {
        throw InvalidOption("the qubit mapping must be a list of objects with 'logical_name' and 'physical_name'");
      }
      const auto logical = entry.find("logical_name");
      const auto physical = entry.find("physical_name");
      if (logical == entry.end() || physical == entry.end()) {
        throw InvalidOption("the qubit mapping must be a list of objects with 'logical_name' and 'physical_name'");
      }
      add(*logical, *physical);
    }
  }
  return mapping;
}

}  // namespace

bool JobOptions::is_supported(QDMI_Device_Job_Parameter parameter) {
  return parameter >= QDMI_DEVICE_JOB_PARAMETER_CUSTOM1 && parameter <= QDMI_DEVICE_JOB_PARAMETER_CUSTOM5;
}

void JobOptions::set(QDMI_Device_Job_Parameter parameter, const std::string& text) {
  Parts parts = parts_;
  parts.erase(parameter);
  if (!text.empty()) {
    parts.emplace(parameter, std::make_shared<const JsonDocument>(members_of(parameter, text)));
  }
  JsonDocument members(Json::value_t::object);
  for (const auto& [from, part] : parts) {
    for (const auto& [name, value] : part->value().items()) {
      const auto [entry, inserted] = members.value().emplace(canonical(name), nullptr);
      if (!inserted) {
        throw InvalidOption("the option '" + entry.key() +
                            "' is given twice, among the job parameters CUSTOM1 to CUSTOM5");
      }
      copy_json(value, *entry);
    }
  }
  auto mapping = read_mapping(members.value());
  auto shared = std::make_shared<const JsonDocument>(std::move(members));
  parts_ = std::move(parts);
  members_ = std::move(shared);
  qubit_mapping_ = std::move(mapping);
}

bool JobOptions::heralded() const {
  const auto mode = members().find(kHeralding);
  return mode != members().end() && *mode == "zeros";
}

}  // namespace iqm::core
