// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace iqm {

using Json = nlohmann::json;

// The owner of a JSON value. nlohmann's own destructor first lists all that is below a value, and ends the process when
// there is no memory for the list; a document goes without any. What is built inside a document begins as an object or
// array that is assigned: a null value that has to become one is left broken when memory runs out.
class JsonDocument {
 public:
  explicit JsonDocument(Json::value_t type = Json::value_t::null) : value_(type) {}
  // Throws Json::exception when the text is not JSON.
  [[nodiscard]] static JsonDocument parse(std::string_view text);
  // The same, but a discarded value when the text is not JSON.
  [[nodiscard]] static JsonDocument parse_or_discard(std::string_view text);

  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;
  JsonDocument(JsonDocument&& other) noexcept : value_(std::move(other.value_)) {}
  JsonDocument& operator=(JsonDocument&& other) noexcept {
    value_.swap(other.value_);
    return *this;
  }
  ~JsonDocument();

  [[nodiscard]] Json& value() & { return value_; }
  [[nodiscard]] const Json& value() const& { return value_; }
  const Json& value() const&& = delete;

 private:
  Json value_;
};

// Copies into a value whose owner survives it when memory runs out on the way.
void copy_json(const Json& from, Json& to);

}  // namespace iqm
