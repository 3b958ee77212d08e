// SPDX-License-Identifier: Apache-2.0
// What a finished job leaves behind.
#include <algorithm>
#include <utility>

#include "server/iqm_server.hpp"
#include "server/routes.hpp"
#include "support/error.hpp"

namespace iqm::server {
namespace {

model::MeasurementCounts parse_counts(const JsonView& view) {
  model::MeasurementCounts counts;
  const JsonView keys = view.field("measurement_keys").array();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    counts.keys.push_back(keys.element(i).string());
  }
  const JsonView histogram = view.field("counts").object();
  for (const auto& [bits, count] : histogram.raw().items()) {
    if (!std::ranges::all_of(bits, [](char bit) { return bit == '0' || bit == '1'; })) {
      histogram.fail("has the key '" + bits + "', which is not a string of bits");
    }
    if (!count.is_number_unsigned()) {
      histogram.fail("counts '" + bits + "' by something other than an integer >= 0");
    }
    counts.counts.emplace(bits, count.get<std::uint64_t>());
  }
  return counts;
}

// rows: [[bit, ...], ...], one row per shot.
std::string pack_rows(const JsonView& rows, std::size_t& shots) {
  const Json& array = rows.array().raw();
  const std::size_t width = array.empty() ? 0 : array.front().size();
  std::string bits;
  bits.reserve(array.size() * width);
  for (const Json& row : array) {
    if (!row.is_array() || row.size() != width || width == 0) {
      rows.fail("holds a shot that is not a list of " + std::to_string(width) + " bits");
    }
    for (const Json& bit : row) {
      if (!bit.is_number_unsigned() || bit.get<std::uint64_t>() > 1) {
        rows.fail("holds a value that is neither 0 nor 1");
      }
      bits.push_back(bit.get<std::uint64_t>() == 0 ? '0' : '1');
    }
  }
  shots = array.size();
  return bits;
}

model::MeasurementShots parse_shots(const JsonView& view) {
  model::MeasurementShots result;
  bool first = true;
  for (const auto& [key, value] : view.object().raw().items()) {
    const JsonView rows = view.field(key.c_str());
    std::size_t shots = 0;
    result.bits.emplace(key, pack_rows(rows, shots));
    if (!first && shots != result.shots) {
      rows.fail("has another number of shots than its neighbours");
    }
    result.shots = shots;
    first = false;
  }
  return result;
}

template <typename Parse>
auto parse_entries(const Reply& reply, Parse parse) {
  const Json document = reply.json();
  const JsonView list = JsonView(document, reply.source).array();
  std::vector<decltype(parse(list))> entries;
  entries.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    entries.push_back(parse(list.element(i)));
  }
  return entries;
}

}  // namespace

std::vector<model::MeasurementCounts> IqmServer::measurement_counts(const std::string& id, const Call& call) const {
  return parse_entries(exchange_.get(routes::measurement_counts(id), call), parse_counts);
}

std::vector<model::MeasurementShots> IqmServer::measurements(const std::string& id, const Call& call) const {
  return parse_entries(exchange_.get(routes::measurements(id), call), parse_shots);
}

}  // namespace iqm::server
