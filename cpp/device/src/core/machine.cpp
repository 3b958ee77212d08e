// SPDX-License-Identifier: Apache-2.0
#include "core/machine.hpp"

#include <algorithm>
#include <cctype>
#include <exception>
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

// Ends the requests of those futures that were made before it, whose destructors wait for them.
class StopAtExit {
 public:
  explicit StopAtExit(std::stop_source source) : source_(std::move(source)) {}
  StopAtExit(const StopAtExit&) = delete;
  StopAtExit& operator=(const StopAtExit&) = delete;
  StopAtExit(StopAtExit&&) = delete;
  StopAtExit& operator=(StopAtExit&&) = delete;
  ~StopAtExit() { source_.request_stop(); }

 private:
  std::stop_source source_;
};

// What the server answers to a question whose answer the session can do without.
template <typename T, typename Question>
T whatever_there_is(const char* what, Question question) {
  try {
    return question().value_or(T{});
  } catch (const Interrupted&) {
    return {};
  } catch (const std::exception& error) {
    try {
      log::warning(std::string("cannot read ") + what + ": " + error.what());
    } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): somebody waits for this answer
    }
    return {};
  }
}

// UUIDs are the same in either case of letters.
bool same_set(const std::string& a, const std::string& b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
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
  auto machine = std::make_shared<Machine>(server::IqmServer(std::move(exchange)), std::move(environment), settings);
  machine->warm_up(settings.selector, settings.calibration_set);
  machine->fetch_the_rest();
  return machine;
}

Machine::Machine(server::IqmServer server, Environment environment, const Settings& settings)
    : server_(std::move(server)),
      environment_(std::move(environment)),
      request_timeout_(settings.request_timeout),
      calibration_retry_(settings.calibration_retry) {}

Machine::~Machine() { closing_.request_stop(); }  // background_ waits for its thread

void Machine::warm_up(const ComputerSelector& selector, const std::string& pinned_set) {
  const std::stop_source abandon;
  const server::Call first = call(std::nullopt, abandon.get_token());
  // Asked at once, because it needs no computer; and its connection is there for the second trip.
  auto calibration = concurrently([&] { return server_.has_calibration_service(first); });
  const StopAtExit end_first(abandon);
  const model::QuantumComputer computer = select(server_.quantum_computers(first), selector);
  const std::string& alias = computer.alias;

  pinned_ = !pinned_set.empty();
  const std::string set = pinned_ ? pinned_set : server::routes::kDefaultCalibrationSet;
  const server::Call second = call(std::nullopt, abandon.get_token());
  auto architecture = concurrently([&] { return server_.static_architecture(alias, second); });
  auto metrics = concurrently([&] { return server_.metrics(alias, set, second); });
  const StopAtExit end_second(abandon);
  model::DynamicArchitecture dynamic = server_.dynamic_architecture(alias, set, second);
  if (pinned_ && !same_set(dynamic.calibration_set_id, pinned_set)) {
    throw ProtocolError("the server described the calibration set " + dynamic.calibration_set_id + " when asked for " +
                        pinned_set);
  }
  architecture_ = architecture.get();
  std::optional<model::QualityMetrics> figures = metrics.get();
  calibration_supported_ = calibration.get();
  publish(computer, matched(alias, std::move(dynamic), std::move(figures), second),
          std::make_shared<Deferred<model::OperationDurations>>());
}

Machine::Documents Machine::matched(const std::string& computer, model::DynamicArchitecture architecture,
                                    std::optional<model::QualityMetrics> metrics, const server::Call& call) const {
  // A calibration that ended between two requests, or a server that does not say: figures of another set are worse
  // than none.
  if (metrics && !same_set(metrics->calibration_set_id, architecture.calibration_set_id)) {
    metrics = server_.metrics(computer, architecture.calibration_set_id, call);
  }
  if (!metrics) {
    log::info("the server has no quality metrics for calibration set " + architecture.calibration_set_id);
  }
  return {.architecture = std::move(architecture), .metrics = std::move(metrics).value_or(model::QualityMetrics{})};
}

void Machine::publish(const model::QuantumComputer& computer, const Documents& documents,
                      std::shared_ptr<Deferred<model::OperationDurations>> durations) {
  auto snapshot = std::make_shared<Snapshot>(
      build_snapshot(computer, architecture_, documents.architecture, documents.metrics, sites_, operations_));
  snapshot->durations = std::move(durations);
  const std::scoped_lock lock(snapshot_mutex_);
  snapshot_ = std::move(snapshot);
}

void Machine::fetch_the_rest() {
  background_ = concurrently([this, known = snapshot()] {
    const server::Call quiet = call(std::nullopt, closing_.get_token());
    const std::string& alias = known->computer.alias;
    known->durations->set(whatever_there_is<model::OperationDurations>(
        "the durations of operations", [&] { return server_.durations(alias, known->calibration_set_id, quiet); }));
    limits_.set(whatever_there_is<model::Limits>("the limits of jobs", [&] { return server_.limits(alias, quiet); }));
  });
}

void Machine::move_to(const std::string& calibration_set, const std::stop_token& stop) {
  if (pinned_) {
    return;
  }
  const model::QuantumComputer computer = snapshot()->computer;
  const server::Call patient = call(std::nullopt, stop);
  model::DynamicArchitecture dynamic = server_.dynamic_architecture(computer.alias, calibration_set, patient);
  std::optional<model::QualityMetrics> metrics = server_.metrics(computer.alias, calibration_set, patient);
  const Documents documents = matched(computer.alias, std::move(dynamic), std::move(metrics), patient);
  auto durations = std::make_shared<Deferred<model::OperationDurations>>();
  durations->set(whatever_there_is<model::OperationDurations>(
      "the durations of operations", [&] { return server_.durations(computer.alias, calibration_set, patient); }));
  publish(computer, documents, std::move(durations));
}

std::shared_ptr<const Snapshot> Machine::snapshot() const {
  const std::scoped_lock lock(snapshot_mutex_);
  return snapshot_;
}

server::Call Machine::call(std::optional<TimePoint> deadline, std::stop_token stop) const {
  const TimePoint latest = clock().now() + request_timeout_;
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
    if (calibrations_.load() > 0) {
      return QDMI_DEVICE_STATUS_CALIBRATION;
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
