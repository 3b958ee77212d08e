// SPDX-License-Identifier: Apache-2.0
#include "core/machine.hpp"

#include <algorithm>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "http/base_url.hpp"
#include "http/cpr_transport.hpp"
#include "server/exchange.hpp"
#include "server/routes.hpp"
#include "support/error.hpp"
#include "support/log.hpp"

namespace iqm::core {
namespace {

constexpr std::chrono::seconds kRequestTimeout{120};

std::string list_aliases(const std::vector<model::QuantumComputer>& computers) {
  std::string list;
  for (const auto& computer : computers) {
    list += (list.empty() ? "" : ", ") + computer.alias + " (" + computer.id + ")";
  }
  return list.empty() ? "none" : list;
}

model::QuantumComputer select(const std::vector<model::QuantumComputer>& computers, const ComputerSelector& selector) {
  auto found = computers.begin();
  std::string wanted = "any";
  if (!selector.id.empty()) {
    wanted = "the id '" + selector.id + "'";
    found = std::ranges::find(computers, selector.id, &model::QuantumComputer::id);
  } else if (!selector.alias.empty()) {
    wanted = "the alias '" + selector.alias + "'";
    found = std::ranges::find(computers, selector.alias, &model::QuantumComputer::alias);
  }
  if (found == computers.end()) {
    throw UnknownQuantumComputer("the server has no quantum computer with " + wanted +
                                 "; it lists: " + list_aliases(computers));
  }
  return *found;
}

// Runs a request on a thread of its own. Its exception, if any, comes out of get().
template <typename Request>
auto concurrently(Request request) {
  return std::async(std::launch::async, std::move(request));
}

}  // namespace

Environment system_environment() {
  auto clock = std::make_shared<SystemClock>();
  auto transport = std::make_shared<http::CprTransport>(http::transport_settings_from_environment(), clock);
  return {.clock = std::move(clock), .transport = std::move(transport)};
}

std::shared_ptr<Machine> Machine::connect(const Settings& settings, Environment environment) {
  std::shared_ptr<auth::TokenSource> tokens = auth::resolve_credential(settings.credential, environment.wall_clock);
  if (tokens->bearer_token() && !http::may_carry_secrets(settings.base_url)) {
    throw UnusableCredential("the token would travel in clear text to " + settings.base_url +
                             "; use https, or set IQM_ALLOW_INSECURE_HTTP=1 on a network you trust");
  }
  server::Exchange exchange(settings.base_url, {.transport = environment.transport,
                                                .tokens = std::move(tokens),
                                                .clock = environment.clock,
                                                .wall_clock = environment.wall_clock,
                                                .jitter = environment.jitter});
  auto machine = std::make_shared<Machine>(server::IqmServer(std::move(exchange)), std::move(environment));
  machine->warm_up(settings.selector);
  return machine;
}

Machine::Machine(server::IqmServer server, Environment environment)
    : server_(std::move(server)), environment_(std::move(environment)) {}

void Machine::warm_up(const ComputerSelector& selector) {
  const server::Call first = call();
  const model::QuantumComputer computer = select(server_.quantum_computers(first), selector);
  const std::string& alias = computer.alias;

  const std::stop_source abandon;
  const server::Call second = call(std::nullopt, abandon.get_token());
  const char* set = server::routes::kDefaultCalibrationSet;
  auto architecture = concurrently([&] { return server_.static_architecture(alias, second); });
  auto metrics = concurrently([&] { return server_.metrics(alias, set, second); });
  auto calibration = concurrently([&] { return server_.has_calibration_service(second); });
  try {
    const model::DynamicArchitecture dynamic = server_.dynamic_architecture(alias, set, second);
    const model::StaticArchitecture fixed = architecture.get();
    std::optional<model::QualityMetrics> figures = metrics.get();
    calibration_supported_ = calibration.get();
    // A calibration that ended between two requests, or a server that does not say: figures of another set are worse
    // than none.
    if (figures && figures->calibration_set_id != dynamic.calibration_set_id) {
      figures = server_.metrics(alias, dynamic.calibration_set_id, second);
    }
    if (!figures) {
      log::info("the server has no quality metrics for calibration set " + dynamic.calibration_set_id);
      figures.emplace();
    }
    auto snapshot =
        std::make_shared<const Snapshot>(build_snapshot(computer, fixed, dynamic, *figures, sites_, operations_));
    const std::scoped_lock lock(snapshot_mutex_);
    snapshot_ = std::move(snapshot);
  } catch (...) {
    abandon.request_stop();  // the futures' destructors wait for their requests
    throw;
  }
}

std::shared_ptr<const Snapshot> Machine::snapshot() const {
  const std::scoped_lock lock(snapshot_mutex_);
  return snapshot_;
}

server::Call Machine::call(std::optional<TimePoint> deadline, std::stop_token stop) const {
  const TimePoint latest = clock().now() + kRequestTimeout;
  return {.deadline = deadline ? std::min(*deadline, latest) : latest, .stop = std::move(stop)};
}

QDMI_Device_Status Machine::status() const {
  const std::string id = snapshot()->computer.id;
  const server::Call limits = call();
  try {
    if (server_.healthy(id, limits) == false) {
      return QDMI_DEVICE_STATUS_MAINTENANCE;
    }
    const auto availability = server_.queue_availability(id, limits);
    if (availability && !availability->open) {
      return QDMI_DEVICE_STATUS_MAINTENANCE;
    }
    if (availability && availability->queue_length != 0U) {
      return QDMI_DEVICE_STATUS_BUSY;
    }
  } catch (const Error& error) {
    log::info(std::string("cannot read the machine's status: ") + error.what());
    const bool answered = error.detail().http_status != 0 || error.kind() == "ProtocolError";
    return answered ? QDMI_DEVICE_STATUS_BUSY : QDMI_DEVICE_STATUS_OFFLINE;
  }
  return active_jobs_.load() > 0 ? QDMI_DEVICE_STATUS_BUSY : QDMI_DEVICE_STATUS_IDLE;
}

std::optional<std::size_t> Machine::queue_length() const {
  const auto availability = server_.queue_availability(snapshot()->computer.id, call());
  return availability ? availability->queue_length : std::nullopt;
}

}  // namespace iqm::core
