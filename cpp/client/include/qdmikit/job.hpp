// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "qdmikit/bitstrings.hpp"
#include "qdmikit/counts.hpp"
#include "qdmikit/export.hpp"
#include "qdmikit/job_result.hpp"
#include "qdmikit/job_status.hpp"
#include "qdmikit/packed_shots.hpp"
#include "qdmikit/program_format.hpp"

namespace qdmikit {

namespace detail {
class JobCore;
}

/// A length of time, fractions included.
using Seconds = std::chrono::duration<double>;

/// A job on a device. It keeps its session alive; destroying it frees the handle and leaves the job on the device
/// alone. wait() and cancel() may be called from different threads at the same time, as far as the device library
/// allows.
class QDMIKIT_EXPORT Job {
 public:
  ~Job();
  Job(Job&&) noexcept;
  Job& operator=(Job&&) noexcept;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  // --- before submission ---------------------------------------------------------------------------------------------

  /// Set the programs, all in one format. They are copied by the device; a second call replaces the list.
  /// @throws InvalidArgument if there is none, or a text program has a NUL inside.
  /// @throws NotSupported if the device does not take the format, or not that many programs in one job.
  void set_programs(ProgramFormat format, std::span<const std::string> programs);
  void set_shots(std::size_t shots);
  /// Set a job parameter that the device defines itself.
  /// @param number 1 to 5.
  void set_custom(int number, const std::string& value);
  void submit();
  /// @throws NotSupported if the device library has no such extension.
  void submit_calibration();

  // --- on its way ----------------------------------------------------------------------------------------------------

  /// Ask where the job stands.
  [[nodiscard]] JobStatus check() const;

  /// Wait until the job has come to its end, good or bad.
  ///
  /// QDMI counts time-outs in whole seconds. Whole seconds are left to the device's own wait; the fraction of a second
  /// at the end is polled, so that the time-out comes neither early nor a second late.
  ///
  /// @param timeout none: no limit.
  /// @param between_slices called at least about once a second while waiting; an exception from it ends the waiting.
  /// With it the device's wait is called for a second at a time, without it for as long as possible.
  /// @return a terminal status.
  /// @throws Timeout, never before the time is up. The job runs on.
  /// @throws InvalidArgument if the time-out is negative or not a number.
  JobStatus wait(std::optional<Seconds> timeout = std::nullopt, const std::function<void()>& between_slices = {}) const;

  /// @throws InvalidArgument if the job was done already.
  void cancel();

  // --- about it ------------------------------------------------------------------------------------------------------

  [[nodiscard]] std::string id() const;
  [[nodiscard]] std::optional<ProgramFormat> program_format() const;
  [[nodiscard]] std::optional<std::size_t> shots() const;
  [[nodiscard]] std::optional<std::size_t> programs_num() const;
  /// Jobs ahead of this one. Asks the device; none while the job is not queued, or when the device does not know.
  [[nodiscard]] std::optional<std::size_t> queue_position() const;
  /// How one program of the job fared; none if the device tells only about the job as a whole.
  [[nodiscard]] std::optional<JobStatus> program_status(std::size_t program = 0) const;
  /// The bytes of a property that the device defines itself; none: not supported.
  /// @param number 1 to 5.
  [[nodiscard]] std::optional<std::vector<std::byte>> custom(int number) const;

  // --- results, of the program with that index -----------------------------------------------------------------------

  /// @throws BadState if the job has not succeeded; for a failed job with the server's own errors.
  /// @throws NotSupported if it has neither a histogram nor shots.
  [[nodiscard]] Counts counts(std::size_t program = 0) const;
  /// The single shots in the order in which they were taken.
  /// @throws BadState if the job has not succeeded; for a failed job with the server's own errors.
  [[nodiscard]] Bitstrings shots_list(std::size_t program = 0) const;
  /// The same, packed: an eighth of the memory, and no list of places.
  /// @throws BadState if the job has not succeeded; for a failed job with the server's own errors.
  [[nodiscard]] PackedShots packed_shots(std::size_t program = 0) const;
  /// The same as counts(), packed.
  /// @throws BadState if the job has not succeeded; for a failed job with the server's own errors.
  /// @throws NotSupported if it has neither a histogram nor shots.
  [[nodiscard]] PackedCounts packed_counts(std::size_t program = 0) const;
  /// The bytes of a result as the device hands them out.
  /// @throws BadState if the job has not succeeded; for a failed job with the server's own errors.
  [[nodiscard]] std::vector<std::byte> result(JobResult kind, std::size_t program = 0) const;

 private:
  friend class Device;
  explicit Job(std::unique_ptr<const detail::JobCore> core) noexcept;

  std::unique_ptr<const detail::JobCore> core_;
};

}  // namespace qdmikit
