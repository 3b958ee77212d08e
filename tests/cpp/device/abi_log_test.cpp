// SPDX-License-Identifier: Apache-2.0
// The log callback, and what never reaches it.
#include <algorithm>
#include <mutex>

#include "abi_device.hpp"
#include "temporary_file.hpp"

namespace iqm::test {
namespace {

// What the device said, to this test instead of stderr.
class Recorded {
 public:
  explicit Recorded(int most_verbose) {
    EXPECT_EQ(IQM_QDMI_device_set_log_callback(&Recorded::record, most_verbose, this), QDMI_SUCCESS);
  }
  Recorded(const Recorded&) = delete;
  Recorded& operator=(const Recorded&) = delete;
  Recorded(Recorded&&) = delete;
  Recorded& operator=(Recorded&&) = delete;
  ~Recorded() { EXPECT_EQ(IQM_QDMI_device_set_log_callback(nullptr, 0, nullptr), QDMI_SUCCESS); }

  [[nodiscard]] std::size_t count(const std::string& part) const {
    const std::scoped_lock lock(mutex_);
    return static_cast<std::size_t>(std::ranges::count_if(
        messages_, [&](const auto& message) { return message.second.find(part) != std::string::npos; }));
  }
  [[nodiscard]] int most_verbose() const {
    const std::scoped_lock lock(mutex_);
    int level = 0;
    for (const auto& message : messages_) {
      level = std::max(level, message.first);
    }
    return level;
  }

 private:
  static void record(int level, const char* message, void* self) {
    auto* recorded = static_cast<Recorded*>(self);
    const std::scoped_lock lock(recorded->mutex_);
    recorded->messages_.emplace_back(level, message);
  }

  mutable std::mutex mutex_;
  std::vector<std::pair<int, std::string>> messages_;
};

using AbiLog = Abi;

TEST_F(AbiLog, TheCallbackGetsTheMessagesUpToItsLevel) {
  {
    const Recorded everything(IQM_QDMI_LOG_LEVEL_DEBUG);
    init();
    EXPECT_GT(everything.count("GET http://127.0.0.1"), 3U);
    EXPECT_EQ(everything.most_verbose(), IQM_QDMI_LOG_LEVEL_DEBUG);
  }
  const Recorded information(IQM_QDMI_LOG_LEVEL_INFO);
  EXPECT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_TOKEN, "x"), QDMI_ERROR_BADSTATE);
  EXPECT_EQ(information.count("IQM_QDMI_device_session_set_parameter: BadState"), 1U);
  EXPECT_EQ(information.most_verbose(), IQM_QDMI_LOG_LEVEL_INFO);
}

TEST_F(AbiLog, NoTokenIsEverLoggedOrKeptInAnError) {
  const Recorded everything(IQM_QDMI_LOG_LEVEL_DEBUG);
  const TemporaryFile file(R"({"access_token":"s3cret-file-token"})");
  loopback_.start();
  ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_BASEURL, loopback_.url() + "/denied"), QDMI_SUCCESS);
  ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_TOKEN, "s3cret-token"), QDMI_SUCCESS);
  ASSERT_EQ(IQM_QDMI_device_session_init(session_), QDMI_ERROR_PERMISSIONDENIED);
  EXPECT_EQ(last_error().dump().find("s3cret"), std::string::npos);
  ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_TOKEN, ""), QDMI_SUCCESS);
  ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_AUTHFILE, file.path()), QDMI_SUCCESS);
  ASSERT_EQ(IQM_QDMI_device_session_init(session_), QDMI_ERROR_PERMISSIONDENIED);
  EXPECT_EQ(last_error().dump().find("s3cret"), std::string::npos);
  ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_BASEURL, loopback_.url()), QDMI_SUCCESS);
  ASSERT_EQ(IQM_QDMI_device_session_init(session_), QDMI_SUCCESS) << last_error();
  EXPECT_GT(everything.count("401"), 1U);
  EXPECT_GT(everything.count("r-1"), 1U);  // the server's id of the request, for its operators
  EXPECT_EQ(everything.count("s3cret"), 0U);
}

TEST_F(AbiLog, AnUnknownLevelIsRefused) {
  const auto ignore = [](int, const char*, void*) {};
  EXPECT_EQ(IQM_QDMI_device_set_log_callback(ignore, -1, nullptr), QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(IQM_QDMI_device_set_log_callback(ignore, 5, nullptr), QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(last_error()["function"], "IQM_QDMI_device_set_log_callback");
}

}  // namespace
}  // namespace iqm::test
