// SPDX-License-Identifier: Apache-2.0
#include "auth/credential.hpp"

#include <gtest/gtest.h>

#include <string>

#include "scoped_environment.hpp"
#include "support/error.hpp"
#include "temporary_file.hpp"

namespace iqm::test {
namespace {

using auth::resolve_credential;

class Credential : public ::testing::Test {
 protected:
  ScopedEnvironment environment_{"IQM_TOKEN", "IQM_TOKENS_FILE", "QDMI_AUTH_FILE"};
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

}  // namespace
}  // namespace iqm::test
