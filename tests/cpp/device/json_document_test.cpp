// SPDX-License-Identifier: Apache-2.0
// What a text becomes as a document, of JSON's every kind and of texts that are none.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "support/json.hpp"

namespace iqm::test {
namespace {

TEST(JsonDocument, HoldsEachKindOfValue) {
  const auto document = JsonDocument::parse(
      R"({"null": null, "yes": true, "no": false, "most": 18446744073709551615, "least": -9223372036854775808,)"
      R"( "part": 0.25, "text": "a\u00e9\"b", "list": [1, [], {}, [2, {"deep": [3]}], 4], "none": {}})");
  const Json& value = document.value();
  EXPECT_EQ(value.size(), 9U);
  EXPECT_TRUE(value["null"].is_null());
  EXPECT_EQ(value["yes"], true);
  EXPECT_EQ(value["no"], false);
  EXPECT_EQ(value["most"].get<std::uint64_t>(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(value["least"].get<std::int64_t>(), std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(value["part"].is_number_float());
  EXPECT_EQ(value["part"], 0.25);
  EXPECT_EQ(value["text"], "a\u00e9\"b");
  EXPECT_TRUE(value["none"].is_object());
  const Json& list = value["list"];
  ASSERT_EQ(list.size(), 5U);
  EXPECT_EQ(list[0], 1);
  EXPECT_TRUE(list[1].is_array() && list[1].empty());
  EXPECT_TRUE(list[2].is_object() && list[2].empty());
  EXPECT_EQ(list[3].dump(), R"([2,{"deep":[3]}])");
  EXPECT_EQ(list[4], 4);
}

TEST(JsonDocument, MayBeASingleValue) {
  const auto number = JsonDocument::parse("7");
  EXPECT_EQ(number.value(), 7);
  const auto text = JsonDocument::parse(R"("text")");
  EXPECT_EQ(text.value(), "text");
  const auto null = JsonDocument::parse("null");
  EXPECT_TRUE(null.value().is_null());
}

TEST(JsonDocument, OfANameThatIsGivenTwiceHoldsTheLastValue) {
  const auto document = JsonDocument::parse(R"({"a": {"old": [1, 2]}, "b": [3], "a": {"new": 4}, "b": 5})");
  EXPECT_EQ(document.value().dump(), R"({"a":{"new":4},"b":5})");
}

// As deep as a hostile server likes: neither the reading nor the end of the document may use the stack for it.
TEST(JsonDocument, MayBeNestedWithoutLimit) {
  constexpr std::size_t kDepth = 200'000;
  std::string text;
  for (std::size_t level = 0; level < kDepth; ++level) {
    text += R"([{"a":)";
  }
  text += "1";
  for (std::size_t level = 0; level < kDepth; ++level) {
    text += "}]";
  }
  const auto document = JsonDocument::parse(text);
  std::size_t depth = 0;
  const Json* inner = &document.value();
  while (inner->is_array()) {
    inner = &inner->at(0).at("a");
    ++depth;
  }
  EXPECT_EQ(depth, kDepth);
  EXPECT_EQ(*inner, 1);
}

TEST(JsonDocument, OfATextThatIsNoJsonIsAnErrorOrDiscarded) {
  const std::array<std::string, 9> texts{
      "", "{", R"({"a": [1, {"b": 2})", R"({"a": 1} 2)", "[1,]", "nul", R"({"a"})", "\"\xff\"", "1e400"};
  for (const auto& text : texts) {
    SCOPED_TRACE(text);
    EXPECT_THROW((void)JsonDocument::parse(text), Json::exception);
    const auto document = JsonDocument::parse_or_discard(text);
    EXPECT_TRUE(document.value().is_discarded());
  }
}

TEST(JsonDocument, TellsWhereTheTextStopsBeingJson) {
  try {
    (void)JsonDocument::parse(R"({"a": [1, }})");
    FAIL() << "was read";
  } catch (const Json::exception& error) {
    EXPECT_NE(std::string(error.what()).find("line 1, column 11"), std::string::npos) << error.what();
  }
}

TEST(JsonDocument, KeepsItsValueWhenItIsMoved) {
  auto document = JsonDocument::parse(R"({"a": [1]})");
  JsonDocument moved(std::move(document));
  EXPECT_EQ(moved.value().dump(), R"({"a":[1]})");
  document = std::move(moved);
  EXPECT_EQ(document.value().dump(), R"({"a":[1]})");
}

}  // namespace
}  // namespace iqm::test
