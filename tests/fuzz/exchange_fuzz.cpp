// SPDX-License-Identifier: Apache-2.0
// What a reply says beside its document: status, headers (Retry-After, RateLimit-*, deprecations, request ids) and the
// body of an error. The first letter is the method, the status follows, then "Name: value" parts, and last the body.
#include <chrono>
#include <vector>

#include "fuzz.hpp"
#include "support/error.hpp"

namespace iqm::fuzz {
namespace {

http::Response read_response(std::string_view status, Input& input) {
  std::vector<std::string> parts;
  while (!input.empty()) {
    parts.push_back(input.next());
  }
  http::Response response{.status = static_cast<long>(number(status).value_or(200) % 1000), .headers = {}, .body = {}};
  if (!parts.empty()) {
    response.body = std::move(parts.back());
    parts.pop_back();
  }
  for (const std::string& header : parts) {
    const std::size_t colon = std::min(header.find(": "), header.size());
    response.headers[header.substr(0, colon)] = header.substr(std::min(colon + 2, header.size()));
  }
  return response;
}

}  // namespace
}  // namespace iqm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace iqm::fuzz;
  Input input(data, size);
  const std::string head = input.next();
  if (head.empty()) {
    return -1;
  }
  const auto reply = read_response(std::string_view(head).substr(1), input);
  std::size_t sent = 0;
  const auto world = environment([&](const std::string& /*line*/) {
    ++sent;
    return reply;
  });
  const auto exchange = iqm::fuzz::exchange(world);
  const auto deadline = world.clock->now() + std::chrono::minutes(1);
  expect_typed_errors([&] {
    try {
      const auto answered = head.front() == 'P' ? exchange.post("/r", "{}", {.deadline = deadline, .stop = {}})
                                                : exchange.get("/r", {.deadline = deadline, .stop = {}});
      require(reply.status / 100 == 2, "only a reply of success comes back");
      (void)answered.json();
    } catch (const iqm::Error& error) {
      require(reply.status / 100 == 2 || error.detail().http_status == reply.status, "an error tells its status");
      throw;
    }
  });
  require(sent >= 1 && sent <= 8, "a request is sent once, and repeated a bounded number of times");
  require(world.clock->now() <= deadline, "no pause goes past the deadline");
  return 0;
}
