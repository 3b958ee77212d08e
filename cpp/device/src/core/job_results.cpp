// SPDX-License-Identifier: Apache-2.0
#include "core/job_results.hpp"

#include "support/error.hpp"

namespace iqm::core {

void JobResults::require_one_entry_per_program(std::size_t entries) const {
  if (entries != layouts_.size()) {
    throw ProtocolError("the server returned results for " + std::to_string(entries) + " circuits, the job has " +
                        std::to_string(layouts_.size()));
  }
}

std::shared_ptr<const std::vector<Histogram>> JobResults::histograms(const FetchCounts& fetch) {
  return histograms_.get([&] {
    std::vector<Histogram> histograms;
    histograms.reserve(layouts_.size());
    if (const auto shots = shot_lists_.peek()) {
      for (std::size_t i = 0; i < layouts_.size(); ++i) {
        histograms.push_back(layouts_[i].count((*shots)[i]));
      }
      return histograms;
    }
    const auto counts = fetch();
    require_one_entry_per_program(counts.size());
    for (std::size_t i = 0; i < layouts_.size(); ++i) {
      histograms.push_back(layouts_[i].arrange(counts[i], expected_));
    }
    return histograms;
  });
}

std::shared_ptr<const std::vector<std::string>> JobResults::shots(const FetchShots& fetch) {
  return shot_lists_.get([&] {
    const auto shots = fetch();
    require_one_entry_per_program(shots.size());
    std::vector<std::string> lists;
    lists.reserve(layouts_.size());
    for (std::size_t i = 0; i < layouts_.size(); ++i) {
      lists.push_back(layouts_[i].arrange(shots[i], expected_));
    }
    return lists;
  });
}

}  // namespace iqm::core
