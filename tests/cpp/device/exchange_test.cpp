// SPDX-License-Identifier: Apache-2.0
#include "server/exchange.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "manual_clock.hpp"
#include "scoped_environment.hpp"
#include "scripted_transport.hpp"
#include "support/error.hpp"
#include "temporary_file.hpp"

namespace iqm::test {
namespace {

class Exchange : public ::testing::Test {
 protected:
  static constexpr std::int64_t kNow = 1'764'000'000;

  [[nodiscard]] server::Exchange exchange(const std::string& token = "", const std::string& tokens_file = "") const {
    const WallClock wall_clock = [] { return kNow; };
    return {"http://127.0.0.1:1",
            {.transport = transport_,
             .tokens = auth::resolve_credential({.token = token, .tokens_file = tokens_file}, wall_clock),
             .clock = clock_,
             .wall_clock = wall_clock,
             .jitter = [] { return 0.0; }}};
  }
  [[nodiscard]] server::Call call(Duration timeout = std::chrono::seconds(1)) const {
    return {.deadline = clock_->now() + timeout, .stop = {}};
  }

  // What a GET of /x is turned into when the server answers like this.
  template <typename ExpectedError>
  ExpectedError failure(long status, const std::string& body, const http::Headers& headers = {}) {
    transport_->on("GET /x", status, body, headers);
    try {
      (void)exchange().get("/x", call()).json();
    } catch (const ExpectedError& error) {
      return error;
    }
    throw std::logic_error("no such error was thrown");
  }

