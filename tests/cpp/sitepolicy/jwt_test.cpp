// SPDX-License-Identifier: Apache-2.0
#include "sitepolicy/jwt.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sitepolicy {
namespace {

constexpr const char* kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string base64url(const std::string& bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const std::size_t size = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) {
      group = (group << 8U) | (k < size ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k <= size; ++k) {
      text.push_back(kAlphabet[(group >> (18U - 6U * k)) & 63U]);
    }
  }
  return text;
}

std::string jwt(const std::string& claims) {
  return base64url(R"({"alg":"RS256"})") + "." + base64url(claims) + ".c2ln";
}

TEST(JwtExpiry, IsTheExpClaim) {
  EXPECT_EQ(jwt_expiry(jwt(R"({"exp":1764000000})")), 1764000000);
  EXPECT_EQ(jwt_expiry(jwt(R"({"sub":"me","exp":1764000000.9,"iat":1})")), 1764000000);
  EXPECT_EQ(jwt_expiry(jwt(R"({"exp":-5})")), -5);
}

TEST(JwtExpiry, IsThatOfTheTokenItselfAndOfTwoTheLast) {
  EXPECT_EQ(jwt_expiry(jwt(R"({"act":{"exp":1},"list":[{"exp":2}],"exp":3,"more":{"exp":4}})")), 3);
  EXPECT_EQ(jwt_expiry(jwt(R"({"exp":1,"exp":2})")), 2);
  EXPECT_EQ(jwt_expiry(jwt(R"({"exp":1,"exp":{"exp":2}})")), std::nullopt);
  EXPECT_EQ(jwt_expiry(jwt(R"({"exp":[1]})")), std::nullopt);
}

TEST(JwtExpiry, IsFoundInEveryPaddingAndInTheUrlAlphabet) {
  // Three lengths in a row have the three paddings; the bytes need both '-' and '_'.
  for (const char* name : {"", "x", "xy"}) {
    const std::string token = jwt(std::string(R"({"n":"??>~ÿþ)") + name + R"(","exp":77})");
    EXPECT_NE(token.find_first_of("-_"), std::string::npos) << token;
    EXPECT_EQ(jwt_expiry(token), 77) << token;
  }
}

TEST(JwtExpiry, IsUnknownForEveryOtherToken) {
  for (const std::string& token :
       {std::string(), std::string("opaque"), std::string("a.b"), std::string("a.b.c.d"), std::string("a..c"),
        std::string("a.b!.c"), std::string("a.b.c"), jwt("{}"), jwt("[1]"), jwt("7"), jwt(R"({"exp":1)"),
        jwt("not json"), jwt(R"({"exp":"1764000000"})"), jwt(R"({"exp":null})"), jwt(R"({"exp":1e300})")}) {
    EXPECT_EQ(jwt_expiry(token), std::nullopt) << token;
  }
}

}  // namespace
}  // namespace sitepolicy
