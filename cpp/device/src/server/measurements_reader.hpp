// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/readout.hpp"
#include "server/strict_reader.hpp"

namespace iqm::server {

// Reads the artifact `measurements`, [circuit][key][shot][bit], straight into packed bits: as a tree, a bit would take
// a hundred bytes.
class MeasurementsReader final : public StrictReader {
 public:
  using StrictReader::StrictReader;

  // One entry per circuit, once the whole document has been read.
  [[nodiscard]] std::vector<model::MeasurementShots> take() { return std::move(circuits_); }

  bool start_array(std::size_t size) override;
  bool end_array() override;
  bool start_object(std::size_t size) override;
  bool key(string_t& name) override;
  bool end_object() override;
  bool number_unsigned(number_unsigned_t value) override;

 private:
  enum class Level { kDocument, kCircuits, kCircuit, kShots, kShot };

  [[nodiscard]] std::string path() const override;
  void end_shot();
  void end_column();

  Level level_ = Level::kDocument;
  std::vector<model::MeasurementShots> circuits_;
  std::string key_;
  std::string* bits_ = nullptr;  // of the key being read
  std::size_t shots_ = 0;
  std::size_t width_ = 0;
  std::size_t shot_begin_ = 0;
};

}  // namespace iqm::server
