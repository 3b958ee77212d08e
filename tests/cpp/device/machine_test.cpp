// SPDX-License-Identifier: Apache-2.0
#include "core/machine.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <barrier>
#include <string>

#include "core/queries.hpp"
#include "example_machine.hpp"
#include "scoped_environment.hpp"
#include "support/error.hpp"

namespace iqm::test {
namespace {

constexpr const char* kMetrics = "GET /api/v1/calibration-sets/small/default/metrics";
constexpr const char* kStatic = "GET /api/v1/quantum-computers/small/artifacts/static-quantum-architectures";
constexpr const char* kHealth = "GET /api/v1/quantum-computers/01966208-f3ec-73b7-890d-100000000000/health";
constexpr const char* kQueue = "GET /api/v1/quantum-computers/01966208-f3ec-73b7-890d-100000000000/queue-availability";

class Machine : public ::testing::Test {
 protected:
  ScopedEnvironment environment_{"IQM_TOKEN", "IQM_TOKENS_FILE", "QDMI_AUTH_FILE", "IQM_ALLOW_INSECURE_HTTP"};
  ExampleMachine example_;
};

core::Handle site(const core::Machine& machine, std::size_t index) { return machine.snapshot()->sites.at(index); }

core::Handle operation(const core::Machine& machine, const std::string& name) {
  for (const core::Handle handle : machine.snapshot()->operations) {
    if (machine.operations().find(handle)->name == name) {
      return handle;
    }
  }
  throw std::out_of_range(name);
}

double fidelity(const core::Machine& machine, const std::string& name, const std::vector<core::Handle>& locus) {
  double value = 0;
  core::query_operation(machine, operation(machine, name), {.sites = locus, .parameters = std::nullopt},
                        QDMI_OPERATION_PROPERTY_FIDELITY, core::PropertySink(sizeof(value), &value, nullptr));
  return value;
}

std::uint64_t site_value(const core::Machine& machine, std::size_t index, QDMI_Site_Property property) {
  std::uint64_t value = 0;
  core::query_site(machine, site(machine, index), property, core::PropertySink(sizeof(value), &value, nullptr));
  return value;
}

TEST_F(Machine, NeedsTwoDependentRoundTrips) {
  // The second trip's four requests only come back once all of them are under way.
  const auto together = std::make_shared<std::barrier<>>(4);
  const auto fresh = std::make_shared<ScriptedTransport>();
  for (const auto& [route, body] : example_replies()) {
    const bool first_trip = route == "/api/v1/quantum-computers";
    fresh->on("GET " + route, [=, body = body](const http::Request&, TimePoint, const std::stop_token&) {
      if (!first_trip) {
        together->arrive_and_wait();
      }
      return http::Response{.status = 200, .headers = {}, .body = body};
    });
  }
  fresh->on("GET /cocos/health", [=](const http::Request&, TimePoint, const std::stop_token&) {
    together->arrive_and_wait();
    return http::Response{.status = 404, .headers = {}, .body = ""};
  });
  example_.transport = fresh;
  const auto machine = example_.connect();
  (void)machine->limits().get();  // the last of what follows in the background
  EXPECT_EQ(fresh->requests().size(), 7U);
}

TEST_F(Machine, TakesTheFirstComputerUnlessOneIsSelected) {
  EXPECT_EQ(example_.connect()->snapshot()->computer.alias, "small");
  core::Settings settings = ExampleMachine::settings();
  settings.selector.id = "01966208-f3ec-73b7-890d-100000000000";
  EXPECT_EQ(example_.connect(settings)->snapshot()->computer.alias, "small");
}

TEST_F(Machine, AnUnknownComputerIsNamedBesideThoseThatExist) {
  core::Settings settings = ExampleMachine::settings();
  settings.selector.alias = "emerald";
  try {
    (void)example_.connect(settings);
    FAIL();
  } catch (const UnknownQuantumComputer& error) {
    const std::string text = error.what();
    for (const char* part : {"'emerald'", "small (01966208", "other:mock"}) {
      EXPECT_NE(text.find(part), std::string::npos) << text;
    }
  }
}

TEST_F(Machine, KeepsNanosecondsOfCoherenceTimes) {
  const auto machine = example_.connect();
  EXPECT_EQ(site_value(*machine, 0, QDMI_SITE_PROPERTY_T1), 34765U);
  EXPECT_EQ(site_value(*machine, 0, QDMI_SITE_PROPERTY_T2), 21000U);
}

TEST_F(Machine, OddOrInvalidMetricsAreAbsentAndCostNothingElse) {
  const auto machine = example_.connect();
  EXPECT_THROW((void)site_value(*machine, 1, QDMI_SITE_PROPERTY_T1), NotSupported);  // a string
  EXPECT_THROW((void)site_value(*machine, 2, QDMI_SITE_PROPERTY_T1), NotSupported);  // marked invalid
}

TEST_F(Machine, FidelitiesFollowTheImplementationInUse) {
  const auto machine = example_.connect();
  EXPECT_EQ(fidelity(*machine, "prx", {site(*machine, 0)}), 0.999);
  EXPECT_EQ(fidelity(*machine, "cz", {site(*machine, 0), site(*machine, 1)}), 0.99);
  EXPECT_EQ(fidelity(*machine, "cz", {site(*machine, 1), site(*machine, 0)}), 0.99);  // symmetric
  EXPECT_EQ(fidelity(*machine, "cz", {site(*machine, 1), site(*machine, 2)}), 0.98);  // overridden: crf
  EXPECT_THROW((void)fidelity(*machine, "prx", {site(*machine, 1)}), NotSupported);
}

TEST_F(Machine, GatesThatAreNoOperationsOrNotCalibratedAreLeftOut) {
  const auto machine = example_.connect();
  std::vector<std::string> names;
  for (const core::Handle handle : machine->snapshot()->operations) {
    names.push_back(machine->operations().find(handle)->name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"cz", "measure", "prx"}));
}

TEST_F(Machine, CouplingMapHoldsBothDirections) {
  const auto machine = example_.connect();
  const core::Handle a = site(*machine, 0);
  const core::Handle b = site(*machine, 1);
  const core::Handle c = site(*machine, 2);
  EXPECT_EQ(machine->snapshot()->coupling_map, (std::vector{a, b, b, a, b, c, c, b}));
}

TEST_F(Machine, MetricsOfAnotherCalibrationSetAreAskedForAnew) {
  const std::string by_id = std::string("/api/v1/calibration-sets/small/") + kCalibrationSet + "/metrics";
  const auto fresh = std::make_shared<ScriptedTransport>();
  for (const auto& [route, body] : example_replies()) {
    fresh->on("GET " + route, 200, route.ends_with("default/metrics") ? example_metrics(kOther) : body);
  }
  fresh->on("GET " + by_id, 200, example_metrics(kCalibrationSet));
  example_.transport = fresh;
  EXPECT_EQ(site_value(*example_.connect(), 0, QDMI_SITE_PROPERTY_T1), 34765U);
  EXPECT_EQ(fresh->count("GET " + by_id), 1U);
}

TEST_F(Machine, MissingMetricsLeaveTheSessionWithoutFigures) {
  const auto fresh = std::make_shared<ScriptedTransport>();
  for (const auto& [route, body] : example_replies()) {
    if (!route.ends_with("metrics")) {
      fresh->on("GET " + route, 200, body);
    }
  }
  example_.transport = fresh;
  const auto machine = example_.connect();
  EXPECT_EQ(machine->snapshot()->qubits, 3U);
  EXPECT_THROW((void)site_value(*machine, 0, QDMI_SITE_PROPERTY_T1), NotSupported);
}

TEST_F(Machine, ContradictingArchitecturesAreRefused) {
  const auto fresh = std::make_shared<ScriptedTransport>();
  fresh->on(kStatic, 200, R"([{"qubits":["QB1"],"connectivity":[["QB1","QB9"]]}])");
  for (const auto& [route, body] : example_replies()) {
    if ("GET " + route != kStatic) {
      fresh->on("GET " + route, 200, body);
    }
  }
  example_.transport = fresh;
  try {
    (void)example_.connect();
    FAIL();
  } catch (const ProtocolError& error) {
    EXPECT_NE(std::string(error.what()).find("'QB9'"), std::string::npos);
  }
}

TEST_F(Machine, AFailedRequestEndsTheOthersOfItsTrip) {
  const auto fresh = std::make_shared<ScriptedTransport>();
  for (const auto& [route, body] : example_replies()) {
    if ("GET " + route == kMetrics) {
      fresh->on(kMetrics, [](const http::Request&, TimePoint, const std::stop_token& stop) -> http::Response {
        while (!stop.stop_requested()) {
          std::this_thread::yield();
        }
        throw Interrupted("ended");
      });
    } else if (!route.ends_with("dynamic-quantum-architecture")) {
      fresh->on("GET " + route, 200, body);
    } else {
      fresh->on("GET " + route, 500, "");
    }
  }
  example_.transport = fresh;
  EXPECT_THROW((void)example_.connect(), ServerFault);
}

TEST_F(Machine, ATokenDoesNotTravelInClearTextToAnotherHost) {
  core::Settings settings;
  settings.base_url = "http://server.example";
  settings.credential.token = "s3cret";
  try {
    (void)example_.connect(settings);
    FAIL();
  } catch (const UnusableCredential& error) {
    EXPECT_EQ(std::string(error.what()).find("s3cret"), std::string::npos);
  }
  EXPECT_TRUE(example_.transport->requests().empty());
}

TEST_F(Machine, EveryRequestHasTheTimeThatTheSettingsAllow) {
  core::Settings settings = ExampleMachine::settings();
  settings.request_timeout = std::chrono::milliseconds(1500);
  const auto fresh = std::make_shared<ScriptedTransport>();
  for (const auto& [route, body] : example_replies()) {
    fresh->on("GET " + route, [this, body = body](const http::Request&, TimePoint deadline, const std::stop_token&) {
      EXPECT_EQ(deadline - example_.clock->now(), std::chrono::milliseconds(1500));
      return http::Response{.status = 200, .headers = {}, .body = body};
    });
  }
  example_.transport = fresh;
  (void)example_.connect(settings)->limits().get();
}

// --- calibration sets

constexpr const char* kSets = "GET /api/v1/calibration-sets/small/";

std::string example_durations() {
  return R"({"observations":[{"dut_field":"gates.prx.drag_gaussian.QB1.duration","value":2e-08,"unit":"s"},)"
         R"({"dut_field":"gates.cz.crf.QB3__QB2.duration","value":4.04e-08,"unit":"s"},)"
         R"({"dut_field":"gates.cz.tgss.QB1__QB2.duration","value":"soon","unit":"s"},)"
         R"({"dut_field":"gates.measure.constant.QB1.duration","value":-1,"unit":"s"}]})";
}

std::uint64_t duration(const core::Machine& machine, const std::string& name, const std::vector<core::Handle>& locus) {
  std::uint64_t value = 0;
  core::query_operation(machine, operation(machine, name), {.sites = locus, .parameters = std::nullopt},
                        QDMI_OPERATION_PROPERTY_DURATION, core::PropertySink(sizeof(value), &value, nullptr));
  return value;
}

TEST_F(Machine, DurationsComeFromTheCalibrationSetInWholeNanoseconds) {
  example_.transport->on(std::string(kSets) + kCalibrationSet, 200, example_durations());
  const auto machine = example_.connect();
  EXPECT_EQ(duration(*machine, "prx", {site(*machine, 0)}), 20U);
  // Of the implementation in use there, whichever way round the server lists the pair.
  EXPECT_EQ(duration(*machine, "cz", {site(*machine, 1), site(*machine, 2)}), 40U);
  EXPECT_THROW((void)duration(*machine, "cz", {site(*machine, 0), site(*machine, 1)}), NotSupported);
  EXPECT_THROW((void)duration(*machine, "measure", {site(*machine, 0)}), NotSupported);
}

TEST_F(Machine, AServerWithoutCalibrationSetsOrLimitsGivesNoDurationsAndNoLimits) {
  const auto machine = example_.connect();
  EXPECT_THROW((void)duration(*machine, "prx", {site(*machine, 0)}), NotSupported);
  EXPECT_EQ(machine->limits().get().shots_per_circuit, std::nullopt);
}

TEST_F(Machine, LimitsAreTheServersAndOddOnesAreNone) {
  example_.transport->on("GET /api/v1/quantum-computers/small/limits", 200,
                         R"({"max_executions_per_job":100,"max_shots_per_circuit":-5,"max_circuits_per_job":"9"})");
  const auto machine = example_.connect();
  EXPECT_EQ(machine->limits().get().executions_per_job, 100U);
  EXPECT_EQ(machine->limits().get().shots_per_circuit, std::nullopt);
  EXPECT_EQ(machine->limits().get().circuits_per_job, std::nullopt);
}

// Documents of another calibration set, which no longer has QB3 and knows cz on one pair only.
void serve_new_set(ScriptedTransport& transport) {
  const std::string set = std::string(kSets) + kOther;
  transport.on(set + "/dynamic-quantum-architecture", 200,
               std::string(R"({"calibration_set_id":")") + kOther +
                   R"(","gates":{"prx":{"implementations":{"drag_gaussian":{"loci":[["QB1"],["QB2"]]}},)"
                   R"("default_implementation":"drag_gaussian"}}})");
  transport.on(
      set + "/metrics", 200,
      std::string(R"({"describes_id":")") + kOther +
          R"(","observations":[{"dut_field":"characterization.model.QB1.t1_time","value":5e-05,"unit":"s"}]})");
}

TEST_F(Machine, AfterACalibrationOldHandlesAnswerWithNewValues) {
  serve_new_set(*example_.transport);
  const auto machine = example_.connect();
  const core::Handle qubit = site(*machine, 0);
  const core::Handle cz = operation(*machine, "cz");
  const auto before = machine->snapshot();
  machine->move_to(kOther, {});
  EXPECT_EQ(machine->snapshot()->calibration_set_id, kOther);
  EXPECT_EQ(before->calibration_set_id, kCalibrationSet);  // a query under way keeps what it began with
  EXPECT_EQ(site(*machine, 0), qubit);
  EXPECT_EQ(site_value(*machine, 0, QDMI_SITE_PROPERTY_T1), 50'000U);

  // What is gone keeps its name and answers nothing else.
  std::string name(3, '?');
  core::query_operation(*machine, cz, {}, QDMI_OPERATION_PROPERTY_NAME,
                        core::PropertySink(name.size(), name.data(), nullptr));
  EXPECT_STREQ(name.c_str(), "cz");
  EXPECT_THROW(core::query_operation(*machine, cz, {}, QDMI_OPERATION_PROPERTY_SITES, {0, nullptr, nullptr}),
               NotSupported);
}

TEST_F(Machine, ACalibrationSetThatTheServerDoesNotHaveYetChangesNothing) {
  const auto machine = example_.connect();
  EXPECT_THROW(machine->move_to(kOther, {}), NotFound);
  EXPECT_EQ(machine->snapshot()->calibration_set_id, kCalibrationSet);
}

TEST_F(Machine, APinnedSessionUsesItsSetAndStaysWithIt) {
  serve_new_set(*example_.transport);
  core::Settings settings = ExampleMachine::settings();
  settings.calibration_set = kOther;
  const auto machine = example_.connect(settings);
  EXPECT_EQ(machine->snapshot()->calibration_set_id, kOther);
  EXPECT_EQ(example_.transport->count(std::string(kSets) + "default"), 0U);
  machine->move_to(kCalibrationSet, {});
  EXPECT_EQ(machine->snapshot()->calibration_set_id, kOther);
}

TEST_F(Machine, APinnedSetThatTheServerExchangesIsAProtocolError) {
  core::Settings settings = ExampleMachine::settings();
  settings.calibration_set = kOther;
  example_.transport->on(std::string(kSets) + kOther + "/dynamic-quantum-architecture", 200,
                         example_replies().at("/api/v1/calibration-sets/small/default/dynamic-quantum-architecture"));
  EXPECT_THROW((void)example_.connect(settings), ProtocolError);
}

// --- a machine with a computational resonator

TEST_F(Machine, ResonatorsAreSitesButNoQubitsAndMoveHasADirection) {
  const auto fresh = std::make_shared<ScriptedTransport>();
  for (const auto& [route, body] : example_replies()) {
    if (route == "/api/v1/quantum-computers") {
      fresh->on("GET " + route, 200, body);
    }
  }
  fresh->on(kStatic, 200,
            R"([{"qubits":["QB1","QB2"],"computational_resonators":["CR1"],)"
            R"("connectivity":[["QB1","CR1"],["QB2","CR1"]]}])");
  fresh->on(std::string(kSets) + "default/dynamic-quantum-architecture", 200,
            std::string(R"({"calibration_set_id":")") + kCalibrationSet +
                R"(","gates":{"move":{"implementations":{"tgss_crf":{"loci":[["QB1","CR1"]]}},)"
                R"("default_implementation":"tgss_crf"},)"
                R"("cz":{"implementations":{"tgss":{"loci":[["QB2","CR1"]]}},"default_implementation":"tgss"}}})");
  fresh->on(kMetrics, 200,
            std::string(R"({"describes_id":")") + kCalibrationSet +
                R"(","observations":[{"dut_field":"metrics.irb.move.tgss_crf.QB1__CR1.fidelity:par=d2","value":0.98},)"
                R"({"dut_field":"metrics.irb.cz.tgss.QB2__CR1.fidelity:par=d2","value":0.97},)"
                R"({"dut_field":"characterization.model.CR1.t1_time","value":4e-06}]})");
  example_.transport = fresh;
  const auto machine = example_.connect();
  EXPECT_EQ(machine->snapshot()->qubits, 2U);
  ASSERT_EQ(machine->snapshot()->sites.size(), 3U);
  EXPECT_EQ(site_value(*machine, 2, QDMI_SITE_PROPERTY_T1), 4000U);
  const core::Handle resonator = site(*machine, 2);
  EXPECT_EQ(fidelity(*machine, "cz", {site(*machine, 1), resonator}), 0.97);
  EXPECT_EQ(fidelity(*machine, "cz", {resonator, site(*machine, 1)}), 0.97);
  EXPECT_EQ(fidelity(*machine, "move", {site(*machine, 0), resonator}), 0.98);
  EXPECT_THROW((void)fidelity(*machine, "move", {resonator, site(*machine, 0)}), NotSupported);
}

// --- the two queries that ask the server

struct Observation {
  const char* name;
  long health_status;
  const char* health;
  long queue_status;
  const char* queue;
  QDMI_Device_Status expected;
};

class MachineStatus : public ::testing::TestWithParam<Observation> {};

TEST_P(MachineStatus, FollowsTheServer) {
  const ScopedEnvironment environment{"IQM_TOKEN", "IQM_TOKENS_FILE", "QDMI_AUTH_FILE"};
  const ExampleMachine example;
  example.transport->on(kHealth, GetParam().health_status, GetParam().health);
  example.transport->on(kQueue, GetParam().queue_status, GetParam().queue);
  EXPECT_EQ(example.connect()->status(), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Machine, MachineStatus,
    ::testing::Values(
        Observation{"idle", 200, R"({"healthy":true})", 200, R"({"queue_length":0})", QDMI_DEVICE_STATUS_IDLE},
        Observation{"queue", 200, R"({"healthy":true})", 200, R"({"queue_length":2})", QDMI_DEVICE_STATUS_BUSY},
        Observation{"unhealthy", 200, R"({"healthy":false})", 200, R"({"queue_length":0})",
                    QDMI_DEVICE_STATUS_MAINTENANCE},
        Observation{"closed", 200, R"({"healthy":true})", 200, R"({"queue_length":0,"available":[]})",
                    QDMI_DEVICE_STATUS_MAINTENANCE},
        Observation{"no_health", 404, "{}", 200, R"({"queue_length":0})", QDMI_DEVICE_STATUS_IDLE},
        Observation{"no_queue", 200, R"({"healthy":true})", 404, "{}", QDMI_DEVICE_STATUS_IDLE},
        Observation{"odd_health", 200, R"({"healthy":"yes"})", 200, R"({"queue_length":0})", QDMI_DEVICE_STATUS_BUSY},
        Observation{"odd_queue", 200, R"({"healthy":true})", 200, R"({"queue_length":"many"})",
                    QDMI_DEVICE_STATUS_BUSY},
        Observation{"broken_queue", 200, R"({"healthy":true})", 500, "", QDMI_DEVICE_STATUS_BUSY}),
    [](const auto& parameter) { return parameter.param.name; });

TEST_F(Machine, AnUnreachableServerIsOffline) {
  const auto machine = example_.connect();
  example_.transport->on(kHealth, [](const http::Request&, TimePoint, const std::stop_token&) -> http::Response {
    throw Unreachable("gone");
  });
  EXPECT_EQ(machine->status(), QDMI_DEVICE_STATUS_OFFLINE);
}

TEST_F(Machine, ACalibrationOfThisProcessShowsUnlessTheMachineIsClosed) {
  const auto machine = example_.connect();
  example_.transport->on(kHealth, 200, R"({"healthy":true})");
  example_.transport->on(kQueue, 200, R"({"queue_length":3})");
  machine->count_calibration(1);
  EXPECT_EQ(machine->status(), QDMI_DEVICE_STATUS_CALIBRATION);
  machine->count_calibration(-1);
  EXPECT_EQ(machine->status(), QDMI_DEVICE_STATUS_BUSY);
}

TEST_F(Machine, AServerThatIsCutOffIsAskedNoLongerThanItsRequestMayTake) {
  const auto machine = example_.connect();
  example_.transport->on(kHealth, 503, "{}", {{"Retry-After", "3600"}});
  EXPECT_EQ(machine->status(), QDMI_DEVICE_STATUS_BUSY);
  EXPECT_EQ(example_.transport->count(kHealth), 1U);
}

TEST_F(Machine, QueueLengthIsTheServersOrNotSupported) {
  example_.transport->on(kQueue, 200, R"({"queue_length":4})");
  example_.transport->on(kQueue, 200, R"({"queue_length":-1})");
  example_.transport->on(kQueue, 404, "{}");
  const auto machine = example_.connect();
  EXPECT_EQ(machine->queue_length(), 4U);
  EXPECT_EQ(machine->queue_length(), std::nullopt);
  EXPECT_EQ(machine->queue_length(), std::nullopt);
}

}  // namespace
}  // namespace iqm::test
