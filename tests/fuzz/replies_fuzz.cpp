// SPDX-License-Identifier: Apache-2.0
// Every reply of the server that is read into the model: a letter for the request, then the reply to it.
#include <array>
#include <chrono>

#include "fuzz.hpp"
#include "server/iqm_server.hpp"

namespace iqm::fuzz {
namespace {

using Request = void (*)(const server::IqmServer&, const server::Call&);

constexpr const char* kId = "7865bed6-e8e6-4e3a-a543-0bfc8cf2431a";

// New ones at the end: the letters are the corpus's.
constexpr std::array<Request, 17> kRequests{
    [](const server::IqmServer& server, const server::Call& call) { (void)server.quantum_computers(call); },
    [](const server::IqmServer& server, const server::Call& call) { (void)server.static_architecture("m", call); },
    [](const server::IqmServer& server, const server::Call& call) {
      (void)server.dynamic_architecture("m", "s", call);
    },
    [](const server::IqmServer& server, const server::Call& call) { (void)server.metrics("m", "s", call); },
    [](const server::IqmServer& server, const server::Call& call) { (void)server.durations("m", "s", call); },
    [](const server::IqmServer& server, const server::Call& call) { (void)server.limits("m", call); },
    [](const server::IqmServer& server, const server::Call& call) { (void)server.healthy("m", call); },
    [](const server::IqmServer& server, const server::Call& call) { (void)server.queue_availability("m", call); },
    [](const server::IqmServer& server, const server::Call& call) {
      (void)server.submit_circuits("m", "{}", "", call);
    },
    [](const server::IqmServer& server, const server::Call& call) { (void)server.job(kId, call); },
    [](const server::IqmServer& server, const server::Call& call) {
      (void)server.poll_job(kId, std::chrono::seconds(1), call);
    },
    [](const server::IqmServer& server, const server::Call& call) { (void)server.cancel_job(kId, call); },
    [](const server::IqmServer& server, const server::Call& call) { (void)server.payload(kId, call); },
    [](const server::IqmServer& server, const server::Call& call) { (void)server.submit_calibration("{}", call); },
    [](const server::IqmServer& server, const server::Call& call) { (void)server.calibration(kId, call); },
    [](const server::IqmServer& server, const server::Call& call) { (void)server.measurement_counts(kId, call); },
    [](const server::IqmServer& server, const server::Call& call) { (void)server.measurements(kId, call); },
};

}  // namespace
}  // namespace iqm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace iqm::fuzz;
  if (size == 0 || data[0] < 'a' || data[0] >= 'a' + kRequests.size()) {
    return -1;
  }
  const auto world =
      environment([reply = response(Input(data + 1, size - 1).rest())](const std::string& /*line*/) { return reply; });
  const iqm::server::IqmServer server(exchange(world));
  expect_typed_errors([&] {
    kRequests.at(data[0] - 'a')(server, {.deadline = world.clock->now() + std::chrono::minutes(1), .stop = {}});
  });
  return 0;
}
