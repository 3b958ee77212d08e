// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "core/deferred.hpp"
#include "core/identities.hpp"
#include "core/settings.hpp"
#include "core/snapshot.hpp"
#include "http/transport.hpp"
#include "iqm_qdmi/constants.h"
#include "server/iqm_server.hpp"
#include "support/clock.hpp"

namespace iqm::core {

// The parts of the outside world, injected.
struct Environment {
  std::shared_ptr<const Clock> clock;
  std::shared_ptr<http::Transport> transport;
  WallClock wall_clock = system_wall_clock;
  server::Jitter jitter = server::random_jitter;
};

// The clock of this machine, and connections of a pool of their own.
[[nodiscard]] Environment system_environment();

// A quantum computer that a session is connected to: the server, the current snapshot and the handles given out. Jobs
// share its ownership, so they outlive their session's handle.
class Machine {
 public:
  // Discovery and warm-up. Two dependent round trips: which computer, then all of its metadata at once; a third one
  // only when the server's default metrics turn out to describe another calibration set. Durations and limits, which
  // nobody needs at once, follow in the background.
  [[nodiscard]] static std::shared_ptr<Machine> connect(const Settings& settings, Environment environment);

  Machine(server::IqmServer server, Environment environment, const Settings& settings);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  Machine(Machine&&) = delete;
  Machine& operator=(Machine&&) = delete;

  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const;
  [[nodiscard]] const IdentityTable& sites() const { return sites_; }
  [[nodiscard]] const IdentityTable& operations() const { return operations_; }
  [[nodiscard]] const server::IqmServer& server() const { return server_; }
  [[nodiscard]] const Clock& clock() const { return *environment_.clock; }

  // Brings the metadata of another calibration set, unless the session is pinned to one. Throws when the server cannot
  // (yet) tell all of them; the snapshot then stays as it is.
  void move_to(const std::string& calibration_set, const std::stop_token& stop);

  // What the server says about the largest job, once it has said it.
  [[nodiscard]] const Deferred<model::Limits>& limits() const { return limits_; }
  [[nodiscard]] bool calibration_supported() const { return calibration_supported_; }

  [[nodiscard]] std::chrono::milliseconds request_timeout() const { return request_timeout_; }
  // The pause before a new calibration set is looked for a second time.
  [[nodiscard]] std::chrono::seconds calibration_retry() const { return calibration_retry_; }

  // A call to the server that ends after the request time-out, or at `deadline` when that comes first.
  [[nodiscard]] server::Call call(std::optional<TimePoint> deadline = std::nullopt, std::stop_token stop = {}) const;

  // Asks the server: the two queries that must not be answered from memory.
  [[nodiscard]] QDMI_Device_Status status() const;
  [[nodiscard]] std::optional<std::size_t> queue_length() const;

  // Whether the server holds long polls, once that has shown.
  [[nodiscard]] bool long_poll_missing() const { return long_poll_missing_.load(); }
  void note_long_poll_missing() { long_poll_missing_.store(true); }

  // Jobs of this session last seen queued or running.
  void count_active_job(int change) { active_jobs_.fetch_add(change); }
  // Calibrations of this process that have not ended.
  void count_calibration(int change) { calibrations_.fetch_add(change); }

 private:
  // What describes a calibration set.
  struct Documents {
    model::DynamicArchitecture architecture;
    model::QualityMetrics metrics;
  };

  void warm_up(const ComputerSelector& selector, const std::string& pinned_set);
  // Asks once more for metrics that turned out to describe another set than the architecture.
  [[nodiscard]] Documents matched(const std::string& computer, model::DynamicArchitecture architecture,
                                  std::optional<model::QualityMetrics> metrics, const server::Call& call) const;
  void publish(const model::QuantumComputer& computer, const Documents& documents,
               std::shared_ptr<Deferred<model::OperationDurations>> durations);
  void fetch_the_rest();

  server::IqmServer server_;
  Environment environment_;
  IdentityTable sites_;
  IdentityTable operations_;
  std::chrono::milliseconds request_timeout_;
  std::chrono::seconds calibration_retry_;
  model::StaticArchitecture architecture_;
  bool pinned_ = false;
  mutable std::mutex snapshot_mutex_;
  std::shared_ptr<const Snapshot> snapshot_;
  bool calibration_supported_ = false;
  std::atomic<bool> long_poll_missing_{false};
  std::atomic<int> active_jobs_{0};
  std::atomic<int> calibrations_{0};
  Deferred<model::Limits> limits_;
  std::stop_source closing_;
  std::future<void> background_;
};

}  // namespace iqm::core
