// SPDX-License-Identifier: Apache-2.0
#include "core/settings.hpp"

#include <gtest/gtest.h>

#include <string>

#include "http/base_url.hpp"
#include "scoped_environment.hpp"
#include "support/error.hpp"

namespace iqm::test {
namespace {

using core::resolve_settings;
using core::SessionParameters;

class Settings : public ::testing::Test {
 protected:
  ScopedEnvironment environment_{
      "IQM_SERVER_URL",        "IQM_BASE_URL", "QDMI_ENDPOINT",      "IQM_QC_ID",
      "IQM_QUANTUM_COMPUTER",  "IQM_QC_ALIAS", "QDMI_BACKEND_ALIAS", "IQM_ALLOW_INSECURE_HTTP",
      "IQM_REQUEST_TIMEOUT_MS"};
  SessionParameters parameters_{{QDMI_DEVICE_SESSION_PARAMETER_BASEURL, "https://explicit.example"}};
};

TEST_F(Settings, BaseUrlComesFromTheParameterThenFromTheEnvironmentInOrder) {
  environment_.set("QDMI_ENDPOINT", "https://third.example");
  EXPECT_EQ(resolve_settings({}).base_url, "https://third.example");
  environment_.set("IQM_BASE_URL", "https://second.example");
  EXPECT_EQ(resolve_settings({}).base_url, "https://second.example");
  environment_.set("IQM_SERVER_URL", "https://first.example");
  EXPECT_EQ(resolve_settings({}).base_url, "https://first.example");
  EXPECT_EQ(resolve_settings(parameters_).base_url, "https://explicit.example");
}

TEST_F(Settings, AMissingBaseUrlSaysHowToGiveOne) {
  try {
    (void)resolve_settings({});
    FAIL();
  } catch (const InvalidBaseUrl& error) {
    EXPECT_NE(std::string(error.what()).find("IQM_SERVER_URL"), std::string::npos);
  }
}

TEST_F(Settings, AnExplicitSelectorSwitchesBothSelectorsOfTheEnvironmentOff) {
  environment_.set("IQM_QC_ID", "some-id");
  environment_.set("IQM_QUANTUM_COMPUTER", "some-alias");
  parameters_[QDMI_DEVICE_SESSION_PARAMETER_CUSTOM2] = "garnet";
  const auto by_alias = resolve_settings(parameters_).selector;
  EXPECT_EQ(by_alias.id, "");
  EXPECT_EQ(by_alias.alias, "garnet");
  parameters_.erase(QDMI_DEVICE_SESSION_PARAMETER_CUSTOM2);
  parameters_[QDMI_DEVICE_SESSION_PARAMETER_CUSTOM1] = "id";
  EXPECT_EQ(resolve_settings(parameters_).selector.alias, "");
}

TEST_F(Settings, AliasFallBacksComeInOrder) {
  environment_.set("QDMI_BACKEND_ALIAS", "third");
  EXPECT_EQ(resolve_settings(parameters_).selector.alias, "third");
  environment_.set("IQM_QC_ALIAS", "second");
  EXPECT_EQ(resolve_settings(parameters_).selector.alias, "second");
  environment_.set("IQM_QUANTUM_COMPUTER", "first");
  EXPECT_EQ(resolve_settings(parameters_).selector.alias, "first");
}

TEST_F(Settings, TheRequestTimeoutIsTwoMinutesUnlessSomebodySaysOtherwise) {
  using std::chrono::milliseconds;
  EXPECT_EQ(resolve_settings(parameters_).request_timeout, milliseconds(120'000));
  environment_.set("IQM_REQUEST_TIMEOUT_MS", "2500");
  EXPECT_EQ(resolve_settings(parameters_).request_timeout, milliseconds(2500));
  parameters_[QDMI_DEVICE_SESSION_PARAMETER_CUSTOM3] = "2147483647";
  EXPECT_EQ(resolve_settings(parameters_).request_timeout, milliseconds(2147483647));
}

TEST_F(Settings, ARequestTimeoutThatIsNoneIsRefusedByTheNameItCameUnder) {
  for (const char* text : {"0", "-1", "1.5", "2147483648", "soon", "10s", " 10"}) {
    EXPECT_THROW(core::require_valid(QDMI_DEVICE_SESSION_PARAMETER_CUSTOM3, text), InvalidArgument) << text;
    environment_.set("IQM_REQUEST_TIMEOUT_MS", text);
    try {
      (void)resolve_settings(parameters_);
      ADD_FAILURE() << text;
    } catch (const InvalidSetting& error) {
      EXPECT_NE(std::string(error.what()).find("IQM_REQUEST_TIMEOUT_MS"), std::string::npos);
    }
  }
}

TEST_F(Settings, ACalibrationSetIsAUuid) {
  const std::string set = "f0fb4be5-e913-4a04-8c94-18d1bd842DEF";
  EXPECT_NO_THROW(core::require_valid(QDMI_DEVICE_SESSION_PARAMETER_CUSTOM4, set));
  EXPECT_NO_THROW(core::require_valid(QDMI_DEVICE_SESSION_PARAMETER_CUSTOM4, ""));
  for (const std::string& text : {std::string("default"), set + "0", set.substr(1), "g" + set.substr(1)}) {
    EXPECT_THROW(core::require_valid(QDMI_DEVICE_SESSION_PARAMETER_CUSTOM4, text), InvalidArgument) << text;
  }
  parameters_[QDMI_DEVICE_SESSION_PARAMETER_CUSTOM4] = set;
  EXPECT_EQ(resolve_settings(parameters_).calibration_set, set);
}

TEST(BaseUrl, TrailingSlashesAreDropped) {
  EXPECT_EQ(http::normalized_base_url("https://server.example/prefix//"), "https://server.example/prefix");
}

TEST(BaseUrl, WhatIsNotAServersRootIsRefused) {
  for (const char* url : {"file:///etc/passwd", "ftp://server.example", "server.example", "https://", "",
                          "https://server.example/?a=b", "https://server.example/#top"}) {
    EXPECT_THROW((void)http::normalized_base_url(url), InvalidBaseUrl) << url;
  }
}

TEST(BaseUrl, CredentialsInsideAreRefusedWithoutBeingQuoted) {
  try {
    (void)http::normalized_base_url("https://me:s3cret@server.example");
    FAIL();
  } catch (const InvalidBaseUrl& error) {
    EXPECT_EQ(std::string(error.what()).find("s3cret"), std::string::npos);
  }
}

TEST(BaseUrl, SecretsTravelOverPlainHttpToThisMachineOnly) {
  const ScopedEnvironment environment{"IQM_ALLOW_INSECURE_HTTP"};
  for (const char* url : {"https://server.example", "http://localhost:1", "http://127.0.0.1", "http://[::1]:8080"}) {
    EXPECT_TRUE(http::may_carry_secrets(url)) << url;
  }
  for (const char* url : {"http://server.example", "http://10.0.0.1", "http://localhost.evil.example",
                          "http://127.0.0.1.evil.example", "http://127.evil.example"}) {
    EXPECT_FALSE(http::may_carry_secrets(url)) << url;
  }
  environment.set("IQM_ALLOW_INSECURE_HTTP", "1");
  EXPECT_TRUE(http::may_carry_secrets("http://server.example"));
}

}  // namespace
}  // namespace iqm::test
