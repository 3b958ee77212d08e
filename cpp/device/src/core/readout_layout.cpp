// SPDX-License-Identifier: Apache-2.0
#include "core/readout_layout.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include "support/error.hpp"

namespace iqm::core {
namespace {

// Far above any device; keep forged numbers from becoming allocations.
constexpr std::size_t kMostClassicalBits = std::size_t{1} << 20U;
constexpr std::size_t kMostCharacters = std::size_t{1} << 30U;

// A key of the form {register}_{length}_{register index}_{bit}, as Qiskit front ends write it.
struct RegisterBit {
  std::string name;
  std::size_t length = 0;
  std::size_t index = 0;
  std::size_t bit = 0;
};

std::optional<std::size_t> parse_number(std::string_view text) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::optional<RegisterBit> parse_key(std::string_view key) {
  RegisterBit result;
  // From the right: a register's name may contain underscores of its own.
  for (std::size_t* number : {&result.bit, &result.index, &result.length}) {
    const std::size_t underscore = key.rfind('_');
    if (underscore == std::string_view::npos) {
      return std::nullopt;
    }
    const auto value = parse_number(key.substr(underscore + 1));
    if (!value) {
      return std::nullopt;
    }
    *number = *value;
    key = key.substr(0, underscore);
  }
  if (key.empty() || result.bit >= result.length || result.length > kMostClassicalBits) {
    return std::nullopt;
  }
  result.name = key;
  return result;
}

// The register bits of all keys; none when a key has another form.
std::optional<std::vector<RegisterBit>> parse_keys(const std::vector<model::MeasurementKey>& keys) {
  std::vector<RegisterBit> bits;
  for (const auto& key : keys) {
    const auto bit = parse_key(key.name);
    if (!bit || key.width != 1) {
      return std::nullopt;
    }
    bits.push_back(*bit);
  }
  return bits;
}

using RegistersByIndex = std::map<std::size_t, model::ClassicalRegister>;

// The registers that the author wrote down, unless they contradict the keys.
std::optional<RegistersByIndex> described_registers(const std::vector<model::ClassicalRegister>& registers,
                                                    const std::vector<RegisterBit>& bits) {
  const bool fits = std::ranges::all_of(bits, [&registers](const RegisterBit& bit) {
    return bit.index < registers.size() && registers[bit.index].name == bit.name &&
           registers[bit.index].size == bit.length;
  });
  if (!fits) {
    return std::nullopt;
  }
  RegistersByIndex by_index;
  for (std::size_t index = 0; index < registers.size(); ++index) {
    by_index.emplace(index, registers[index]);
  }
  return by_index;
}

// The registers that the keys speak of; none when two keys contradict each other. A register without any measured bit
// is unknown here, and the others close up.
std::optional<RegistersByIndex> implied_registers(const std::vector<RegisterBit>& bits) {
  RegistersByIndex by_index;
  for (const RegisterBit& bit : bits) {
    const auto [entry, inserted] =
        by_index.try_emplace(bit.index, model::ClassicalRegister{.name = bit.name, .size = bit.length});
    if (!inserted && (entry->second.name != bit.name || entry->second.size != bit.length)) {
      return std::nullopt;
    }
  }
  return by_index;
}

// The length of all registers together; none when no device has so many classical bits.
std::optional<std::size_t> width_of(const RegistersByIndex& registers) {
  std::size_t width = 0;
  for (const auto& [index, entry] : registers) {
    if (entry.size > kMostClassicalBits - width) {
      return std::nullopt;
    }
    width += entry.size;
  }
  return width;
}

// A sum that stops growing rather than wrap around.
std::size_t total(const std::vector<std::uint64_t>& counts) {
  std::size_t sum = 0;
  for (const std::uint64_t count : counts) {
    sum = count > SIZE_MAX - sum ? SIZE_MAX : sum + count;
  }
  return sum;
}

void require_shots(std::size_t shots, const ExpectedShots& expected) {
  if (shots > expected.number || (shots != expected.number && !expected.heralded)) {
    throw ProtocolError("the server returned results of " + std::to_string(shots) + " shots where " +
                        std::to_string(expected.number) + " were asked for");
  }
}

// `rows` strings of `stride` characters each, filled with zeros.
std::string zeros(std::size_t rows, std::size_t stride) {
  if (stride > 0 && rows > kMostCharacters / stride) {
    throw ProtocolError("the server's results are " + std::to_string(rows) + " strings of " + std::to_string(stride) +
                        " characters, of which " + std::to_string(kMostCharacters) + " in all are too many");
  }
  std::string text(rows * stride, '0');
  return text;
}

}  // namespace

ReadoutLayout::ReadoutLayout(model::CircuitReadout readout) : keys_(std::move(readout.keys)) {
  if (const auto bits = parse_keys(keys_)) {
    const auto registers =
        readout.registers ? described_registers(*readout.registers, *bits) : implied_registers(*bits);
    const auto width = registers ? width_of(*registers) : std::nullopt;
    if (registers && width) {
      std::map<std::size_t, std::size_t> offset;
      std::size_t end = 0;
      for (const auto& [index, entry] : *registers) {
        offset.emplace(index, end);
        end += entry.size;
      }
      sources_.resize(*width);
      for (std::size_t key = 0; key < bits->size(); ++key) {
        const std::size_t classical_bit = offset.at((*bits)[key].index) + (*bits)[key].bit;
        sources_[*width - 1 - classical_bit] = {.key = key, .bit = 0};
      }
      return;
    }
  }
  // Keys of another form: program order, the first measured bit rightmost.
  for (std::size_t key = 0; key < keys_.size(); ++key) {
    for (std::size_t bit = 0; bit < keys_[key].width; ++bit) {
      sources_.push_back({.key = key, .bit = bit});
    }
  }
  std::ranges::reverse(sources_);
}

ReadoutLayout ReadoutLayout::of_listed(std::vector<model::MeasurementKey> keys) {
  if (parse_keys(keys)) {
    return ReadoutLayout({.keys = std::move(keys), .registers = std::nullopt});
  }
  ReadoutLayout layout;
  for (std::size_t key = 0; key < keys.size(); ++key) {
    for (std::size_t bit = 0; bit < keys[key].width; ++bit) {
      layout.sources_.push_back({.key = key, .bit = bit});
    }
  }
  layout.keys_ = std::move(keys);
  return layout;
}

std::size_t ReadoutLayout::key_index(const std::string& name, std::size_t guess) const {
  if (guess < keys_.size() && keys_[guess].name == name) {
    return guess;
  }
  const auto found = std::ranges::find(keys_, name, &model::MeasurementKey::name);
  if (found == keys_.end()) {
    throw ProtocolError("the server's results have the measurement key '" + name + "', which the circuit does not");
  }
  return static_cast<std::size_t>(found - keys_.begin());
}

std::vector<std::size_t> ReadoutLayout::offsets_of(const std::vector<std::string>& listed) const {
  std::vector<std::size_t> offset(keys_.size(), kNeverMeasured);
  std::size_t length = 0;
  for (std::size_t place = 0; place < listed.size(); ++place) {
    const std::string& name = listed[place];
    const std::size_t key = key_index(name, place);
    if (offset[key] != kNeverMeasured) {
      throw ProtocolError("the server's results list the measurement key '" + name + "' twice");
    }
    offset[key] = length;
    length += keys_[key].width;
  }
  if (listed.size() != keys_.size()) {
    throw ProtocolError("the server's results have " + std::to_string(listed.size()) +
                        " measurement keys, the circuit has " + std::to_string(keys_.size()));
  }
  return offset;
}

Histogram ReadoutLayout::arrange(const model::MeasurementCounts& counts, const ExpectedShots& expected) const {
  const std::vector<std::size_t> offset = offsets_of(counts.keys);
  std::size_t length = 0;
  for (const auto& key : keys_) {
    length += key.width;
  }
  if (!counts.counts.empty() && counts.width != length) {
    throw ProtocolError("the server's results hold bit strings of " + std::to_string(counts.width) +
                        " bits, the circuit measures " + std::to_string(length));
  }
  if (!keys_.empty()) {
    require_shots(total(counts.counts), expected);
  }
  std::vector<std::size_t> columns;  // of each character in the server's outcomes
  columns.reserve(width());
  for (const Source& source : sources_) {
    columns.push_back(source.key == kNeverMeasured ? kNeverMeasured : offset[source.key] + source.bit);
  }
  const std::size_t rows = counts.counts.size();
  if (width() <= kWordBits) {
    std::vector<CountedWord> outcomes(rows);
    for (std::size_t k = 0; k < rows; ++k) {
      const std::string_view outcome = std::string_view(counts.outcomes).substr(k * length, length);
      for (const std::size_t column : columns) {
        outcomes[k].word = with_bit(outcomes[k].word, column == kNeverMeasured ? '0' : outcome[column]);
      }
      outcomes[k].count = counts.counts[k];
    }
    return histogram_of(std::move(outcomes), width());
  }
  std::string arranged = zeros(rows, width());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (std::size_t k = 0; columns[i] != kNeverMeasured && k < rows; ++k) {
      arranged[k * width() + i] = counts.outcomes[k * length + columns[i]];
    }
  }
  return histogram_of(arranged, width(), width(), counts.counts);
}

