// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "example_replies.hpp"
#include "iqm_qdmi/device.h"
#include "iqm_qdmi/extensions.h"
#include "loopback_server.hpp"
#include "scoped_environment.hpp"

namespace iqm::test {

// The calling thread's last failed call, as the library tells it.
inline nlohmann::json last_error() {
  std::size_t size = 0;
  EXPECT_EQ(IQM_QDMI_device_last_error(0, nullptr, &size), QDMI_SUCCESS);
  std::string text(size, '\0');
  EXPECT_EQ(IQM_QDMI_device_last_error(size, text.data(), nullptr), QDMI_SUCCESS);
  return nlohmann::json::parse(text.c_str());
}

// The shared library through its C interface, against a server with one small machine.
class Abi : public ::testing::Test {
 protected:
  Abi() {
    for (const auto& [route, body] : example_replies()) {
      loopback_.server().Get(route, [body = body](const httplib::Request&, httplib::Response& response) {
        response.set_content(body, "application/json");
      });
    }
    loopback_.server().Get("/html/.*", [](const httplib::Request&, httplib::Response& response) {
      response.set_content("<html>Welcome</html>", "text/html");
    });
    loopback_.server().Get("/denied/.*", [](const httplib::Request&, httplib::Response& response) {
      response.status = 401;
      response.set_content(R"({"message":"invalid token","error_code":"unauthorized","request_id":"r-1"})",
                           "application/json");
    });
  }

  void SetUp() override {
    ASSERT_EQ(IQM_QDMI_device_initialize(), QDMI_SUCCESS);
    ASSERT_EQ(IQM_QDMI_device_session_alloc(&session_), QDMI_SUCCESS);
  }

  void TearDown() override {
    IQM_QDMI_device_session_free(session_);
    EXPECT_EQ(IQM_QDMI_device_finalize(), QDMI_SUCCESS);
  }

  int set(QDMI_Device_Session_Parameter parameter, const std::string& value) {
    return IQM_QDMI_device_session_set_parameter(session_, parameter, value.size() + 1, value.c_str());
  }

  void init() {
    loopback_.start();
    ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_BASEURL, loopback_.url()), QDMI_SUCCESS);
    ASSERT_EQ(IQM_QDMI_device_session_init(session_), QDMI_SUCCESS) << last_error();
  }

  template <typename T>
  std::vector<T> device_list(QDMI_Device_Property property) {
    std::size_t size = 0;
    EXPECT_EQ(IQM_QDMI_device_session_query_device_property(session_, property, 0, nullptr, &size), QDMI_SUCCESS);
    std::vector<T> list(size / sizeof(T));
    EXPECT_EQ(IQM_QDMI_device_session_query_device_property(session_, property, size, list.data(), nullptr),
              QDMI_SUCCESS);
    return list;
  }

  ScopedEnvironment environment_{"IQM_TOKEN",    "IQM_TOKENS_FILE",   "QDMI_AUTH_FILE", "IQM_SERVER_URL",
                                 "IQM_BASE_URL", "QDMI_ENDPOINT",     "IQM_QC_ID",      "IQM_QUANTUM_COMPUTER",
                                 "IQM_QC_ALIAS", "QDMI_BACKEND_ALIAS"};
  LoopbackServer loopback_;
  IQM_QDMI_Device_Session session_ = nullptr;
};

}  // namespace iqm::test
