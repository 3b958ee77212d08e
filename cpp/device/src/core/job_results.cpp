// SPDX-License-Identifier: Apache-2.0
#include "core/job_results.hpp"

#include <map>
#include <string_view>
#include <unordered_map>

#include "support/error.hpp"

namespace iqm::core {
namespace {

template <typename Entries>
Histogram join(const Entries& entries) {
  Histogram histogram;
  for (const auto& [bits, count] : entries) {
    if (!histogram.values.empty()) {
      histogram.keys.push_back(',');
    }
    histogram.keys.append(bits);
    histogram.values.push_back(count);
  }
  return histogram;
}

Histogram count_shots(std::string_view shots, std::size_t width, std::size_t rows) {
  std::unordered_map<std::string_view, std::size_t> counted;
  for (std::size_t row = 0; row < rows; ++row) {
    ++counted[shots.substr(row * (width + 1), width)];
  }
  return join(std::map<std::string_view, std::size_t>(counted.begin(), counted.end()));
}

}  // namespace

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
        histograms.push_back(count_shots((*shots)[i], layouts_[i].width(), shots_));
      }
      return histograms;
    }
    const auto counts = fetch();
    require_one_entry_per_program(counts.size());
    for (std::size_t i = 0; i < layouts_.size(); ++i) {
      histograms.push_back(join(layouts_[i].arrange(counts[i])));
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
      lists.push_back(layouts_[i].arrange(shots[i], shots_));
    }
    return lists;
  });
}

}  // namespace iqm::core
