// SPDX-License-Identifier: Apache-2.0
#include "server/json_document.hpp"

#include "support/error.hpp"

namespace iqm::server {

JsonView JsonView::field(const char* name) const {
  (void)object();
  const auto found = value_.find(name);
  if (found == value_.end()) {
    fail(std::string("has no '") + name + "'");
  }
  return {*found, source_, path_ + "/" + name};
}

std::optional<JsonView> JsonView::optional_field(const char* name) const {
  (void)object();
  const auto found = value_.find(name);
  if (found == value_.end() || found->is_null()) {
    return std::nullopt;
  }
  return JsonView(*found, source_, path_ + "/" + name);
}

JsonView JsonView::element(std::size_t index) const {
  return {array().value_[index], source_, path_ + "/" + std::to_string(index)};
}

const JsonView& JsonView::array() const {
  if (!value_.is_array()) {
    fail("is not an array");
  }
  return *this;
}

const JsonView& JsonView::object() const {
  if (!value_.is_object()) {
    fail("is not an object");
  }
  return *this;
}

const std::string& JsonView::string() const {
  if (!value_.is_string()) {
    fail("is not a string");
  }
  return value_.get_ref<const std::string&>();
}

std::uint64_t JsonView::unsigned_integer() const {
  if (!value_.is_number_unsigned()) {
    fail("is not an integer >= 0");
  }
  return value_.get<std::uint64_t>();
}

void fail_at(const std::string& source, const std::string& path, const std::string& problem) {
  throw ProtocolError("the reply to " + source + " does not follow the IQM Server API: " +
                      (path.empty() ? "the document" : "'" + path + "'") + " " + problem);
}

}  // namespace iqm::server
