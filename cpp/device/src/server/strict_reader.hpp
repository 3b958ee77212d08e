// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "server/json_document.hpp"

namespace iqm::server {

// Reads a document value by value and refuses whatever a derived reader does not expect. It throws instead of answering
// false, so that every refusal says where and why.
class StrictReader : public nlohmann::json_sax<Json> {
 public:
  explicit StrictReader(std::string source) : source_(std::move(source)) {}

  bool null() override { unexpected("null"); }
  bool boolean(bool /*value*/) override { unexpected("a boolean"); }
  bool number_integer(number_integer_t value) override { unexpected("the number " + std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { unexpected("the number " + std::to_string(value)); }
  bool number_float(number_float_t /*value*/, const string_t& text) override { unexpected("the number " + text); }
  bool string(string_t& /*value*/) override { unexpected("a string"); }
  bool binary(binary_t& /*value*/) override { unexpected("binary data"); }
  bool start_object(std::size_t /*size*/) override { unexpected("an object"); }
  bool key(string_t& /*value*/) override { unexpected("a key"); }
  bool end_object() override { unexpected("the end of an object"); }
  bool start_array(std::size_t /*size*/) override { unexpected("an array"); }
  bool end_array() override { unexpected("the end of an array"); }
  // The body is not JSON, which the caller reports.
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/, const Json::exception& /*error*/) override {
    return false;
  }

 protected:
  // Where in the document the reader is, as a JSON pointer.
  [[nodiscard]] virtual std::string path() const = 0;
  [[noreturn]] void fail(const std::string& problem) const { fail_at(source_, path(), problem); }
  [[noreturn]] void unexpected(const std::string& what) const { fail("holds " + what + " where it should not"); }

 private:
  std::string source_;
};

}  // namespace iqm::server
