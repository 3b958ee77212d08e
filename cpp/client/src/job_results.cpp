// SPDX-License-Identifier: Apache-2.0
// The results of a job, in the forms that programs want them in.
#include <bit>
#include <complex>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>

#include "job_core.hpp"
#include "qdmikit/job.hpp"

namespace qdmikit {
namespace {

std::string subject_of(JobResult kind, std::size_t program) {
  return std::string(to_string(kind)) + " of program " + std::to_string(program);
}

detail::Attempt attempt_of(std::string_view subject) { return {"device_job_get_results", "read the result ", subject}; }

// Why there is no result: the job's status tells where the device does not.
template <typename Read>
auto with_reason(const detail::JobCore& core, const Read& read) {
  try {
    return read();
  } catch (const BadState& error) {
    if (error.detail().explained) {
      throw;
    }
    ErrorDetail detail = error.detail();
    detail.message = "the job is " + std::string(to_string(core.check()));
    const std::string what = detail.message + "; " + error.what();
    throw BadState(what, std::move(detail));
  }
}

std::optional<std::string> text_result(const detail::JobCore& core, JobResult kind, std::size_t program) {
  return with_reason(core, [&] {
    return detail::query_text(core.module(), attempt_of(subject_of(kind, program)), core.result_query(kind, program));
  });
}

template <typename T>
std::optional<std::vector<T>> list_result(const detail::JobCore& core, JobResult kind, std::size_t program) {
  return with_reason(core, [&] {
    return detail::query_list<T>(core.module(), attempt_of(subject_of(kind, program)),
                                 core.result_query(kind, program));
  });
}

[[noreturn]] void throw_broken(const detail::JobCore& core, JobResult kind, std::size_t program,
                               const std::string& how) {
  const std::string subject = subject_of(kind, program);
  core.module().throw_broken_contract(attempt_of(subject), how);
}

[[noreturn]] void throw_not_supported(const detail::JobCore& core, JobResult kind, std::size_t program) {
  const std::string subject = subject_of(kind, program);
  core.module().throw_answer(QDMI_ERROR_NOTSUPPORTED, attempt_of(subject));
}

template <typename T>
std::vector<T> required_list(const detail::JobCore& core, JobResult kind, std::size_t program) {
  auto values = list_result<T>(core, kind, program);
  if (!values) {
    throw_not_supported(core, kind, program);
  }
  return *std::move(values);
}

void require_as_many(const detail::JobCore& core, JobResult kind, std::size_t program, std::size_t keys,
                     std::size_t values) {
  if (keys != values) {
    throw_broken(core, kind, program,
                 "there are " + std::to_string(keys) + " keys but " + std::to_string(values) + " values");
  }
}

// As many keys as there are values.
Bitstrings keys_of(const detail::JobCore& core, JobResult kind, std::size_t program, std::string text,
                   std::size_t number) {
  // What has no bits has one outcome, the empty bitstring.
  Bitstrings keys = text.empty() && number == 1 ? Bitstrings::of_width_zero(1) : Bitstrings(std::move(text));
  require_as_many(core, kind, program, keys.size(), number);
  return keys;
}

// One value for each basis state of some number of qubits.
template <typename T>
std::vector<T> dense(const detail::JobCore& core, JobResult kind, std::size_t program) {
  auto values = required_list<T>(core, kind, program);
  if (!std::has_single_bit(values.size())) {
    throw_broken(core, kind, program, std::to_string(values.size()) + " values are no power of two");
  }
  return values;
}

template <typename Map>
Map sparse(const detail::JobCore& core, JobResult keys_kind, JobResult values_kind, std::size_t program) {
  auto text = text_result(core, keys_kind, program);
  if (!text) {
    throw_not_supported(core, keys_kind, program);
  }
  const auto values = required_list<typename Map::mapped_type>(core, values_kind, program);
  const Bitstrings keys = keys_of(core, keys_kind, program, *std::move(text), values.size());
  Map map;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!map.emplace(keys[i], values[i]).second) {
      throw_broken(core, keys_kind, program, "'" + std::string(keys[i]) + "' appears twice");
    }
  }
  return map;
}

