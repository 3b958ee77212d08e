// SPDX-License-Identifier: Apache-2.0
#include "last_error.hpp"

#include <gtest/gtest.h>

namespace qdmikit::test {
namespace {

using detail::parse_last_error;

TEST(LastError, IsReadInFull) {
  const auto detail = parse_last_error(
      R"({"function": "F", "status": -8, "kind": "Forbidden", "message": "no", "http_status": 403,
          "error_code": "c", "request_id": "r", "programs_max": 20,
          "server_errors": [{"error_code": "a", "message": "b", "source": "s"}, "only text", 5]})",
      "F", Status::PermissionDenied);
  ASSERT_TRUE(detail);
  EXPECT_EQ(detail->kind, "Forbidden");
  EXPECT_EQ(detail->http_status, 403);
  EXPECT_EQ(detail->programs_max, 20U);
  ASSERT_EQ(detail->server_errors.size(), 2U);
  EXPECT_EQ(detail->server_errors[0].source, "s");
  EXPECT_EQ(detail->server_errors[1].message, "only text");
}

TEST(LastError, MayLeaveMembersOut) {
  const auto detail =
      parse_last_error(R"({"message": "no", "http_status": null, "server_errors": null})", "F", Status::Fatal);
  ASSERT_TRUE(detail);
  EXPECT_EQ(detail->message, "no");
  EXPECT_EQ(detail->http_status, 0);
  EXPECT_EQ(detail->programs_max, 0U);
  EXPECT_EQ(detail->kind, "");
}

TEST(LastError, IsIgnoredWhenItIsAboutAnotherCall) {
  EXPECT_FALSE(parse_last_error(R"({"function": "G", "message": "no"})", "F", Status::Fatal));
  EXPECT_FALSE(parse_last_error(R"({"status": -10, "message": "no"})", "F", Status::Fatal));
}

TEST(LastError, IsIgnoredWhenThereIsNoneOrNoJson) {
  EXPECT_FALSE(parse_last_error("{}", "F", Status::Fatal));
  EXPECT_FALSE(parse_last_error("", "F", Status::Fatal));
  EXPECT_FALSE(parse_last_error("[1]", "F", Status::Fatal));
  EXPECT_FALSE(parse_last_error("{\"message\": ", "F", Status::Fatal));
}

}  // namespace
}  // namespace qdmikit::test
