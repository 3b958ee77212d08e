// SPDX-License-Identifier: Apache-2.0
#include "server/measurements_reader.hpp"

namespace iqm::server {

std::string MeasurementsReader::path() const {
  if (level_ < Level::kCircuit) {
    return {};
  }
  std::string place = "/" + std::to_string(circuits_.size() - 1);
  if (level_ > Level::kCircuit) {
    place += "/" + key_;
  }
  if (level_ == Level::kShot) {
    place += "/" + std::to_string(shots_);
  }
  return place;
}

bool MeasurementsReader::start_array(std::size_t size) {
  switch (level_) {
    case Level::kDocument:
      level_ = Level::kCircuits;
      return true;
    case Level::kCircuit:
      level_ = Level::kShots;
      shots_ = 0;
      width_ = 0;
      return true;
    case Level::kShots:
      level_ = Level::kShot;
      shot_begin_ = bits_->size();
      return true;
    default:
      return StrictReader::start_array(size);
  }
}

bool MeasurementsReader::end_array() {
  switch (level_) {
    case Level::kShot:
      end_shot();
      level_ = Level::kShots;
      return true;
    case Level::kShots:
      end_column();
      level_ = Level::kCircuit;
      return true;
    case Level::kCircuits:
      level_ = Level::kDocument;
      return true;
    default:
      return StrictReader::end_array();
  }
}

bool MeasurementsReader::start_object(std::size_t size) {
  if (level_ != Level::kCircuits) {
    return StrictReader::start_object(size);
  }
  level_ = Level::kCircuit;
  circuits_.emplace_back();
  return true;
}

bool MeasurementsReader::key(string_t& name) {
  const auto [column, inserted] = circuits_.back().bits.try_emplace(name);
  if (!inserted) {
    fail("has the key '" + name + "' twice");
  }
  circuits_.back().keys.push_back(name);
  key_ = name;
  bits_ = &column->second;
  // Its neighbours have as many shots, and in almost all programs bits as well.
  if (!circuits_.back().bits.empty()) {
    bits_->reserve(circuits_.back().bits.begin()->second.size());
  }
  return true;
}

bool MeasurementsReader::end_object() {
  level_ = Level::kCircuits;
  return true;
}

bool MeasurementsReader::number_unsigned(number_unsigned_t value) {
  if (level_ != Level::kShot || value > 1) {
    return StrictReader::number_unsigned(value);
  }
  bits_->push_back(value == 0 ? '0' : '1');
  return true;
}

void MeasurementsReader::end_shot() {
  const std::size_t width = bits_->size() - shot_begin_;
  if (width == 0) {
    fail("is a shot without bits");
  }
  if (shots_ == 0) {
    width_ = width;
  } else if (width != width_) {
    fail("has " + std::to_string(width) + " bits, the shots before it have " + std::to_string(width_));
  }
  ++shots_;
}

void MeasurementsReader::end_column() {
  model::MeasurementShots& circuit = circuits_.back();
  if (circuit.bits.size() > 1 && shots_ != circuit.shots) {
    fail("has " + std::to_string(shots_) + " shots, its neighbours have " + std::to_string(circuit.shots));
  }
  circuit.shots = shots_;
}

}  // namespace iqm::server
