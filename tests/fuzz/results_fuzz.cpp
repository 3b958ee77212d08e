// SPDX-License-Identifier: Apache-2.0
// The results of a job, for circuits that only the server knows: payload, counts, measurements. Without a payload, a
// number of circuits stands in its place.
#include <algorithm>
#include <optional>

#include "core/job_results.hpp"
#include "fuzz.hpp"
#include "server/counts_reader.hpp"
#include "server/iqm_server.hpp"
#include "server/measurements_reader.hpp"
#include "server/plain_results.hpp"

namespace iqm::fuzz {
namespace {

// Enough for every path, and little enough for many runs in a second.
constexpr std::size_t kMostShots = 64;
constexpr std::size_t kMostPrograms = 64;

core::JobResults results_of(const server::IqmServer& server, const server::Call& call, const std::string& payload) {
  if (const auto programs = number(payload)) {
    return {std::min(*programs, kMostPrograms), {.number = kMostShots, .heralded = true}};
  }
  model::SubmittedPayload submitted = server.payload("p", call);
  std::vector<core::ReadoutLayout> layouts;
  for (model::CircuitOutline& circuit : submitted.circuits) {
    layouts.emplace_back(std::move(circuit.readout));
  }
  return {std::move(layouts),
          {.number = std::min(submitted.shots.value_or(kMostShots), kMostShots), .heralded = submitted.heralded}};
}

// As many strings of one length as there are numbers, in ascending order.
void check(const core::Histogram& histogram) {
  if (histogram.values.empty()) {
    require(histogram.keys.empty(), "no outcome, no number");
    return;
  }
  const std::size_t entries = histogram.values.size();
  require((histogram.keys.size() + 1) % entries == 0, "all outcomes have the same length");
  const std::size_t stride = (histogram.keys.size() + 1) / entries;
  const std::string_view keys = histogram.keys;
  for (std::size_t i = 1; i < entries; ++i) {
    require(keys[i * stride - 1] == ',', "a comma stands between outcomes");
    require(keys.substr((i - 1) * stride, stride - 1) < keys.substr(i * stride, stride - 1), "outcomes ascend");
  }
}

// What is taken as written plainly must be JSON, and read as the reader does that knows all of it.
template <typename Reader, typename Circuits>
void check_plain(const std::optional<Circuits>& plain, const std::string& document) {
  if (!plain) {
    return;
  }
  Reader reader("a document");
  require(Json::sax_parse(document, &reader), "it is JSON");
  require(*plain == reader.take(), "both readers read the same");
}

}  // namespace
}  // namespace iqm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace iqm::fuzz;
  Input input(data, size);
  const std::string payload = input.next();
  const std::string counts = input.next();
  const std::string measurements = input.next();
  check_plain<iqm::server::CountsReader>(iqm::server::scan_counts(counts), counts);
  check_plain<iqm::server::MeasurementsReader>(iqm::server::scan_measurements(measurements), measurements);
  const auto world = environment([&](const std::string& line) {
    return response(line.ends_with("/payload") ? payload : line.ends_with("_counts") ? counts : measurements);
  });
  const iqm::server::IqmServer server(exchange(world));
  const iqm::server::Call call{.deadline = world.clock->now() + std::chrono::minutes(1), .stop = {}};
  const auto fetch_counts = [&] { return server.measurement_counts("p", call); };
  const auto fetch_shots = [&] { return server.measurements("p", call); };
  // Once from the server's histogram, once from shots that are here first.
  for (const bool shots_first : {false, true}) {
    expect_typed_errors([&] {
      iqm::core::JobResults results = results_of(server, call, payload);
      if (shots_first) {
        expect_typed_errors([&] { (void)results.shots(fetch_shots); });
      }
      for (const auto& histogram : *results.histograms(fetch_counts)) {
        check(histogram);
      }
    });
  }
  return 0;
}
