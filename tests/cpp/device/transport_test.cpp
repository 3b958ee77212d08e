// SPDX-License-Identifier: Apache-2.0
// The transport against a real server on the loopback interface.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "hanging_up_server.hpp"
#include "http/cpr_transport.hpp"
#include "loopback_server.hpp"
#include "scoped_environment.hpp"
#include "support/error.hpp"

namespace iqm::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class Transport : public ::testing::Test {
 protected:
  Transport() {
    auto& server = loopback_.server();
    server.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response&) {
      const std::scoped_lock lock(mutex_);
      ports_.insert(request.remote_port);
      return httplib::Server::HandlerResponse::Unhandled;
    });
    server.Get("/plain", [](const httplib::Request& request, httplib::Response& response) {
      response.set_content(request.method + " " + request.body, "text/plain");
    });
    server.Get("/headers", [](const httplib::Request& request, httplib::Response& response) {
      response.set_content(request.get_header_value("X-Mine") + "|" + request.get_header_value("Expect"), "text/plain");
    });
    server.Post("/echo", [](const httplib::Request& request, httplib::Response& response) {
      response.set_content(request.body + "|" + request.get_header_value("Expect"), "text/plain");
    });
    server.Get("/redirect",
               [](const httplib::Request&, httplib::Response& response) { response.set_redirect("/plain"); });
    server.Get("/hold", [this](const httplib::Request&, httplib::Response& response) {
      ++holding_;
      holding_.notify_all();
      released_.wait(false);
      response.set_content("released", "text/plain");
    });
    server.Get("/large", [](const httplib::Request&, httplib::Response& response) {
      response.set_chunked_content_provider("text/plain", [](size_t, httplib::DataSink& sink) {
        const std::string block(4096, 'x');
        return sink.write(block.data(), block.size());  // without end
      });
    });
    loopback_.start();
  }

  ~Transport() override { release(); }

  void release() {
    released_ = true;
    released_.notify_all();
  }

  [[nodiscard]] http::Request get(const std::string& path) const {
    return {.method = http::Method::kGet, .url = loopback_.url() + path, .headers = {}, .body = {}};
  }
  [[nodiscard]] http::Request post(const std::string& path, const std::string& body) const {
    return {.method = http::Method::kPost, .url = loopback_.url() + path, .headers = {}, .body = body};
  }
  [[nodiscard]] http::Response perform(const http::Request& request, Duration timeout = seconds(10),
                                       const std::stop_token& stop = {}) {
    return transport_.perform(request, clock_->now() + timeout, stop);
  }

  std::mutex mutex_;
  std::set<int> ports_;  // of the client, one for each connection
  std::atomic<int> holding_{0};
  std::atomic<bool> released_{false};
  ScopedEnvironment environment_{"http_proxy", "HTTP_PROXY", "ALL_PROXY"};
  LoopbackServer loopback_;
  std::shared_ptr<const Clock> clock_ = std::make_shared<SystemClock>();
  http::CprTransport transport_{http::TransportSettings{}, clock_};
};

