// SPDX-License-Identifier: Apache-2.0
#include "core/job_results.hpp"

#include <algorithm>

#include "support/error.hpp"
#include "support/log.hpp"

namespace iqm::core {
namespace {

void say_that_the_order_is_the_servers() {
  log::info("the program of a job is not at hand; its bits stand in the order in which the server lists them");
}

}  // namespace

void JobResults::require_one_entry_per_program(std::size_t entries) const {
  if (entries != programs_) {
    throw ProtocolError("the server returned results for " + std::to_string(entries) + " circuits, the job has " +
                        std::to_string(programs_));
  }
}

ReadoutLayout JobResults::listed(const model::MeasurementCounts& counts) {
  say_that_the_order_is_the_servers();
  std::vector<model::MeasurementKey> keys;
  keys.reserve(counts.keys.size());
  for (const std::string& name : counts.keys) {
    keys.push_back({.name = name, .width = 1});
  }
  // Some key has several bits, and the strings do not tell which.
  if (!counts.counts.empty() && counts.width != keys.size()) {
    throw NotSupported("the histogram of this job cannot be read without its program; read its shots instead");
  }
  return ReadoutLayout::of_listed(std::move(keys));
}

ReadoutLayout JobResults::listed(const model::MeasurementShots& shots) {
  say_that_the_order_is_the_servers();
  std::vector<model::MeasurementKey> keys;
  keys.reserve(shots.keys.size());
  for (const std::string& name : shots.keys) {
    keys.push_back({.name = name, .width = shots.bits.at(name).size() / std::max<std::size_t>(shots.shots, 1)});
  }
  return ReadoutLayout::of_listed(std::move(keys));
}

std::shared_ptr<const std::vector<Histogram>> JobResults::histograms(const FetchCounts& fetch) {
  return histograms_.get([&] {
    std::vector<Histogram> histograms;
    histograms.reserve(programs_);
    if (const auto shots = shot_lists_.peek(); shots && !layouts_.empty()) {
      for (std::size_t i = 0; i < programs_; ++i) {
        histograms.push_back(layouts_[i].count((*shots)[i]));
      }
      return histograms;
    }
    const auto counts = fetch();
    require_one_entry_per_program(counts.size());
    for (std::size_t i = 0; i < programs_; ++i) {
      histograms.push_back(arranged(i, counts[i]));
    }
    return histograms;
  });
}

std::shared_ptr<const std::vector<std::string>> JobResults::shots(const FetchShots& fetch) {
  return shot_lists_.get([&] {
    const auto shots = fetch();
    require_one_entry_per_program(shots.size());
    std::vector<std::string> lists;
    lists.reserve(programs_);
    for (std::size_t i = 0; i < programs_; ++i) {
      lists.push_back(arranged(i, shots[i]));
    }
    return lists;
  });
}

}  // namespace iqm::core
