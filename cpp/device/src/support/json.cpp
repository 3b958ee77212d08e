// SPDX-License-Identifier: Apache-2.0
#include "support/json.hpp"

#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

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

// Puts a value together as the reader reads it. nlohmann's own builder of this kind is one of its internals, and
// changes between its releases.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  Builder(Json& root, bool may_throw) : root_(root), may_throw_(may_throw) {}

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t& /*text*/) override { return put(value); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t& value) override { return put(std::move(value)); }
  bool start_object(std::size_t /*size*/) override { return open(Json::value_t::object); }
  bool key(string_t& value) override {
    member_ = &open_.back()->get_ref<Json::object_t&>()[std::move(value)];
    take_apart(*member_);  // of a name that is given twice, the last value counts
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t /*size*/) override { return open(Json::value_t::array); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/, const Json::exception& error) override {
    if (may_throw_) {
      throw Json::exception(error);
    }
    return false;
  }

 private:
  template <class Value>
  bool put(Value&& value) {
    place() = Json(std::forward<Value>(value));
    return true;
  }

  bool open(Json::value_t type) {
    Json& value = place();
    value = Json(type);
    open_.push_back(&value);
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  // Where the value goes that comes next.
  Json& place() {
    if (open_.empty()) {
      return root_;
    }
    auto* list = open_.back()->get_ptr<Json::array_t*>();
    return list != nullptr ? list->emplace_back() : *member_;
  }

  Json& root_;
  bool may_throw_;
  std::vector<Json*> open_;  // the objects and arrays that have not ended, from the outermost in
  Json* member_ = nullptr;   // of the innermost one, if it is an object
};

bool parse_into(Json& value, std::string_view text, bool may_throw) {
  Builder builder(value, may_throw);
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
