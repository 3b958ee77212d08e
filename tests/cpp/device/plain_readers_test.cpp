// SPDX-License-Identifier: Apache-2.0
// The readers for plainly written JSON against those that know all of it: what the first accept, the second read alike.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "read_artifact.hpp"
#include "server/counts_reader.hpp"
#include "server/measurements_reader.hpp"
#include "server/plain_circuit.hpp"
#include "server/plain_results.hpp"
#include "server/run_request.hpp"
#include "support/error.hpp"

namespace iqm::test {
namespace {

// Says whether the plain reader took the document; if it did, the other one must have read the same.
using Compare = std::function<bool(const std::string& document)>;

bool counts_alike(const std::string& document) {
  const auto plain = server::scan_counts(document);
  if (plain) {
    EXPECT_TRUE(*plain == read_artifact<server::CountsReader>(document)) << document;
  }
  return plain.has_value();
}

bool shots_alike(const std::string& document) {
  const auto plain = server::scan_measurements(document);
  if (plain) {
    EXPECT_TRUE(*plain == read_artifact<server::MeasurementsReader>(document)) << document;
  }
  return plain.has_value();
}

bool circuits_alike(const std::string& document) {
  const auto plain = server::scan_circuit(document);
  if (plain) {
    const auto circuits = Json::parse("[" + document + "]");
    EXPECT_TRUE(*plain == server::read_submitted_circuits(circuits).at(0)) << document;
  }
  return plain.has_value();
}

// Every document that differs from this one in one character: left out, doubled or another.
void expect_alike_with_one_mistake(const std::string& document, const Compare& alike) {
  constexpr std::string_view kCharacters = "\"\\[]{}:, \n01-.eE+xtn\x7f\x80";
  const auto try_one = [&](const std::string& mistaken) {
    try {
      (void)alike(mistaken);
    } catch (const std::exception& error) {
      ADD_FAILURE() << mistaken << " was taken as plain, and is refused: " << error.what();
    }
  };
  for (std::size_t at = 0; at < document.size(); ++at) {
    std::string shorter = document;
    try_one(shorter.erase(at, 1));
    try_one(document.substr(0, at));
    for (const char character : kCharacters) {
      std::string other = document;
      other[at] = character;
      try_one(other);
      std::string longer = document;
      try_one(longer.insert(at, 1, character));
    }
  }
}

constexpr const char* kCounts =
    R"([{"measurement_keys":["b","a"],"counts":{"10":3,"01":40}}, {"counts" : { } ,"measurement_keys":[]}])";
constexpr const char* kShots = R"([{"a":[[0,1],[1,1]],"b":[[0],[1]]}, {}, { "c" : [ ] }])";
constexpr const char* kCircuit =
    R"({"name":"x","metadata":{"qdmikit_registers":[["c",2]],"y":null},"instructions":[)"
    R"({"name":"prx","locus":["QB1"],"args":{"angle":-0.5e-3,"on":true},"implementation":null},)"
    R"({"name":"cz","locus":["QB1","QB2"],"implementation":"tgss"},)"
    R"({"name":"measure","args":{"key":"c_2_0_0"},"locus":["QB1"]}]})";

TEST(PlainReaders, ReadPlainDocuments) {
  EXPECT_TRUE(counts_alike(kCounts));
  EXPECT_TRUE(counts_alike("[]"));
  EXPECT_TRUE(counts_alike(R"([{"measurement_keys":["a"],"counts":{"0":9999999999999999999}}])"));
  EXPECT_TRUE(shots_alike(kShots));
  EXPECT_TRUE(shots_alike(" [ { \"a\" : [ [ 0 , 1 ] , [ 1 , 0 ] ] } ] \r\n"));
  EXPECT_TRUE(circuits_alike(kCircuit));
  EXPECT_TRUE(circuits_alike(R"({"instructions":[]})"));
}

TEST(PlainReaders, LeaveOtherDocumentsToTheOtherReaders) {
  EXPECT_FALSE(counts_alike(R"([{"measurement_keys":["\u0061"],"counts":{"0":1}}])"));
  EXPECT_FALSE(counts_alike(R"([{"measurement_keys":["ä"],"counts":{"0":1}}])"));
  EXPECT_FALSE(counts_alike(R"([{"measurement_keys":["a"],"counts":{"0":1},"more":1}])"));
  EXPECT_FALSE(counts_alike("\xEF\xBB\xBF[]"));
  EXPECT_FALSE(circuits_alike(R"({"instructions":[],"instructions":[]})"));
  EXPECT_FALSE(circuits_alike(R"({"instructions":[{"name":"measure","qubits":["QB1"],"args":{"key":"m"}}]})"));
  EXPECT_FALSE(circuits_alike(R"({"instructions":[],"ä":1})"));
  EXPECT_FALSE(circuits_alike(R"({"instructions":[],"x":)" + std::string(100, '[') + std::string(100, ']') + "}"));
}

TEST(PlainReaders, LeaveWhatIsWrongToTheOtherReaders) {
  for (const char* wrong : {
           R"([{"measurement_keys":["a"],"counts":{"0":1}}]])",
           R"([{"measurement_keys":["a"],"counts":{"0":1}},])",
           R"([{"measurement_keys":["a"],"counts":{"0":01}}])",
           R"([{"measurement_keys":["a"],"counts":{"0":1.0}}])",
           R"([{"measurement_keys":["a"],"counts":{"0":1e3}}])",
           R"([{"measurement_keys":["a"],"counts":{"0":-1}}])",
           R"([{"measurement_keys":["a"],"counts":{"0":1,"00":1}}])",
           R"([{"measurement_keys":["a"],"counts":{"0":18446744073709551616}}])",
           R"([{"counts":{"0":1}}])",
           R"([{"measurement_keys":["a"]}])",
           R"({"counts":{}})",
           "",
           "[",
           "null",
       }) {
    EXPECT_FALSE(server::scan_counts(wrong).has_value()) << wrong;
  }
  for (const char* wrong :
       {R"([{"a":[[]]}])", R"([{"a":[[0],[0,1]]}])", R"([{"a":[[0]],"b":[[0],[1]]}])", R"([{"a":[[0]],"a":[[1]]}])",
        R"([{"a":[[2]]}])", R"([{"a":[[0.0]]}])", R"([{"a":[[00]]}])", R"([{"a":[0]}])", R"([{"a":[[0]]}] x)"}) {
    EXPECT_FALSE(server::scan_measurements(wrong).has_value()) << wrong;
  }
  for (const char* wrong :
       {R"({"name":"x"})", R"({"instructions":[{"name":"prx","locus":[]}]})", R"({"instructions":[{"locus":["QB1"]}]})",
        R"({"instructions":[{"name":"measure","locus":["QB1"]}]})",
        R"({"instructions":[],"metadata":{"qdmikit_registers":[["c",-1]]}})", R"({"instructions":[],"x":1e999})",
        R"({"instructions":[],"x":01})", R"({"instructions":[],"x":1.})", R"({"instructions":[],"x":.5})",
        R"({"instructions":[],"x":nul})", R"({"instructions":[],"x":truex})", R"({"instructions":[]} x)"}) {
    EXPECT_FALSE(server::scan_circuit(wrong).has_value()) << wrong;
  }
  EXPECT_FALSE(server::scan_circuit(R"({"instructions":[{"name":"measure","locus":["QB1"],"args":{"key":"m"}},)"
                                    R"({"name":"measure","locus":["QB2"],"args":{"key":"m"}}]})")
                   .has_value());
}

TEST(PlainReaders, AgreeWithTheOtherReadersOnEveryMistakeOfOneCharacter) {
  expect_alike_with_one_mistake(kCounts, counts_alike);
  expect_alike_with_one_mistake(kShots, shots_alike);
  expect_alike_with_one_mistake(kCircuit, circuits_alike);
}

}  // namespace
}  // namespace iqm::test