std::optional<detail::Characters> characters_result(const detail::JobCore& core, JobResult kind, std::size_t program) {
  return with_reason(core, [&] {
    return detail::query_container<detail::Characters>(core.module(), attempt_of(subject_of(kind, program)),
                                                       core.result_query(kind, program));
  });
}

PackedShots packed(const detail::JobCore& core, std::string_view text, JobResult kind, std::size_t program) {
  try {
    return PackedShots(text);
  } catch (const std::invalid_argument& error) {
    throw_broken(core, kind, program, error.what());
  }
}

// A program that measures nothing has one outcome, the empty bitstring.
PackedShots packed_keys(const detail::JobCore& core, std::string_view text, std::span<const std::size_t> values,
                        std::size_t program) {
  if (text.empty() && values.size() == 1) {
    return PackedShots::of_width_zero(1);
  }
  PackedShots keys = packed(core, text, JobResult::HistogramKeys, program);
  require_as_many(core, JobResult::HistogramKeys, program, keys.size(), values.size());
  return keys;
}

}  // namespace

Bitstrings Job::shots_list(std::size_t program) const {
  auto text = text_result(*core_, JobResult::Shots, program);
  if (!text) {
    throw_not_supported(*core_, JobResult::Shots, program);
  }
  // Shots of a program that measures nothing and no shots at all look alike: "" has neither comma nor bit.
  return text->empty() ? Bitstrings() : Bitstrings(*std::move(text));
}

PackedShots Job::packed_shots(std::size_t program) const {
  const auto characters = characters_result(*core_, JobResult::Shots, program);
  if (!characters) {
    throw_not_supported(*core_, JobResult::Shots, program);
  }
  return packed(*core_, characters->text(), JobResult::Shots, program);
}

PackedCounts Job::packed_counts(std::size_t program) const {
  const auto characters = characters_result(*core_, JobResult::HistogramKeys, program);
  if (!characters) {
    const Counts counts = Counts::of_shots(shots_list(program));
    std::vector<std::size_t> values(counts.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = counts.value(i);
    }
    return {packed_keys(*core_, counts.keys_text(), values, program), std::move(values)};
  }
  auto values = required_list<std::size_t>(*core_, JobResult::HistogramValues, program);
  return {packed_keys(*core_, characters->text(), values, program), std::move(values)};
}

Counts Job::counts(std::size_t program) const {
  auto keys = text_result(*core_, JobResult::HistogramKeys, program);
  if (!keys) {
    return Counts::of_shots(shots_list(program));
  }
  auto values = required_list<std::size_t>(*core_, JobResult::HistogramValues, program);
  Bitstrings bitstrings = keys_of(*core_, JobResult::HistogramKeys, program, *std::move(keys), values.size());
  return {std::move(bitstrings), std::move(values)};
}

StateVector Job::state_vector(std::size_t program) const {
  return dense<std::complex<double>>(*core_, JobResult::StatevectorDense, program);
}

SparseStateVector Job::sparse_state_vector(std::size_t program) const {
  return sparse<SparseStateVector>(*core_, JobResult::StatevectorSparseKeys, JobResult::StatevectorSparseValues,
                                   program);
}

Probabilities Job::probabilities(std::size_t program) const {
  return dense<double>(*core_, JobResult::ProbabilitiesDense, program);
}

SparseProbabilities Job::sparse_probabilities(std::size_t program) const {
  return sparse<SparseProbabilities>(*core_, JobResult::ProbabilitiesSparseKeys, JobResult::ProbabilitiesSparseValues,
                                     program);
}

std::vector<std::byte> Job::result(JobResult kind, std::size_t program) const {
  return required_list<std::byte>(*core_, kind, program);
}

}  // namespace qdmikit