Histogram ReadoutLayout::count(std::string_view shots) const {
  // Shots without bits are nothing but the commas between them.
  const std::size_t stride = width() + 1;
  const std::size_t rows = shots.empty() && width() > 0 ? 0 : (shots.size() + 1) / stride;
  if (width() > kWordBits) {
    return histogram_of(shots, width(), stride, std::vector<std::uint64_t>(rows, 1));
  }
  std::vector<CountedWord> outcomes(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    for (const char bit : shots.substr(row * stride, width())) {
      outcomes[row].word = with_bit(outcomes[row].word, bit);
    }
    outcomes[row].count = 1;
  }
  return histogram_of(std::move(outcomes), width());
}

std::string ReadoutLayout::arrange(const model::MeasurementShots& shots, const ExpectedShots& expected) const {
  std::vector<const std::string*> column(keys_.size(), nullptr);
  for (const auto& [name, bits] : shots.bits) {
    const std::size_t key = key_index(name);
    if (bits.size() != shots.shots * keys_[key].width) {
      throw ProtocolError("the server's shots have the wrong number of bits under the measurement key '" + name + "'");
    }
    column[key] = &bits;
  }
  if (shots.bits.size() != keys_.size()) {
    throw ProtocolError("the server's shots have " + std::to_string(shots.bits.size()) +
                        " measurement keys, the circuit has " + std::to_string(keys_.size()));
  }
  // A circuit that measures nothing leaves no rows to be counted.
  const std::size_t rows = keys_.empty() && !expected.heralded ? expected.number : shots.shots;
  require_shots(rows, expected);
  if (rows == 0) {
    return {};
  }
  const std::size_t stride = width() + 1;
  std::string arranged = zeros(rows, stride);
  arranged.pop_back();
  for (std::size_t row = 1; row < rows; ++row) {
    arranged[row * stride - 1] = ',';
  }
  // Few rows at a time: all columns of them stay in the processor's cache.
  constexpr std::size_t kBlock = 512;
  for (std::size_t begin = 0; begin < rows; begin += kBlock) {
    const std::size_t end = std::min(rows, begin + kBlock);
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (sources_[i].key == kNeverMeasured) {
        continue;
      }
      const std::string& bits = *column[sources_[i].key];
      const std::size_t key_width = keys_[sources_[i].key].width;
      for (std::size_t row = begin; row < end; ++row) {
        arranged[row * stride + i] = bits[row * key_width + sources_[i].bit];
      }
    }
  }
  return arranged;
}

}  // namespace iqm::core
