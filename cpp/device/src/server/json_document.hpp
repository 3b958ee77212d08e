// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "support/json.hpp"

namespace iqm::server {

// Says which reply, and where in it, is not what the API promises. Throws ProtocolError.
[[noreturn]] void fail_at(const std::string& source, const std::string& path, const std::string& problem);

// Typed access to one JSON reply. Every complaint is a ProtocolError that names the reply and the path inside it.
class JsonView {
 public:
  JsonView(const Json& value, const std::string& source, std::string path = "")
      : value_(value), source_(source), path_(std::move(path)) {}

  [[nodiscard]] const Json& raw() const { return value_; }

  [[nodiscard]] JsonView field(const char* name) const;                          // must exist, in an object
  [[nodiscard]] std::optional<JsonView> optional_field(const char* name) const;  // absent or null: none
  [[nodiscard]] JsonView element(std::size_t index) const;                       // of an array

  [[nodiscard]] const JsonView& array() const;
  [[nodiscard]] const JsonView& object() const;
  [[nodiscard]] const std::string& string() const;
  [[nodiscard]] std::size_t size() const { return value_.size(); }
  // An integer >= 0, never a float, a bool or a negative number.
  [[nodiscard]] std::uint64_t unsigned_integer() const;

  [[noreturn]] void fail(const std::string& problem) const { fail_at(source_, path_, problem); }

 private:
  const Json& value_;
  const std::string& source_;
  std::string path_;
};

}  // namespace iqm::server
