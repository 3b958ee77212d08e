// SPDX-License-Identifier: Apache-2.0
#include "server/counts_reader.hpp"

#include <algorithm>

namespace iqm::server {
namespace {

constexpr const char* kKeys = "measurement_keys";
constexpr const char* kCounts = "counts";

}  // namespace

std::string CountsReader::path() const {
  if (level_ < Level::kCircuit) {
    return {};
  }
  const std::string circuit = "/" + std::to_string(circuits_.size() - 1);
  return level_ == Level::kCircuit ? circuit : circuit + "/" + field_;
}

bool CountsReader::ignored() const {
  return level_ == Level::kOther || (level_ == Level::kCircuit && field_ != kKeys && field_ != kCounts);
}

bool CountsReader::start_array(std::size_t size) {
  if (level_ == Level::kDocument) {
    level_ = Level::kCircuits;
  } else if (level_ == Level::kCircuit && field_ == kKeys) {
    level_ = Level::kKeys;
    has_keys_ = true;
  } else if (ignored()) {
    level_ = Level::kOther;
    ++ignored_depth_;
  } else {
    return StrictReader::start_array(size);
  }
  return true;
}

bool CountsReader::end_array() {
  if (level_ == Level::kKeys) {
    level_ = Level::kCircuit;
  } else if (level_ == Level::kOther) {
    level_ = --ignored_depth_ == 0 ? Level::kCircuit : Level::kOther;
  } else {
    level_ = Level::kDocument;
  }
  return true;
}

bool CountsReader::start_object(std::size_t size) {
  if (level_ == Level::kCircuits) {
    level_ = Level::kCircuit;
    circuits_.emplace_back();
    field_.clear();
    has_keys_ = false;
    has_counts_ = false;
  } else if (level_ == Level::kCircuit && field_ == kCounts) {
    level_ = Level::kCounts;
    has_counts_ = true;
  } else if (ignored()) {
    level_ = Level::kOther;
    ++ignored_depth_;
  } else {
    return StrictReader::start_object(size);
  }
  return true;
}

bool CountsReader::key(string_t& name) {
  if (level_ == Level::kCircuit) {
    field_ = name;
    if ((field_ == kKeys && has_keys_) || (field_ == kCounts && has_counts_)) {
      fail("has the field '" + name + "' twice");
    }
    return true;
  }
  if (level_ == Level::kOther) {
    return true;
  }
  if (!std::ranges::all_of(name, [](char bit) { return bit == '0' || bit == '1'; })) {
    fail("has the key '" + name + "', which is not a string of bits");
  }
  model::MeasurementCounts& circuit = circuits_.back();
  if (circuit.counts.empty()) {
    circuit.width = name.size();
  } else if (circuit.width != name.size()) {
    fail("has the key '" + name + "', whose length differs from that of its neighbours");
  }
  circuit.outcomes.append(name);
  return true;
}

bool CountsReader::end_object() {
  if (level_ == Level::kCounts) {
    level_ = Level::kCircuit;
  } else if (level_ == Level::kOther) {
    level_ = --ignored_depth_ == 0 ? Level::kCircuit : Level::kOther;
  } else {
    if (!has_keys_ || !has_counts_) {
      fail(std::string("has no '") + (has_keys_ ? kCounts : kKeys) + "'");
    }
    level_ = Level::kCircuits;
  }
  return true;
}

bool CountsReader::string(string_t& value) {
  if (level_ == Level::kKeys) {
    circuits_.back().keys.push_back(std::move(value));
    return true;
  }
  return ignored() || StrictReader::string(value);
}

bool CountsReader::number_unsigned(number_unsigned_t value) {
  if (level_ == Level::kCounts) {
    circuits_.back().counts.push_back(value);
    return true;
  }
  return ignored() || StrictReader::number_unsigned(value);
}

bool CountsReader::null() { return ignored() || StrictReader::null(); }

bool CountsReader::boolean(bool value) { return ignored() || StrictReader::boolean(value); }

bool CountsReader::number_integer(number_integer_t value) { return ignored() || StrictReader::number_integer(value); }

bool CountsReader::number_float(number_float_t value, const string_t& text) {
  return ignored() || StrictReader::number_float(value, text);
}

}  // namespace iqm::server
