// SPDX-License-Identifier: Apache-2.0
#include "server/exchange.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "manual_clock.hpp"
#include "scoped_environment.hpp"
#include "scripted_transport.hpp"
#include "support/error.hpp"

namespace iqm::test {
namespace {

class Exchange : public ::testing::Test {
 protected:
  [[nodiscard]] server::Exchange exchange(const std::string& token = "") const {
    return {"http://127.0.0.1:1", transport_,
            std::shared_ptr<const auth::TokenSource>(auth::resolve_credential({.token = token, .tokens_file = ""}))};
  }
  [[nodiscard]] server::Call call() const { return {.deadline = clock_.now() + std::chrono::seconds(1), .stop = {}}; }

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

  ScopedEnvironment environment_{"IQM_TOKEN", "IQM_TOKENS_FILE", "QDMI_AUTH_FILE"};
  std::shared_ptr<ScriptedTransport> transport_ = std::make_shared<ScriptedTransport>();
  ManualClock clock_;
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

}  // namespace
}  // namespace iqm::test
