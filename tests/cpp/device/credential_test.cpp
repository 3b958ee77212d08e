// SPDX-License-Identifier: Apache-2.0
#include "auth/credential.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>

#include "scoped_environment.hpp"
#include "support/error.hpp"
#include "temporary_file.hpp"

namespace iqm::test {
namespace {

constexpr std::int64_t kNow = 1'764'000'000;

std::unique_ptr<auth::TokenSource> resolve_credential(
    const auth::ExplicitCredential& given, const WallClock& now = [] { return kNow; }) {
  return auth::resolve_credential(given, now);
}

class Credential : public ::testing::Test {
 protected:
  ScopedEnvironment environment_{"IQM_TOKEN", "IQM_TOKENS_FILE", "QDMI_AUTH_FILE", "IQM_REQUIRE_PRIVATE_TOKENS_FILE"};
};

TEST_F(Credential, NoneMeansNoToken) { EXPECT_EQ(resolve_credential({})->bearer_token(), std::nullopt); }

TEST_F(Credential, ExplicitTokenBeatsEveryEnvironmentVariable) {
  environment_.set("IQM_TOKEN", "weaker");
  environment_.set("IQM_TOKENS_FILE", "/nowhere");
  EXPECT_EQ(resolve_credential({.token = "mine", .tokens_file = ""})->bearer_token(), "mine");
}

TEST_F(Credential, ExplicitFileSwitchesTheTokenOfTheEnvironmentOff) {
  environment_.set("IQM_TOKEN", "weaker");
  const TemporaryFile file(R"({"access_token": "from-file", "refresh_token": "r"})");
  EXPECT_EQ(resolve_credential({.token = "", .tokens_file = file.path()})->bearer_token(), "from-file");
}

TEST_F(Credential, EmptyVariableCountsAsUnset) {
  environment_.set("IQM_TOKEN", "");
  const TemporaryFile file(R"({"access_token": "from-file"})");
  environment_.set("IQM_TOKENS_FILE", file.path());
  EXPECT_EQ(resolve_credential({})->bearer_token(), "from-file");
}

TEST_F(Credential, TheDevicesOwnVariablesBeatTheVendorNeutralOne) {
  environment_.set("QDMI_AUTH_FILE", "/nowhere");
  environment_.set("IQM_TOKEN", "own");
  EXPECT_EQ(resolve_credential({})->bearer_token(), "own");
}

TEST_F(Credential, VendorNeutralFileIsTheLastFallBack) {
  const TemporaryFile file(R"({"access_token": "neutral"})");
  environment_.set("QDMI_AUTH_FILE", file.path());
  EXPECT_EQ(resolve_credential({})->bearer_token(), "neutral");
}

template <typename ExpectedError>
std::string message_of(const auth::ExplicitCredential& given) {
  try {
    (void)resolve_credential(given);
  } catch (const ExpectedError& error) {
    EXPECT_EQ(error.status(), QDMI_ERROR_PERMISSIONDENIED);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return {};
}

TEST_F(Credential, TwoOfTheSameRankAreRefusedNamingBoth) {
  const std::string text = message_of<AmbiguousCredential>({.token = "a", .tokens_file = "b"});
  EXPECT_NE(text.find("TOKEN"), std::string::npos);
  EXPECT_NE(text.find("AUTHFILE"), std::string::npos);

  environment_.set("IQM_TOKEN", "a");
  environment_.set("IQM_TOKENS_FILE", "b");
  const std::string from_environment = message_of<AmbiguousCredential>({});
  EXPECT_NE(from_environment.find("IQM_TOKEN "), std::string::npos);
  EXPECT_NE(from_environment.find("IQM_TOKENS_FILE"), std::string::npos);
}

TEST_F(Credential, UnusableFilesAreNamedAndNeverQuoted) {
  EXPECT_NE(message_of<UnusableCredential>({.token = "", .tokens_file = "/nowhere/tokens.json"})
                .find("'/nowhere/tokens.json': No such file"),
            std::string::npos);
  for (const char* content : {"not json s3cret", R"(["s3cret"])", R"({"token": "s3cret"})", R"({"access_token": 5})"}) {
    const TemporaryFile file(content);
    const std::string text = message_of<UnusableCredential>({.token = "", .tokens_file = file.path()});
    EXPECT_NE(text.find(file.path()), std::string::npos);
    EXPECT_EQ(text.find("s3cret"), std::string::npos);
  }
}

TEST_F(Credential, ATokenThatCouldSmuggleAHeaderIsRefused) {
  const std::string text = message_of<UnusableCredential>({.token = "s3cret\r\nX-Evil: 1", .tokens_file = ""});
  EXPECT_EQ(text.find("s3cret"), std::string::npos);
}

// JWTs whose only claim is `exp`.
constexpr const char* kExpiredJwt = "e30.eyJleHAiOjE3NjM5OTk5OTl9.c2ln";          // one second before now
constexpr const char* kJwtOfThirtySeconds = "e30.eyJleHAiOjE3NjQwMDAwMzB9.c2ln";  // 30 s after now
constexpr const char* kJwtOfAnHour = "e30.eyJleHAiOjE3NjQwMDM2MDB9.c2ln";         // an hour after now

std::string tokens(const std::string& token) { return R"({"access_token":")" + token + R"("})"; }

TEST_F(Credential, AFileWithAnExpiredTokenIsRefusedWithFileAndTime) {
  const TemporaryFile file(tokens(kExpiredJwt));
  const std::string text = message_of<UnusableCredential>({.token = "", .tokens_file = file.path()});
  EXPECT_NE(text.find(file.path()), std::string::npos);
  EXPECT_NE(text.find("2025-11-24T15:59:59Z"), std::string::npos);
  EXPECT_EQ(text.find(kExpiredJwt), std::string::npos);
}

TEST_F(Credential, AFileIsReadAgainWhenItsTokenIsAboutToExpire) {
  const TemporaryFile file(tokens(kJwtOfThirtySeconds));
  const auto source = resolve_credential({.token = "", .tokens_file = file.path()});
  EXPECT_EQ(source->bearer_token(), kJwtOfThirtySeconds);  // still valid, and the file has no better one
  file.write(tokens(kJwtOfAnHour));
  EXPECT_EQ(source->bearer_token(), kJwtOfAnHour);
  file.write("broken");
  EXPECT_EQ(source->bearer_token(), kJwtOfAnHour);  // good for an hour: the file is left alone
}

TEST_F(Credential, AFileIsReadAgainWhenItsTokenHasExpiredMeanwhile) {
  std::int64_t now = kNow;
  const TemporaryFile file(tokens(kJwtOfAnHour));
  const auto source = resolve_credential({.token = "", .tokens_file = file.path()}, [&now] { return now; });
  constexpr std::int64_t kTwoHours = 7200;
  now += kTwoHours;
  EXPECT_THROW((void)source->bearer_token(), UnusableCredential);
  file.write(tokens("opaque"));
  EXPECT_EQ(source->bearer_token(), "opaque");
}

TEST_F(Credential, ARefusedTokenHasASuccessorWhenTheFileChanged) {
  const TemporaryFile file(tokens("first"));
  const auto source = resolve_credential({.token = "", .tokens_file = file.path()});
  EXPECT_EQ(source->successor_of("first"), std::nullopt);
  file.write(tokens("second"));
  EXPECT_EQ(source->successor_of("first"), "second");
  EXPECT_EQ(source->bearer_token(), "second");
  EXPECT_EQ(resolve_credential({.token = "fixed", .tokens_file = ""})->successor_of("fixed"), std::nullopt);
}

TEST_F(Credential, AFileThatOthersCanReachIsRefusedWhereTheSiteSaysSo) {
  const TemporaryFile file(tokens("t"));
  const auth::ExplicitCredential given{.token = "", .tokens_file = file.path()};
  for (const mode_t mode : {0640U, 0604U, 0620U, 0602U}) {
    ASSERT_EQ(chmod(file.path().c_str(), mode), 0);
    environment_.set("IQM_REQUIRE_PRIVATE_TOKENS_FILE", "");
    EXPECT_EQ(resolve_credential(given)->bearer_token(), "t");
    environment_.set("IQM_REQUIRE_PRIVATE_TOKENS_FILE", "1");
    EXPECT_NE(message_of<UnusableCredential>(given).find("chmod 600"), std::string::npos);
  }
  ASSERT_EQ(chmod(file.path().c_str(), 0600), 0);
  EXPECT_EQ(resolve_credential(given)->bearer_token(), "t");
}

TEST_F(Credential, OnlyASmallRegularFileIsRead) {
  EXPECT_NE(message_of<UnusableCredential>({.token = "", .tokens_file = "/tmp"}).find("regular"), std::string::npos);
  const TemporaryFile pipe("");
  ASSERT_EQ(unlink(pipe.path().c_str()), 0);
  ASSERT_EQ(mkfifo(pipe.path().c_str(), 0600), 0);  // nobody writes: a plain open would wait for ever
  EXPECT_NE(message_of<UnusableCredential>({.token = "", .tokens_file = pipe.path()}).find("regular"),
            std::string::npos);
  const TemporaryFile large(tokens(std::string(std::size_t{64} * 1024, 'x')));
  EXPECT_NE(message_of<UnusableCredential>({.token = "", .tokens_file = large.path()}).find("64 KiB"),
            std::string::npos);
}

}  // namespace
}  // namespace iqm::test
