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
  (void)example_.connect();
  EXPECT_EQ(fresh->requests().size(), 5U);
}

TEST_F(Machine, TakesTheFirstComputerUnlessOneIsSelected) {
  EXPECT_EQ(example_.connect()->snapshot()->computer.alias, "small");
  EXPECT_EQ(example_.connect({.id = "01966208-f3ec-73b7-890d-100000000000", .alias = ""})->snapshot()->computer.alias,
            "small");
}

TEST_F(Machine, AnUnknownComputerIsNamedBesideThoseThatExist) {
  try {
    (void)example_.connect({.id = "", .alias = "emerald"});
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
  const core::Settings settings{
      .base_url = "http://server.example", .selector = {}, .credential = {.token = "s3cret", .tokens_file = ""}};
  try {
    (void)core::Machine::connect(settings, {.clock = example_.clock, .transport = example_.transport});
    FAIL();
  } catch (const UnusableCredential& error) {
    EXPECT_EQ(std::string(error.what()).find("s3cret"), std::string::npos);
  }
  EXPECT_TRUE(example_.transport->requests().empty());
}

// --- the two queries that ask the server
// ------------------------------------------------------------------------------

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
