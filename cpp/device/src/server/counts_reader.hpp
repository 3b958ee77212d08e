// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/readout.hpp"
#include "server/strict_reader.hpp"

namespace iqm::server {

// Reads the artifact `measurement_counts`, a list of {"measurement_keys": [key], "counts": {bits: number}}, straight
// into one block per circuit: a million outcomes are common, a tree of them is not affordable.
class CountsReader final : public StrictReader {
 public:
  using StrictReader::StrictReader;

  // One entry per circuit, once the whole document has been read.
  [[nodiscard]] std::vector<model::MeasurementCounts> take() { return std::move(circuits_); }

  bool start_array(std::size_t size) override;
  bool end_array() override;
  bool start_object(std::size_t size) override;
  bool key(string_t& name) override;
  bool end_object() override;
  bool string(string_t& value) override;
  bool number_unsigned(number_unsigned_t value) override;
  bool null() override;
  bool boolean(bool value) override;
  bool number_integer(number_integer_t value) override;
  bool number_float(number_float_t value, const string_t& text) override;

 private:
  enum class Level { kDocument, kCircuits, kCircuit, kKeys, kCounts, kOther };

  [[nodiscard]] std::string path() const override;
  // Whether the value belongs to a field that this reader does not know and therefore ignores.
  [[nodiscard]] bool ignored() const;

  Level level_ = Level::kDocument;
  std::vector<model::MeasurementCounts> circuits_;
  std::string field_;
  bool has_keys_ = false;
  bool has_counts_ = false;
  std::size_t ignored_depth_ = 0;
};

}  // namespace iqm::server
