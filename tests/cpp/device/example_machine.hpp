// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "core/machine.hpp"
#include "example_replies.hpp"
#include "manual_clock.hpp"
#include "scripted_transport.hpp"

namespace iqm::test {

// A server with one machine of three qubits, behind a scripted transport.
struct ExampleMachine {
  std::shared_ptr<ScriptedTransport> transport = std::make_shared<ScriptedTransport>();
  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();

  ExampleMachine() {
    for (const auto& [route, body] : example_replies()) {
      transport->on("GET " + route, 200, body);
    }
  }

  [[nodiscard]] static core::Settings settings() {
    core::Settings settings;
    settings.base_url = "http://127.0.0.1:1";
    return settings;
  }
  [[nodiscard]] std::shared_ptr<core::Machine> connect(const core::Settings& chosen = settings()) const {
    return core::Machine::connect(chosen, {.clock = clock, .transport = transport});
  }
};

}  // namespace iqm::test
