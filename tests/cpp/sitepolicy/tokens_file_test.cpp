// SPDX-License-Identifier: Apache-2.0
#include "sitepolicy/tokens_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace sitepolicy {
namespace {

constexpr std::int64_t kNow = 1'000'000;
// {"alg":"none"}.{"exp":N}. with N = kNow and kNow + 1.
constexpr const char* kExpired = "eyJhbGciOiJub25lIn0.eyJleHAiOjEwMDAwMDB9.";
constexpr const char* kValid = "eyJhbGciOiJub25lIn0.eyJleHAiOjEwMDAwMDF9.";

class TokensFile : public ::testing::Test {
 public:
  TokensFile(const TokensFile&) = delete;
  TokensFile& operator=(const TokensFile&) = delete;
  TokensFile(TokensFile&&) = delete;
  TokensFile& operator=(TokensFile&&) = delete;

 protected:
  TokensFile() : path_(std::filesystem::temp_directory_path() / ("tokens-" + std::to_string(::getpid()) + ".json")) {
    write(R"({"access_token": "secret"})");
  }
  ~TokensFile() override { std::filesystem::remove(path_); }

  void write(const std::string& text, mode_t mode = 0600) const {
    std::ofstream(path_) << text;
    ::chmod(path_.c_str(), mode);
  }

  [[nodiscard]] std::string problem() const {
    const auto rejection = check_tokens_file(path_, kNow);
    if (!rejection) {
      return "";
    }
    EXPECT_EQ(rejection->reason.find("secret"), std::string::npos) << "no token is ever told";
    const std::string begin = "the tokens file " + path_.string() + " ";
    EXPECT_EQ(rejection->reason.find(begin), 0U);
    return rejection->reason.substr(begin.size());
  }

  std::filesystem::path path_;
};

TEST_F(TokensFile, ThatIsGood) {
  EXPECT_EQ(problem(), "");
  write(R"({"refresh_token": "r", "access_token": "secret", "more": [{"access_token": 3}]})", 0640);
  EXPECT_EQ(problem(), "");
}

TEST_F(TokensFile, WithATokenThatExpires) {
  write(std::string(R"({"access_token": ")") + kValid + R"("})");
  EXPECT_EQ(problem(), "");
  write(std::string(R"({"access_token": ")") + kExpired + R"("})");
  EXPECT_EQ(problem().find("holds a token that expired 0 s ago"), 0U);
}

TEST_F(TokensFile, ThatIsOpenToEverybody) {
  for (const mode_t mode : {0604U, 0602U, 0644U}) {
    write("{}", mode);
    EXPECT_EQ(problem().find("is open to everybody"), 0U) << mode;
  }
  write("{}", 0620);
  EXPECT_EQ(problem().find("can be written by its group"), 0U);
}

TEST_F(TokensFile, ThatHoldsNoToken) {
  for (const char* text :
       {"", "{}", "[]", "3", R"({"access_token": 3})", R"({"access_token": ""})", R"([{"access_token": "secret"}])",
        R"({"a": {"access_token": "secret"}})", R"({"access_token": "secret")"}) {
    write(text);
    EXPECT_EQ(problem().find("is no JSON object with an 'access_token'"), 0U) << text;
  }
}

TEST_F(TokensFile, ThatIsNoFileOrTooLarge) {
  write(std::string(65537, ' '));
  EXPECT_EQ(problem().find("is larger than 64 KiB"), 0U);
  std::filesystem::remove(path_);
  EXPECT_EQ(problem().find("cannot be read: No such file or directory"), 0U);
  std::filesystem::create_directory(path_);
  EXPECT_EQ(problem().find("is not a regular file"), 0U);
  std::filesystem::remove(path_);
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_EQ(problem().find("is not a regular file"), 0U);
}

TEST_F(TokensFile, OfSomebodyElse) {
  if (::geteuid() != 0) {
    // Only root can give a file away; others meet such files in the tests on a real cluster.
    EXPECT_EQ(check_tokens_file("/dev/null", kNow).has_value(), true);
    return;
  }
  ASSERT_EQ(::chown(path_.c_str(), 12345, 0), 0);
  EXPECT_EQ(problem().find("belongs to neither root nor you"), 0U);
}

}  // namespace
}  // namespace sitepolicy
