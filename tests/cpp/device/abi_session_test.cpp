// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "abi_device.hpp"

namespace iqm::test {
namespace {

using AbiSession = Abi;

TEST_F(AbiSession, NullAndForeignHandlesAreInvalidArguments) {
  EXPECT_EQ(IQM_QDMI_device_session_alloc(nullptr), QDMI_ERROR_INVALIDARGUMENT);
  int local = 0;
  for (void* pointer : {static_cast<void*>(nullptr), static_cast<void*>(&local)}) {
    auto* foreign = static_cast<IQM_QDMI_Device_Session>(pointer);
    EXPECT_EQ(IQM_QDMI_device_session_init(foreign), QDMI_ERROR_INVALIDARGUMENT);
    EXPECT_EQ(IQM_QDMI_device_session_set_parameter(foreign, QDMI_DEVICE_SESSION_PARAMETER_TOKEN, 2, "a"),
              QDMI_ERROR_INVALIDARGUMENT);
    EXPECT_EQ(IQM_QDMI_device_session_query_device_property(foreign, QDMI_DEVICE_PROPERTY_NAME, 0, nullptr, nullptr),
              QDMI_ERROR_INVALIDARGUMENT);
    IQM_QDMI_Device_Job job = nullptr;
    EXPECT_EQ(IQM_QDMI_device_session_create_device_job(foreign, &job), QDMI_ERROR_INVALIDARGUMENT);
    IQM_QDMI_device_session_free(foreign);
  }
}

TEST_F(AbiSession, AFreedSessionIsAnInvalidArgument) {
  init();
  const auto stale = session_;
  IQM_QDMI_device_session_free(session_);
  EXPECT_EQ(IQM_QDMI_device_session_query_device_property(stale, QDMI_DEVICE_PROPERTY_NAME, 0, nullptr, nullptr),
            QDMI_ERROR_INVALIDARGUMENT);
  IQM_QDMI_device_session_free(stale);
}

TEST_F(AbiSession, ParametersAreProbedWithANullValue) {
  for (const auto parameter : {QDMI_DEVICE_SESSION_PARAMETER_BASEURL, QDMI_DEVICE_SESSION_PARAMETER_TOKEN,
                               QDMI_DEVICE_SESSION_PARAMETER_AUTHFILE, QDMI_DEVICE_SESSION_PARAMETER_CUSTOM1,
                               QDMI_DEVICE_SESSION_PARAMETER_CUSTOM2}) {
    EXPECT_EQ(IQM_QDMI_device_session_set_parameter(session_, parameter, 0, nullptr), QDMI_SUCCESS);
  }
  for (const auto parameter : {QDMI_DEVICE_SESSION_PARAMETER_AUTHURL, QDMI_DEVICE_SESSION_PARAMETER_USERNAME,
                               QDMI_DEVICE_SESSION_PARAMETER_PASSWORD, QDMI_DEVICE_SESSION_PARAMETER_CHILDDEVICE,
                               QDMI_DEVICE_SESSION_PARAMETER_CUSTOM5}) {
    EXPECT_EQ(IQM_QDMI_device_session_set_parameter(session_, parameter, 0, nullptr), QDMI_ERROR_NOTSUPPORTED);
  }
}

TEST_F(AbiSession, MalformedParametersAreInvalidArguments) {
  const auto set_raw = [this](int parameter, std::size_t size, const void* value) {
    return IQM_QDMI_device_session_set_parameter(session_, static_cast<QDMI_Device_Session_Parameter>(parameter), size,
                                                 value);
  };
  EXPECT_EQ(set_raw(QDMI_DEVICE_SESSION_PARAMETER_MAX, 2, "a"), QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(set_raw(12345, 2, "a"), QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(set_raw(QDMI_DEVICE_SESSION_PARAMETER_TOKEN, 0, "a"), QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(set_raw(QDMI_DEVICE_SESSION_PARAMETER_TOKEN, 1, "a"), QDMI_ERROR_INVALIDARGUMENT);     // no NUL
  EXPECT_EQ(set_raw(QDMI_DEVICE_SESSION_PARAMETER_TOKEN, 4, "a\0b"), QDMI_ERROR_INVALIDARGUMENT);  // one too many
}

TEST_F(AbiSession, IsInitializedOnceAndThenFixed) {
  init();
  EXPECT_EQ(IQM_QDMI_device_session_init(session_), QDMI_ERROR_BADSTATE);
  EXPECT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_TOKEN, "t"), QDMI_ERROR_BADSTATE);
}

TEST_F(AbiSession, QueriesBeforeInitAreBadState) {
  EXPECT_EQ(IQM_QDMI_device_session_query_device_property(session_, QDMI_DEVICE_PROPERTY_NAME, 0, nullptr, nullptr),
            QDMI_ERROR_BADSTATE);
  EXPECT_EQ(
      IQM_QDMI_device_session_query_site_property(session_, nullptr, QDMI_SITE_PROPERTY_INDEX, 0, nullptr, nullptr),
      QDMI_ERROR_BADSTATE);
  EXPECT_EQ(IQM_QDMI_device_session_query_operation_property(session_, nullptr, 0, nullptr, 0, nullptr,
                                                             QDMI_OPERATION_PROPERTY_NAME, 0, nullptr, nullptr),
            QDMI_ERROR_BADSTATE);
  IQM_QDMI_Device_Job job = nullptr;
  EXPECT_EQ(IQM_QDMI_device_session_create_device_job(session_, &job), QDMI_ERROR_BADSTATE);
}

// --- failed initializations: each with a kind and a text of its own, each repairable
// -----------------------------------

struct BadInit {
  const char* name;
  std::string url;  // relative to the server when it starts with '/'
  const char* computer;
  int status;
  const char* kind;
  const char* text;
};

class AbiBadInit : public Abi, public ::testing::WithParamInterface<BadInit> {};

TEST_P(AbiBadInit, SaysWhyAndLeavesTheSessionUsable) {
  loopback_.start();
  const BadInit& bad = GetParam();
  const std::string url = bad.url.starts_with('/') ? loopback_.url() + bad.url : bad.url;
  ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_BASEURL, url), QDMI_SUCCESS);
  ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_CUSTOM2, bad.computer), QDMI_SUCCESS);
  EXPECT_EQ(IQM_QDMI_device_session_init(session_), bad.status);
  const auto error = last_error();
  EXPECT_EQ(error.at("function"), "IQM_QDMI_device_session_init");
  EXPECT_EQ(error.at("status"), bad.status);
  EXPECT_EQ(error.at("kind"), bad.kind);
  EXPECT_NE(error.at("message").get<std::string>().find(bad.text), std::string::npos) << error;

  ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_BASEURL, loopback_.url()), QDMI_SUCCESS);
  ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_CUSTOM2, ""), QDMI_SUCCESS);
  EXPECT_EQ(IQM_QDMI_device_session_init(session_), QDMI_SUCCESS) << last_error();
}

