// SPDX-License-Identifier: Apache-2.0
// The results of a job, in the forms that programs want them in.
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

[[noreturn]] void throw_not_supported(const detail::JobCore& core, JobResult kind, std::size_t program) {
  core.module().throw_answer(QDMI_ERROR_NOTSUPPORTED, attempt_of(subject_of(kind, program)));
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
  const auto text = text_result(*core_, JobResult::Shots, program);
  if (!text) {
    throw_not_supported(*core_, JobResult::Shots, program);
  }
  try {
    return PackedShots(*text);
  } catch (const std::invalid_argument& error) {
    core_->module().throw_broken_contract(attempt_of(subject_of(JobResult::Shots, program)), error.what());
  }
}

Counts Job::counts(std::size_t program) const {
  auto keys = text_result(*core_, JobResult::HistogramKeys, program);
  if (!keys) {
    return Counts::of_shots(shots_list(program));
  }
  auto values = list_result<std::size_t>(*core_, JobResult::HistogramValues, program);
  if (!values) {
    throw_not_supported(*core_, JobResult::HistogramValues, program);
  }
  // A program that measures nothing has one outcome, the empty bitstring.
  Bitstrings bitstrings =
      keys->empty() && values->size() == 1 ? Bitstrings::of_width_zero(1) : Bitstrings(*std::move(keys));
  if (bitstrings.size() != values->size()) {
    const std::string subject = subject_of(JobResult::HistogramValues, program);
    core_->module().throw_broken_contract(
        attempt_of(subject),
        "there are " + std::to_string(bitstrings.size()) + " keys but " + std::to_string(values->size()) + " values");
  }
  return {std::move(bitstrings), *std::move(values)};
}

std::vector<std::byte> Job::result(JobResult kind, std::size_t program) const {
  auto bytes = list_result<std::byte>(*core_, kind, program);
  if (!bytes) {
    throw_not_supported(*core_, kind, program);
  }
  return *std::move(bytes);
}

}  // namespace qdmikit
