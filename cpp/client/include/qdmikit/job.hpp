// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "qdmikit/amplitudes.hpp"
#include "qdmikit/bitstrings.hpp"
#include "qdmikit/counts.hpp"
#include "qdmikit/export.hpp"
#include "qdmikit/job_property.hpp"
#include "qdmikit/job_result.hpp"
#include "qdmikit/job_status.hpp"
#include "qdmikit/packed_shots.hpp"
#include "qdmikit/program_format.hpp"
#include "qdmikit/wait_outcome.hpp"

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

  /// The same, until somebody asks to stop, which leaves the job alone; cancel() is what ends it. QDMI cannot interrupt
  /// a device's wait, so this one calls it for a second at a time, and comes back within about a second of the request.
  ///
  /// @param stop where the request comes from. Any thread may make it, at any time.
  /// @param timeout none: no limit.
  /// @return what ended the wait, and where the job stood then. Running out of time is no exception here.
  /// @throws InvalidArgument if the time-out is negative or not a number.
  [[nodiscard]] WaitOutcome wait(const std::stop_token& stop, std::optional<Seconds> timeout = std::nullopt) const;

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

  /// Any property, by QDMI's own list. See PropertyType for what it returns; none also where the job does not have the
  /// property in its present state.
  template <JobProperty P>
  [[nodiscard]] PropertyType<P> property() const;

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
  /// The state in which the program left the qubits. Simulators have it, some of them only without shots.
  /// @throws BadState if the job has not succeeded; for a failed job with the server's own errors.
  /// @throws NotSupported if the device hands out no such result, at least not for this job.
  [[nodiscard]] StateVector state_vector(std::size_t program = 0) const;
  /// The same without the zeros, however the device stores it.
  /// @throws BadState if the job has not succeeded; for a failed job with the server's own errors.
  /// @throws NotSupported if the device hands out no such result, at least not for this job.
  [[nodiscard]] SparseStateVector sparse_state_vector(std::size_t program = 0) const;
  /// The probability of each outcome, as far as the device calculates it; counts() is what was measured.
  /// @throws BadState if the job has not succeeded; for a failed job with the server's own errors.
  /// @throws NotSupported if the device hands out no such result, at least not for this job.
  [[nodiscard]] Probabilities probabilities(std::size_t program = 0) const;
  /// The same without the zeros.
  /// @throws BadState if the job has not succeeded; for a failed job with the server's own errors.
  /// @throws NotSupported if the device hands out no such result, at least not for this job.
  [[nodiscard]] SparseProbabilities sparse_probabilities(std::size_t program = 0) const;
  /// The bytes of a result as the device hands them out.
  /// @throws BadState if the job has not succeeded; for a failed job with the server's own errors.
  [[nodiscard]] std::vector<std::byte> result(JobResult kind, std::size_t program = 0) const;

 private:
  friend class Device;
  [[nodiscard]] JobStatus wait_until_over(std::optional<Seconds> timeout, const std::function<void()>& between_slices,
                                          const std::stop_token& stop) const;
  explicit Job(std::unique_ptr<const detail::JobCore> core) noexcept;

  std::unique_ptr<const detail::JobCore> core_;
};

}  // namespace qdmikit