INSTANTIATE_TEST_SUITE_P(
    AbiSession, AbiBadInit,
    ::testing::Values(
        BadInit{"unreachable", "http://127.0.0.1:1", "", QDMI_ERROR_FATAL, "Unreachable", "http://127.0.0.1:1"},
        BadInit{"wrong_token", "/denied", "", QDMI_ERROR_PERMISSIONDENIED, "AuthenticationFailed", "invalid token"},
        BadInit{"unknown_computer", "/", "emerald", QDMI_ERROR_FATAL, "UnknownQuantumComputer", "'emerald'"},
        BadInit{"html", "/html", "", QDMI_ERROR_FATAL, "ProtocolError", "<html>Welcome</html>"},
        BadInit{"not_a_url", "nowhere", "", QDMI_ERROR_FATAL, "InvalidBaseUrl", "'nowhere'"}),
    [](const auto& parameter) { return parameter.param.name; });

TEST_F(AbiSession, TheServersIdentifiersReachTheCaller) {
  loopback_.start();
  ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_BASEURL, loopback_.url() + "/denied"), QDMI_SUCCESS);
  ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_TOKEN, "s3cret"), QDMI_SUCCESS);
  EXPECT_EQ(IQM_QDMI_device_session_init(session_), QDMI_ERROR_PERMISSIONDENIED);
  const auto error = last_error();
  EXPECT_EQ(error.at("http_status"), 401);
  EXPECT_EQ(error.at("error_code"), "unauthorized");
  EXPECT_EQ(error.at("request_id"), "r-1");
  EXPECT_EQ(error.at("server_errors").at(0).at("message"), "invalid token");
  EXPECT_EQ(error.dump().find("s3cret"), std::string::npos);
}

TEST_F(AbiSession, ASuccessLeavesTheLastErrorAndThreadsHaveTheirOwn) {
  EXPECT_EQ(IQM_QDMI_device_session_init(nullptr), QDMI_ERROR_INVALIDARGUMENT);
  init();
  EXPECT_EQ(last_error().at("function"), "IQM_QDMI_device_session_init");
  std::thread([] { EXPECT_TRUE(last_error().empty()); }).join();
}

TEST_F(AbiSession, LastErrorFollowsTheRulesOfStringProperties) {
  EXPECT_EQ(IQM_QDMI_device_session_init(nullptr), QDMI_ERROR_INVALIDARGUMENT);
  std::size_t size = 0;
  ASSERT_EQ(IQM_QDMI_device_last_error(0, nullptr, &size), QDMI_SUCCESS);
  std::string text(size, '?');
  EXPECT_EQ(IQM_QDMI_device_last_error(size - 1, text.data(), nullptr), QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(text, std::string(size, '?'));
  EXPECT_EQ(IQM_QDMI_device_last_error(size + 5, text.data(), &size), QDMI_SUCCESS);
  EXPECT_EQ(std::strlen(text.c_str()) + 1, size);
}

TEST_F(AbiSession, InitializeIsCounted) {
  ASSERT_EQ(IQM_QDMI_device_initialize(), QDMI_SUCCESS);
  init();
  ASSERT_EQ(IQM_QDMI_device_finalize(), QDMI_SUCCESS);
  // The other user of the library keeps its session.
  EXPECT_EQ(IQM_QDMI_device_session_query_device_property(session_, QDMI_DEVICE_PROPERTY_NAME, 0, nullptr, nullptr),
            QDMI_SUCCESS);
}

}  // namespace
}  // namespace iqm::test
