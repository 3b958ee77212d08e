// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "read_artifact.hpp"
#include "server/counts_reader.hpp"
#include "server/measurements_reader.hpp"
#include "support/error.hpp"

namespace iqm::test {
namespace {

template <typename Reader>
void expect_refused(const std::string& body, const std::string& reason) {
  try {
    (void)read_artifact<Reader>(body);
    ADD_FAILURE() << body << " was accepted";
  } catch (const ProtocolError& error) {
    EXPECT_NE(std::string(error.what()).find("GET /artifact"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find(reason), std::string::npos) << error.what();
  }
}

std::vector<model::MeasurementShots> shots(const std::string& body) {
  return read_artifact<server::MeasurementsReader>(body);
}

std::vector<model::MeasurementCounts> counts(const std::string& body) {
  return read_artifact<server::CountsReader>(body);
}

TEST(MeasurementsReader, KeepsTheBitsOfEachKeyShotByShot) {
  const auto circuits = shots(R"([{"a":[[0,1],[1,1]],"b":[[0],[1]]},{},{"c":[]}])");
  ASSERT_EQ(circuits.size(), 3U);
  EXPECT_EQ(circuits[0].shots, 2U);
  EXPECT_EQ(circuits[0].bits.at("a"), "0111");
  EXPECT_EQ(circuits[0].bits.at("b"), "01");
  EXPECT_TRUE(circuits[1].bits.empty());
  EXPECT_EQ(circuits[2].shots, 0U);
}

TEST(MeasurementsReader, RefusesWhatIsNotAListOfShotsAndSaysWhere) {
  const auto refuse = [](const std::string& body, const std::string& reason) {
    expect_refused<server::MeasurementsReader>(body, reason);
  };
  refuse(R"({"a":[[0]]})", "the document");
  refuse(R"([[0]])", "the document");
  refuse(R"([{"a":5}])", "/0");
  refuse(R"([{"a":[0]}])", "/0/a");
  refuse(R"([{"a":[[0],[2]]}])", "/0/a/1");
  refuse(R"([{"a":[[-1]]}])", "the number -1");
  refuse(R"([{"a":[[0.0]]}])", "the number 0.0");
  refuse(R"([{"a":[[true]]}])", "a boolean");
  refuse(R"([{"a":[["0"]]}])", "a string");
  refuse(R"([{"a":[[null]]}])", "null");
  refuse(R"([{"a":[[[0]]]}])", "an array");
  refuse(R"([{"a":[[{}]]}])", "an object");
  refuse(R"([{"a":[[]]}])", "without bits");
  refuse(R"([{"a":[[0],[0,1]]}])", "/0/a/1");
  refuse(R"([{"a":[[0]],"b":[[0],[1]]}])", "2 shots");
  refuse(R"([{"a":[[0]],"a":[[1]]}])", "twice");
  refuse(R"([{"a":[[0],[1)", "not JSON");
  refuse("<html>", "not JSON");
}

TEST(CountsReader, KeepsOutcomesInTheServersOrderAndIgnoresUnknownFields) {
  const auto circuits = counts(
      R"([{"extra":[{"counts":[null,true,-1,0.5,"x",7]}],"measurement_keys":["b","a"],"counts":{"10":3,"01":4},"more":1},)"
      R"({"counts":{"":2},"measurement_keys":[]}])");
  ASSERT_EQ(circuits.size(), 2U);
  EXPECT_EQ(circuits[0].keys, (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(circuits[0].width, 2U);
  EXPECT_EQ(circuits[0].outcomes, "1001");
  EXPECT_EQ(circuits[0].counts, (std::vector<std::uint64_t>{3, 4}));
  EXPECT_EQ(circuits[1].counts, (std::vector<std::uint64_t>{2}));
}

TEST(CountsReader, RefusesWhatIsNotAHistogramAndSaysWhere) {
  const auto refuse = [](const std::string& body, const std::string& reason) {
    expect_refused<server::CountsReader>(body, reason);
  };
  refuse(R"({})", "the document");
  refuse(R"([5])", "the number 5");
  refuse(R"([{"counts":{"0":1}}])", "measurement_keys");
  refuse(R"([{"measurement_keys":["a"]}])", "counts");
  refuse(R"([{"measurement_keys":[1],"counts":{}}])", "/0/measurement_keys");
  refuse(R"([{"measurement_keys":{},"counts":{}}])", "an object");
  refuse(R"([{"measurement_keys":["a"],"counts":{"2":1}}])", "'2'");
  refuse(R"([{"measurement_keys":["a"],"counts":{"0":1,"01":1}}])", "length");
  refuse(R"([{"measurement_keys":["a"],"counts":{"0":-3}}])", "the number -3");
  refuse(R"([{"measurement_keys":["a"],"counts":{"0":1.0}}])", "the number 1.0");
  refuse(R"([{"measurement_keys":["a"],"counts":{"0":"1"}}])", "a string");
  refuse(R"([{"measurement_keys":["a"],"counts":{"0":null}}])", "null");
  refuse(R"([{"measurement_keys":["a"],"counts":[1]}])", "an array");
  refuse(R"([{"measurement_keys":["a"],"counts":{},"counts":{}}])", "twice");
  refuse(R"([{"measurement_keys":["a"],"counts":{"0":99999999999999999999}}])", "the number");
  refuse("", "not JSON");
}

}  // namespace
}  // namespace iqm::test
