// SPDX-License-Identifier: Apache-2.0
#include "server/run_request.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "example_replies.hpp"
#include "support/error.hpp"

namespace iqm::test {
namespace {

std::string run_request(const std::vector<std::string_view>& programs, std::size_t shots,
                        const nlohmann::json& options = nlohmann::json::object(),
                        QDMI_Program_Format format = QDMI_PROGRAM_FORMAT_IQMJSON) {
  return server::run_request(programs, format, shots, kCalibrationSet, options);
}

model::CircuitOutline read_circuit(std::string_view program) {
  return server::read_program(program, QDMI_PROGRAM_FORMAT_IQMJSON);
}

TEST(RunRequest, HoldsCircuitsShotsAndCalibrationSet) {
  const auto body = nlohmann::json::parse(run_request({kCircuit, kCircuit}, 25));
  EXPECT_EQ(body.at("shots"), 25);
  EXPECT_EQ(body.at("calibration_set_id"), kCalibrationSet);
  ASSERT_EQ(body.at("circuits").size(), 2U);
  EXPECT_EQ(body.at("circuits")[1], nlohmann::json::parse(kCircuit));
  EXPECT_EQ(body.size(), 3U);
}

TEST(RunRequest, LeavesTheAuthorsTextUntouched) {
  const std::string odd = R"({ "name" : "a",  "instructions" : [ ] , "weight": 1e-300 })";
  EXPECT_NE(run_request({odd}, 1).find(odd), std::string::npos);
}

TEST(RunRequest, HoldsTheOptionsBesideTheRest) {
  const nlohmann::json options{{"heralding_mode", "zeros"}, {"dd_strategy", {{"x", nullptr}}}};
  const auto body = nlohmann::json::parse(run_request({kCircuit}, 1, options));
  EXPECT_EQ(body.at("heralding_mode"), "zeros");
  EXPECT_EQ(body.at("dd_strategy"), options.at("dd_strategy"));
}

TEST(RunRequest, CarriesQirAsAString) {
  const std::string qir = "define void @main() \"x\" {\n  call void @__quantum__qis__mz__body(ptr null, ptr null)\n}";
  const auto body = nlohmann::json::parse(run_request({qir}, 1, {}, QDMI_PROGRAM_FORMAT_QIRBASESTRING));
  EXPECT_EQ(body.at("circuits")[0], qir);
}

TEST(Circuit, KeysAreReadInProgramOrderWithTheirWidths) {
  const auto outline =
      read_circuit(R"({"name":"m","instructions":[{"name":"measure","locus":["QB2","QB1"],"args":{"key":"z"}},)"
                   R"({"name":"measure","qubits":["QB3"],"args":{"key":"a"},"implementation":"constant"}]})");
  ASSERT_EQ(outline.readout.keys.size(), 2U);
  EXPECT_EQ(outline.readout.keys[0].name, "z");
  EXPECT_EQ(outline.readout.keys[0].width, 2U);
  EXPECT_EQ(outline.readout.keys[1].name, "a");
  EXPECT_FALSE(outline.readout.registers.has_value());
  ASSERT_EQ(outline.instructions.size(), 2U);
  EXPECT_EQ(outline.instructions[0].locus, (model::Locus{"QB2", "QB1"}));
  EXPECT_FALSE(outline.instructions[0].chooses_implementation);
  EXPECT_TRUE(outline.instructions[1].chooses_implementation);
}

TEST(Circuit, RegistersAreReadFromItsMetadata) {
  const auto readout =
      read_circuit(R"({"name":"m","instructions":[],"metadata":{"qdmikit_registers":[["c",3],["d",1]]}})").readout;
  ASSERT_TRUE(readout.registers.has_value());
  EXPECT_EQ((*readout.registers)[0].name, "c");
  EXPECT_EQ((*readout.registers)[0].size, 3U);
  EXPECT_EQ((*readout.registers)[1].size, 1U);
}

struct Malformed {
  const char* program;
  const char* complaint;
};

class MalformedCircuit : public ::testing::TestWithParam<Malformed> {};

TEST_P(MalformedCircuit, IsRefusedWithItsReason) {
  try {
    (void)read_circuit(GetParam().program);
    FAIL() << GetParam().program;
  } catch (const InvalidProgram& error) {
    EXPECT_NE(std::string(error.what()).find(GetParam().complaint), std::string::npos) << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(
    Circuit, MalformedCircuit,
    ::testing::Values(
        Malformed{"OPENQASM 3.0;", "not JSON"}, Malformed{"", "not JSON"}, Malformed{"[]", "one circuit"},
        Malformed{"{}", "no list of 'instructions'"}, Malformed{R"({"instructions":{}})", "no list of 'instructions'"},
        Malformed{R"({"instructions":[7]})", "instruction 0"},
        Malformed{R"({"instructions":[{"name":"measure","locus":[],"args":{"key":"a"}}]})", "acts on nothing"},
        Malformed{R"({"instructions":[{"name":"measure","locus":["QB1"]}]})", "without a string 'key'"},
        Malformed{R"({"instructions":[{"name":"measure","locus":["QB1"],"args":{"key":"a"}},)"
                  R"({"name":"measure","locus":["QB2"],"args":{"key":"a"}}]})",
                  "a second time"},
        Malformed{R"({"instructions":[],"metadata":{"qdmikit_registers":[["c"]]}})", "qdmikit_registers"},
        Malformed{R"({"instructions":[],"metadata":{"qdmikit_registers":[["c",-1]]}})", "qdmikit_registers"}));

}  // namespace
}  // namespace iqm::test
