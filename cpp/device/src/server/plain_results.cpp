// SPDX-License-Identifier: Apache-2.0
#include "server/plain_results.hpp"

#include <algorithm>

#include "server/plain_scanner.hpp"

namespace iqm::server {
namespace {

constexpr bool is_bit(char character) { return character == '0' || character == '1'; }

bool scan_outcomes(PlainScanner& in, model::MeasurementCounts& circuit) {
  if (!in.take('{')) {
    return false;
  }
  if (in.take('}')) {
    return true;
  }
  do {
    // The first outcome tells how long all are.
    std::optional<std::string_view> outcome;
    if (circuit.counts.empty()) {
      outcome = in.string();
      circuit.width = outcome ? outcome->size() : 0;
    } else if (in.take('"')) {
      outcome = in.quoted(circuit.width);
    }
    if (!outcome || !std::ranges::all_of(*outcome, is_bit) || !in.take(':')) {
      return false;
    }
    const auto count = in.unsigned_integer();
    if (!count) {
      return false;
    }
    circuit.outcomes.append(*outcome);
    circuit.counts.push_back(*count);
  } while (in.take(','));
  return in.take('}');
}

bool scan_keys(PlainScanner& in, std::vector<std::string>& keys) {
  return in.take('[') && scan_elements(in, [&] {
           const auto key = in.string();
           if (key) {
             keys.emplace_back(*key);
           }
           return key.has_value();
         });
}

bool scan_circuit(PlainScanner& in, model::MeasurementCounts& circuit) {
  bool has_keys = false;
  bool has_counts = false;
  const bool plain = in.take('{') && scan_fields(in, [&](std::string_view field) {
                       if (field == "measurement_keys" && !has_keys) {
                         has_keys = true;
                         return scan_keys(in, circuit.keys);
                       }
                       if (field == "counts" && !has_counts) {
                         has_counts = true;
                         return scan_outcomes(in, circuit);
                       }
                       return false;
                     });
  return plain && has_keys && has_counts;
}

// One shot's bits; false also where there is none.
bool scan_shot(PlainScanner& in, std::string& bits) {
  if (!in.take('[')) {
    return false;
  }
  do {
    if (in.take('0')) {
      bits.push_back('0');
    } else if (in.take('1')) {
      bits.push_back('1');
    } else {
      return false;
    }
  } while (in.take(','));
  return in.take(']');
}

// Returns the number of shots.
std::optional<std::size_t> scan_column(PlainScanner& in, std::string& bits) {
  std::size_t shots = 0;
  std::size_t width = 0;
  const bool plain = in.take('[') && scan_elements(in, [&] {
                       const std::size_t begin = bits.size();
                       if (!scan_shot(in, bits)) {
                         return false;
                       }
                       width = shots == 0 ? bits.size() - begin : width;
                       ++shots;
                       return bits.size() - begin == width;
                     });
  return plain ? std::optional(shots) : std::nullopt;
}

bool scan_circuit(PlainScanner& in, model::MeasurementShots& circuit) {
  return in.take('{') && scan_fields(in, [&](std::string_view key) {
           const auto [column, inserted] = circuit.bits.try_emplace(std::string(key));
           if (!inserted) {
             return false;
           }
           circuit.keys.emplace_back(key);
           // Its neighbours have as many shots, and in almost all programs bits as well.
           column->second.reserve(circuit.bits.begin()->second.size());
           const auto shots = scan_column(in, column->second);
           if (!shots || (circuit.keys.size() > 1 && *shots != circuit.shots)) {
             return false;
           }
           circuit.shots = *shots;
           return true;
         });
}

// The circuits of a job mostly have results of one size. Where that is large, room that is made in vain would be too.
constexpr std::size_t kMostRoom = 4096;

void reserve_as(model::MeasurementCounts& circuit, const model::MeasurementCounts& before) {
  circuit.keys.reserve(std::min(kMostRoom, before.keys.size()));
  circuit.outcomes.reserve(std::min(kMostRoom, before.outcomes.size()));
  circuit.counts.reserve(std::min(kMostRoom, before.counts.size()));
}

void reserve_as(model::MeasurementShots& circuit, const model::MeasurementShots& before) {
  circuit.keys.reserve(std::min(kMostRoom, before.keys.size()));
}

template <typename Circuit>
std::optional<std::vector<Circuit>> scan_document(std::string_view document) {
  PlainScanner in(document);
  std::vector<Circuit> circuits;
  const bool plain = in.take('[') &&
                     scan_elements(in,
                                   [&] {
                                     Circuit circuit;
                                     if (!circuits.empty()) {
                                       reserve_as(circuit, circuits.back());
                                     }
                                     const bool scanned = scan_circuit(in, circuit);
                                     circuits.push_back(std::move(circuit));
                                     return scanned;
                                   }) &&
                     in.at_end();
  return plain ? std::optional(std::move(circuits)) : std::nullopt;
}

}  // namespace

std::optional<std::vector<model::MeasurementCounts>> scan_counts(std::string_view document) {
  return scan_document<model::MeasurementCounts>(document);
}

std::optional<std::vector<model::MeasurementShots>> scan_measurements(std::string_view document) {
  return scan_document<model::MeasurementShots>(document);
}

}  // namespace iqm::server