TEST_F(Transport, ReturnsStatusHeadersAndBody) {
  const auto response = perform(get("/plain"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.at("content-type"), "text/plain");
  EXPECT_EQ(response.body, "GET ");
  EXPECT_EQ(perform(get("/missing")).status, 404);
}

TEST_F(Transport, ReusesOneConnectionForOneThread) {
  for (int i = 0; i < 5; ++i) {
    (void)perform(post("/echo", "body"));
    (void)perform(get("/plain"));
  }
  EXPECT_EQ(ports_.size(), 1U);
}

TEST_F(Transport, AGetAfterAPostCarriesNoBody) {
  (void)perform(post("/echo", "leftover"));
  EXPECT_EQ(perform(get("/plain")).body, "GET ");
  EXPECT_EQ(perform(post("/echo", "")).body, "|");
}

TEST_F(Transport, HeadersOfOneRequestDoNotReachTheNext) {
  auto request = get("/headers");
  request.headers["X-Mine"] = "yes";
  EXPECT_EQ(perform(request).body, "yes|");
  EXPECT_EQ(perform(get("/headers")).body, "|");
}

TEST_F(Transport, SendsLargeBodiesWithoutAskingFirst) {
  const std::string body(3'000'000, 'b');
  auto request = post("/echo", body);
  request.headers["Content-Type"] = "application/json";
  EXPECT_TRUE(perform(request).body == body + "|");
}

TEST_F(Transport, DoesNotFollowRedirects) { EXPECT_EQ(perform(get("/redirect")).status, 302); }

TEST_F(Transport, EndsAtItsDeadline) {
  const TimePoint start = clock_->now();
  EXPECT_THROW((void)perform(get("/hold"), milliseconds(100)), RequestTimedOut);
  EXPECT_GE(clock_->now() - start, milliseconds(100));
  EXPECT_LE(clock_->now() - start, milliseconds(600));
}

TEST_F(Transport, EndsAtOnceWhenStopped) {
  std::stop_source stop;
  const std::jthread stopper([&] {
    holding_.wait(0);
    stop.request_stop();
  });
  const TimePoint start = clock_->now();
  EXPECT_THROW((void)perform(get("/hold"), seconds(10), stop.get_token()), Interrupted);
  EXPECT_LE(clock_->now() - start, milliseconds(500));  // libcurl's own tick would be a second
}

TEST_F(Transport, WorksAfterAnInterruptedRequest) {
  EXPECT_THROW((void)perform(get("/hold"), milliseconds(50)), RequestTimedOut);
  EXPECT_EQ(perform(get("/plain")).status, 200);
}

TEST_F(Transport, ThreadsDoNotWaitForEachOther) {
  const std::jthread held([this] { (void)perform(get("/hold")); });
  holding_.wait(0);
  EXPECT_EQ(perform(get("/plain")).status, 200);
  release();
}

TEST_F(Transport, ARefusedConnectionIsUnreachable) {
  const std::string url = "http://127.0.0.1:1/x";  // a port that nobody listens on
  try {
    (void)perform({.method = http::Method::kGet, .url = url, .headers = {}, .body = {}});
    FAIL();
  } catch (const Unreachable& error) {
    EXPECT_NE(std::string(error.what()).find(url), std::string::npos);
  }
}

TEST_F(Transport, AnUnknownHostIsUnreachable) {
  EXPECT_THROW((void)perform({.method = http::Method::kGet, .url = "http://host.invalid/", .headers = {}, .body = {}}),
               Unreachable);
}

TEST_F(Transport, FilesAreNotRead) {
  EXPECT_THROW((void)perform({.method = http::Method::kGet, .url = "file:///etc/hostname", .headers = {}, .body = {}}),
               Unreachable);
}

TEST_F(Transport, PlainHttpNeverPassesThroughAProxy) {
  environment_.set("http_proxy", "http://127.0.0.1:1");
  EXPECT_EQ(perform(get("/plain")).status, 200);
}

TEST_F(Transport, ARepliesSizeIsBounded) {
  http::TransportSettings settings;
  settings.max_response_bytes = 100'000;
  http::CprTransport bounded(settings, clock_);
  try {
    (void)bounded.perform(get("/large"), clock_->now() + seconds(10), {});
    FAIL();
  } catch (const ProtocolError& error) {
    EXPECT_NE(std::string(error.what()).find("larger than 100000 bytes"), std::string::npos);
  }
}

// libcurl on its own repeats a request when a kept connection ends without a reply.
TEST(TransportToAServerThatHangsUp, ASubmissionGoesOutOnce) {
  const ScopedEnvironment environment{"http_proxy", "HTTP_PROXY", "ALL_PROXY"};
  HangingUpServer server;
  const auto clock = std::make_shared<SystemClock>();
  http::CprTransport transport({}, clock);
  const auto send = [&](http::Method method, const std::string& body) {
    return transport.perform({.method = method, .url = server.url() + "/", .headers = {}, .body = body},
                             clock->now() + seconds(10), {});
  };
  EXPECT_EQ(send(http::Method::kGet, "").status, 200);
  EXPECT_THROW((void)send(http::Method::kPost, "a job"), ConnectionLost);
  EXPECT_EQ(server.posts(), (std::vector<std::string>{"a job"}));
}

TEST(TransportToAServerThatHangsUp, ACancellationGoesOutAgain) {
  const ScopedEnvironment environment{"http_proxy", "HTTP_PROXY", "ALL_PROXY"};
  const HangingUpServer server;
  const auto clock = std::make_shared<SystemClock>();
  http::CprTransport transport({}, clock);
  const http::Request get{.method = http::Method::kGet, .url = server.url() + "/", .headers = {}, .body = {}};
  const http::Request cancel{.method = http::Method::kPost, .url = server.url() + "/", .headers = {}, .body = {}};
  EXPECT_EQ(transport.perform(get, clock->now() + seconds(10), {}).status, 200);
  // The server hangs up the second time as well.
  EXPECT_THROW((void)transport.perform(cancel, clock->now() + seconds(10), {}), ConnectionLost);
  EXPECT_EQ(server.posts().size(), 2U);
}

}  // namespace
}  // namespace iqm::test
