// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/fetched_once.hpp"
#include "core/readout_layout.hpp"
#include "model/readout.hpp"

namespace iqm::core {

// The results of a finished job's programs in QDMI's formats, fetched on first use.
class JobResults {
 public:
  JobResults(std::vector<ReadoutLayout> layouts, ExpectedShots expected)
      : programs_(layouts.size()), layouts_(std::move(layouts)), expected_(expected) {}
  // Of programs that nobody has at hand.
  JobResults(std::size_t programs, ExpectedShots expected) : programs_(programs), expected_(expected) {}

  using FetchCounts = std::function<std::vector<model::MeasurementCounts>()>;
  using FetchShots = std::function<std::vector<model::MeasurementShots>()>;

  // From shots that are here already, else from the server's own histogram.
  [[nodiscard]] std::shared_ptr<const std::vector<Histogram>> histograms(const FetchCounts& fetch);
  // Comma separated, in shot order.
  [[nodiscard]] std::shared_ptr<const std::vector<std::string>> shots(const FetchShots& fetch);

 private:
  void require_one_entry_per_program(std::size_t entries) const;
  // Of a program that is not at hand: from what the server lists.
  [[nodiscard]] static ReadoutLayout listed(const model::MeasurementCounts& counts);
  [[nodiscard]] static ReadoutLayout listed(const model::MeasurementShots& shots);

  // Puts the results of a program into QDMI's order.
  template <typename Results>
  [[nodiscard]] auto arranged(std::size_t index, const Results& results) const {
    return layouts_.empty() ? listed(results).arrange(results, expected_) : layouts_[index].arrange(results, expected_);
  }

  std::size_t programs_;
  std::vector<ReadoutLayout> layouts_;  // one for each program, or none when the programs are not at hand
  ExpectedShots expected_;
  FetchedOnce<std::vector<Histogram>> histograms_;
  FetchedOnce<std::vector<std::string>> shot_lists_;
};

}  // namespace iqm::core