  ScopedEnvironment environment_{"IQM_TOKEN", "IQM_TOKENS_FILE", "QDMI_AUTH_FILE", "IQM_RATE_LIMIT_THRESHOLD_PERCENT"};
  std::shared_ptr<ScriptedTransport> transport_ = std::make_shared<ScriptedTransport>();
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
};

TEST_F(Exchange, SendsTheTokenWithEveryRequest) {
  transport_->on("GET /x", 200, "{}");
  transport_->on("POST /y", 200, "{}");
  (void)exchange("t0ken").get("/x", call());
  (void)exchange("t0ken").post("/y", "{}", call());
  for (const auto& headers : transport_->headers()) {
    EXPECT_EQ(headers.at("authorization"), "Bearer t0ken");
  }
  (void)exchange().get("/x", call());
  EXPECT_FALSE(transport_->headers().back().contains("Authorization"));
}

TEST_F(Exchange, TheServersOwnWordsReachTheError) {
  const auto error = failure<RequestRejected>(
      400, R"({"message":"quota exhausted","error_code":"quota_exceeded","source":"iqm-server","request_id":"r-17"})");
  EXPECT_EQ(error.detail().http_status, 400);
  EXPECT_EQ(error.detail().error_code, "quota_exceeded");
  EXPECT_EQ(error.detail().request_id, "r-17");
  ASSERT_EQ(error.detail().server_errors.size(), 1U);
  EXPECT_EQ(error.detail().server_errors[0].source, "iqm-server");
  const std::string text = error.what();
  for (const char* part : {"GET http://127.0.0.1:1/x", "400", "quota exhausted", "quota_exceeded", "r-17"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

TEST_F(Exchange, OlderErrorBodiesAreUnderstood) {
  EXPECT_EQ(failure<RequestRejected>(400, R"({"detail":"old form"})").detail().server_errors.at(0).message, "old form");
}

TEST_F(Exchange, AListOfErrorsIsUnderstood) {
  const auto error = failure<RequestRejected>(422, R"({"errors":[{"message":"a","error_code":"x"},{"message":"b"}]})");
  ASSERT_EQ(error.detail().server_errors.size(), 2U);
  EXPECT_EQ(error.detail().error_code, "x");
}

TEST_F(Exchange, AnUnreadableErrorBodyStillGivesTheStatus) {
  EXPECT_NE(std::string(failure<ServerFault>(502, "<html>").what()).find("502"), std::string::npos);
}

TEST_F(Exchange, TheRequestIdOfAHeaderIsTaken) {
  EXPECT_EQ(failure<ServerFault>(500, "", {{"x-request-id", "h-1"}}).detail().request_id, "h-1");
}

TEST_F(Exchange, EachStatusHasItsType) {
  EXPECT_EQ(failure<AuthenticationFailed>(401, "{}").status(), QDMI_ERROR_PERMISSIONDENIED);
}
TEST_F(Exchange, ForbiddenIsPermissionDenied) {
  EXPECT_EQ(failure<Forbidden>(403, "{}").status(), QDMI_ERROR_PERMISSIONDENIED);
}
TEST_F(Exchange, ATerminalJobIsToldFromOtherRefusals) {
  EXPECT_EQ(failure<JobAlreadyTerminal>(403, R"({"error_code":"illegal_job_status","message":"no"})").status(),
            QDMI_ERROR_INVALIDARGUMENT);
}
TEST_F(Exchange, NotFoundIsNotFound) { EXPECT_EQ(failure<NotFound>(404, "{}").status(), QDMI_ERROR_NOTFOUND); }
TEST_F(Exchange, TooManyRequestsAreRateLimited) { (void)failure<RateLimited>(429, "{}"); }
TEST_F(Exchange, ARedirectIsNotFollowed) {
  const auto error = failure<ProtocolError>(302, "", {{"Location", "http://elsewhere.example"}});
  EXPECT_NE(std::string(error.what()).find("redirect"), std::string::npos);
  EXPECT_EQ(transport_->requests().size(), 1U);
}

TEST_F(Exchange, HtmlIsAProtocolErrorThatQuotesIt) {
  const auto error = failure<ProtocolError>(200, "<html>\n<title>Login</title>", {{"Content-Type", "text/html"}});
  const std::string text = error.what();
  EXPECT_NE(text.find("text/html"), std::string::npos);
  EXPECT_NE(text.find("<html> <title>Login</title>"), std::string::npos);
  EXPECT_NE(text.find("GET http://127.0.0.1:1/x"), std::string::npos);
}

using std::chrono::milliseconds;
using std::chrono::seconds;

ScriptedTransport::Answer connection_lost() {
  return
      [](const http::Request&, TimePoint, const std::stop_token&) -> http::Response { throw ConnectionLost("lost"); };
}

ScriptedTransport::Answer unreachable() {
  return
      [](const http::Request&, TimePoint, const std::stop_token&) -> http::Response { throw Unreachable("refused"); };
}

TEST_F(Exchange, AGetIsRepeatedAfterPassingFaultsWithGrowingPauses) {
  for (const long status : {502L, 503L, 504L, 429L}) {
    transport_->on("GET /x", status, "{}");
  }
  transport_->on("GET /x", connection_lost());
  transport_->on("GET /x", 200, "{}");
  EXPECT_NO_THROW((void)exchange().get("/x", call(seconds(60))));
  EXPECT_EQ(clock_->pauses(), (std::vector{milliseconds(100), milliseconds(200), milliseconds(400), milliseconds(800),
                                           milliseconds(1600)}));
}

TEST_F(Exchange, AGetIsNotRepeatedAfterAFaultThatWillNotPass) {
  for (const long status : {400L, 403L, 404L, 408L, 500L, 501L}) {
    const std::string route = "/" + std::to_string(status);
    transport_->on("GET " + route, status, "{}");
    EXPECT_THROW((void)exchange().get(route, call()), Error);
    EXPECT_EQ(transport_->count("GET " + route), 1U);
  }
}

TEST_F(Exchange, RepeatingEndsAfterEightAttemptsAndThreeToAServerThatIsNotThere) {
  transport_->on("GET /x", 503, R"({"message":"still away"})");
  EXPECT_THROW((void)exchange().get("/x", call(seconds(600))), ServerFault);
  EXPECT_EQ(transport_->count("GET /x"), 8U);
  transport_->on("GET /y", unreachable());
  EXPECT_THROW((void)exchange().get("/y", call(seconds(600))), Unreachable);
  EXPECT_EQ(transport_->count("GET /y"), 3U);
}

TEST_F(Exchange, RepeatingStaysInsideTheDeadline) {
  transport_->on("GET /x", 503, "{}");
  const TimePoint start = clock_->now();
  EXPECT_THROW((void)exchange().get("/x", call(milliseconds(500))), ServerFault);
  EXPECT_LT(clock_->now() - start, milliseconds(500));
  EXPECT_EQ(transport_->count("GET /x"), 3U);  // 100 + 200 ms fit, 400 more do not
}

TEST_F(Exchange, ThePauseIsTheOneTheServerAsksFor) {
  transport_->on("GET /x", 429, "{}", {{"retry-after", "7"}});
  transport_->on("GET /x", 503, "{}", {{"Retry-After", "Mon, 24 Nov 2025 16:00:09 GMT"}});  // 9 s from now
  transport_->on("GET /x", 429, "{}", {{"Retry-After", "soon"}});
  transport_->on("GET /x", 200, "{}");
  EXPECT_NO_THROW((void)exchange().get("/x", call(seconds(60))));
  EXPECT_EQ(clock_->pauses(), (std::vector{milliseconds(7000), milliseconds(9000), milliseconds(400)}));
}

TEST_F(Exchange, APauseLongerThanTheDeadlineFailsAtOnceAndSaysSo) {
  transport_->on("GET /x", 429, "{}", {{"Retry-After", "99999999999999999999"}});
  try {
    (void)exchange().get("/x", call(seconds(60)));
    FAIL();
  } catch (const RateLimited& error) {
    EXPECT_NE(std::string(error.what()).find("asks to wait"), std::string::npos) << error.what();
  }
  EXPECT_TRUE(clock_->pauses().empty());
}

TEST_F(Exchange, APostIsRepeatedOnlyWhenTheServerCertainlyDidNotActOnIt) {
  transport_->on("POST /x", unreachable());
  transport_->on("POST /x", 429, "{}");
  transport_->on("POST /x", 503, "{}", {{"Retry-After", "1"}});
  transport_->on("POST /x", 200, "{}");
  EXPECT_NO_THROW((void)exchange().post("/x", "{}", call(seconds(60))));
  EXPECT_EQ(transport_->count("POST /x"), 4U);

  for (const long status : {500L, 502L, 503L, 504L}) {
    const std::string route = "/" + std::to_string(status);
    transport_->on("POST " + route, status, "{}");
    EXPECT_THROW((void)exchange().post(route, "{}", call(seconds(60))), ServerFault);
    EXPECT_EQ(transport_->count("POST " + route), 1U);
  }
  transport_->on("POST /lost", connection_lost());
  EXPECT_THROW((void)exchange().post("/lost", "{}", call(seconds(60))), ConnectionLost);
  EXPECT_EQ(transport_->count("POST /lost"), 1U);
}

TEST_F(Exchange, AScarceRateLimitMakesTheNextRequestWait) {
  transport_->on("GET /x", 200, "{}", {{"RateLimit-Limit", "100"}, {"RateLimit-Remaining", "9"}});
  transport_->on("GET /x", 200, "{}",
                 {{"RateLimit-Limit", "50"}, {"RateLimit-Remaining", "0"}, {"RateLimit-Reset", "3"}});
  transport_->on("GET /x", 200, "{}", {{"RateLimit-Limit", "100"}, {"RateLimit-Remaining", "10"}});
  const server::Exchange limited = exchange();
  for (int i = 0; i < 4; ++i) {
    (void)limited.get("/x", call(seconds(60)));
  }
  EXPECT_EQ(clock_->pauses(), (std::vector{milliseconds(10'000), milliseconds(3'000)}));
}

TEST_F(Exchange, TheRateLimitCanBeIgnoredAndNeverOutlastsTheDeadline) {
  transport_->on("GET /x", 200, "{}", {{"RateLimit-Limit", "100"}, {"RateLimit-Remaining", "0"}});
  const server::Exchange limited = exchange();
  (void)limited.get("/x", call());
  (void)limited.get("/x", call(seconds(5)));
  environment_.set("IQM_RATE_LIMIT_THRESHOLD_PERCENT", "0");
  const server::Exchange unlimited = exchange();
  (void)unlimited.get("/x", call(seconds(60)));
  (void)unlimited.get("/x", call(seconds(60)));
  EXPECT_TRUE(clock_->pauses().empty());
}

TEST_F(Exchange, ARefusedTokenIsReplacedByTheFilesNewOneOnce) {
  TemporaryFile file(R"({"access_token":"old"})");
  const server::Exchange renewing = exchange("", file.path());
  transport_->on("POST /x", [&](const http::Request& request, TimePoint, const std::stop_token&) {
    EXPECT_EQ(request.headers.at("Authorization"), "Bearer old");
    file.write(R"({"access_token":"new"})");
    return http::Response{.status = 401, .headers = {}, .body = "{}"};
  });
  transport_->on("POST /x", 200, "{}");
  (void)renewing.post("/x", "{}", call());
  EXPECT_EQ(transport_->headers().back().at("Authorization"), "Bearer new");

  transport_->on("GET /y", 401, "{}");
  EXPECT_THROW((void)renewing.get("/y", call()), AuthenticationFailed);
  EXPECT_EQ(transport_->count("GET /y"), 1U);  // the file has no newer one
}

TEST_F(Exchange, ARefusedTokenIsExplained) {
  transport_->on("GET /x", 401, R"({"message":"go away"})");
  const auto text = [&](const std::string& token) -> std::string {
    try {
      (void)exchange(token).get("/x", call());
    } catch (const AuthenticationFailed& error) {
      return error.what();
    }
    return {};
  };
  EXPECT_NE(text("").find("IQM_TOKEN"), std::string::npos);
  EXPECT_NE(text("opaque").find("check the token of the session parameter TOKEN"), std::string::npos);
  // {"exp":1763999999}
  EXPECT_NE(text("e30.eyJleHAiOjE3NjM5OTk5OTl9.c2ln").find("expired at 2025-11-24T15:59:59Z"), std::string::npos);
}

}  // namespace
}  // namespace iqm::test
