// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/machine.hpp"
#include "core/property_sink.hpp"
#include "http/transport.hpp"
#include "server/exchange.hpp"
#include "support/clock.hpp"

// What the fuzz targets share. A finding is whatever libFuzzer and the sanitizers call one, and every exception that is
// no iqm::Error: it escapes from the target and ends the process.
namespace iqm::fuzz {

// An input is a list of parts, separated by the ASCII character "record separator" (octal 36): JSON cannot hold it, so
// that a corpus file is its documents as they are.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }
  // The next part, empty when there is none.
  std::string next();
  // All that was not read yet, as one part.
  std::string rest() { return std::string(std::exchange(rest_, {})); }

 private:
  std::string_view rest_;
};

// The decimal number that a text starts with.
[[nodiscard]] std::optional<std::size_t> number(std::string_view text);

// "503 <body>", or the body of a reply with status 200.
[[nodiscard]] http::Response response(std::string_view text);

// Ends the process: something that holds for every input does not hold for this one.
void require(bool holds, const char* what);

// Runs a reader of the input, which may refuse it with a typed error that says why.
void expect_typed_errors(const std::function<void()>& reader);

// Reads a property or result as QDMI says: first its size, then a buffer of just that size.
[[nodiscard]] std::string read(const std::function<void(const core::PropertySink&)>& query);
// The same for text, which ends in its only NUL.
void require_text(const std::string& value);

// Time that passes only when somebody sleeps.
class Clock final : public iqm::Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint(Duration(ticks_.load())); }
  void sleep_until(TimePoint when, const std::stop_token& /*stop*/) const override {
    ticks_ = std::max(ticks_.load(), when.time_since_epoch().count());
  }

 private:
  mutable std::atomic<Duration::rep> ticks_{std::chrono::duration_cast<Duration>(std::chrono::hours(1)).count()};
};

// A server that is a function from "GET /route?query" to its reply. It is called from several threads at once.
using Answer = std::function<http::Response(const std::string& line)>;
[[nodiscard]] core::Environment environment(Answer answer);
[[nodiscard]] server::Exchange exchange(const core::Environment& environment);
[[nodiscard]] std::shared_ptr<core::Machine> connect(Answer answer);

// Answers like the server of the unit tests' example machine; 404 for what that does not serve.
[[nodiscard]] http::Response example_reply(const std::string& line);

}  // namespace iqm::fuzz
