// SPDX-License-Identifier: Apache-2.0
#include "fuzz.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "auth/credential.hpp"
#include "example_replies.hpp"
#include "support/error.hpp"
#include "support/log.hpp"

namespace iqm::fuzz {
namespace {

constexpr char kSeparator = '\x1e';
constexpr const char* kBaseUrl = "http://127.0.0.1:1";

class AnsweringTransport final : public http::Transport {
 public:
  explicit AnsweringTransport(Answer answer) : answer_(std::move(answer)) {}

  [[nodiscard]] http::Response perform(const http::Request& request, TimePoint /*deadline*/,
                                       const std::stop_token& /*stop*/) override {
    const char* method = request.method == http::Method::kPost ? "POST " : "GET ";
    return answer_(method + request.url.substr(std::string_view(kBaseUrl).size()));
  }

 private:
  Answer answer_;
};

void swallow(int /*level*/, const char* /*message*/, void* /*user_data*/) {}

}  // namespace

std::string Input::next() {
  const std::size_t end = std::min(rest_.find(kSeparator), rest_.size());
  std::string part(rest_.substr(0, end));
  rest_.remove_prefix(std::min(end + 1, rest_.size()));
  return part;
}

std::optional<std::size_t> number(std::string_view text) {
  std::size_t value = 0;
  const bool read = std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
  return read ? std::optional(value) : std::nullopt;
}

http::Response response(std::string_view text) {
  constexpr std::size_t kDigits = 3;
  const auto status = text.size() > kDigits && text[kDigits] == ' ' ? number(text.substr(0, kDigits)) : std::nullopt;
  return {.status = static_cast<long>(status.value_or(200)),
          .headers = {},
          .body = std::string(status ? text.substr(kDigits + 1) : text)};
}

void require(bool holds, const char* what) {
  if (!holds) {
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
  }
}

void expect_typed_errors(const std::function<void()>& reader) {
  try {
    reader();
  } catch (const Error& error) {
    require(!error.kind().empty() && *error.what() != '\0', "an error has a kind and a text");
    require(error.status() < 0, "an error has the status of an error");
  }
}

std::string read(const std::function<void(const core::PropertySink&)>& query) {
  std::size_t size = 0;
  query(core::PropertySink(0, nullptr, &size));
  std::string value(size, '?');
  std::size_t again = 0;
  if (size > 0) {
    query(core::PropertySink(size, value.data(), &again));
    require(again == size, "a value has the size that was told");
  }
  return value;
}

void require_text(const std::string& value) { require(!value.empty() && value.back() == '\0', "text ends in NUL"); }

core::Environment environment(Answer answer) {
  return {.clock = std::make_shared<Clock>(),
          .transport = std::make_shared<AnsweringTransport>(std::move(answer)),
          .wall_clock = [] { return std::int64_t{1'800'000'000}; },
          .jitter = [] { return 0.5; }};
}

server::Exchange exchange(const core::Environment& environment) {
  return {kBaseUrl,
          {.transport = environment.transport,
           .tokens = auth::resolve_credential({}, environment.wall_clock),
           .clock = environment.clock,
           .wall_clock = environment.wall_clock,
           .jitter = environment.jitter}};
}

std::shared_ptr<core::Machine> connect(Answer answer) {
  core::Settings settings;
  settings.base_url = kBaseUrl;
  return core::Machine::connect(settings, environment(std::move(answer)));
}

http::Response example_reply(const std::string& line) {
  static const std::map<std::string, std::string> replies = test::example_replies();
  const std::size_t route = line.find(' ') + 1;
  const auto found = replies.find(line.substr(route, line.find('?') - route));
  return found == replies.end() ? http::Response{.status = 404, .headers = {}, .body = {}}
                                : http::Response{.status = 200, .headers = {}, .body = found->second};
}

}  // namespace iqm::fuzz

// What the environment says must not decide what an input does; every message is composed, and read by nobody.
extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  for (const char* name : {"IQM_TOKEN", "IQM_TOKENS_FILE", "QDMI_AUTH_FILE", "IQM_REQUIRE_PRIVATE_TOKENS_FILE",
                           "IQM_JOB_TAG", "IQM_RATE_LIMIT_THRESHOLD_PERCENT", "SLURM_JOB_ID", "SLURM_CLUSTER_NAME"}) {
    unsetenv(name);
  }
  iqm::log::set_callback(iqm::fuzz::swallow, nullptr, iqm::log::Level::kDebug);
  return 0;
}
