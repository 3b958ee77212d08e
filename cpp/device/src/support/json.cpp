// SPDX-License-Identifier: Apache-2.0
#include "support/json.hpp"

#include <iterator>
#include <utility>

namespace iqm {
namespace {

bool has_parts(const Json& value) noexcept { return value.is_structured() && !value.empty(); }

// Of a value that has parts.
Json& last_part(Json& value) noexcept {
  auto* list = value.get_ptr<Json::array_t*>();
  return list != nullptr ? list->back() : std::prev(value.get_ptr<Json::object_t*>()->end())->second;
}

void remove_last_part(Json& value) noexcept {
  if (auto* list = value.get_ptr<Json::array_t*>()) {
    list->pop_back();
  } else {
    auto* members = value.get_ptr<Json::object_t*>();
    members->erase(std::prev(members->end()));
  }
}

// From the leaves up, however deep they are: the way back is kept in the places of the parts that were gone down to.
void take_apart(Json& root) noexcept {
  Json current = std::move(root);
  Json above;  // null for the root
  for (;;) {
    while (has_parts(current)) {
      Json& part = last_part(current);
      if (has_parts(part)) {
        Json next = std::move(part);
        part = std::move(above);
        above = std::move(current);
        current = std::move(next);
      } else {
        remove_last_part(current);
      }
    }
    if (above.is_null()) {
      return;
    }
    current = std::move(above);
    above = std::move(last_part(current));
    remove_last_part(current);
  }
}

bool parse_into(Json& value, std::string_view text, bool may_throw) {
  nlohmann::detail::json_sax_dom_parser<Json> builder(value, may_throw);
  return Json::sax_parse(text, &builder);
}

}  // namespace

JsonDocument JsonDocument::parse(std::string_view text) {
  JsonDocument document;
  parse_into(document.value_, text, true);
  return document;
}

JsonDocument JsonDocument::parse_or_discard(std::string_view text) {
  JsonDocument document;
  if (!parse_into(document.value_, text, false)) {
    take_apart(document.value_);
    document.value_ = Json(Json::value_t::discarded);
  }
  return document;
}

JsonDocument::~JsonDocument() { take_apart(value_); }

void copy_json(const Json& from, Json& to) {
  if (!has_parts(from)) {
    to = from;
    return;
  }
  to = Json(from.type());
  if (from.is_array()) {
    for (const Json& part : from) {
      copy_json(part, to.emplace_back());
    }
    return;
  }
  for (const auto& [name, part] : from.get_ref<const Json::object_t&>()) {
    copy_json(part, to[name]);
  }
}

}  // namespace iqm
