// SPDX-License-Identifier: Apache-2.0
#include "core/job_options.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/error.hpp"

namespace iqm::test {
namespace {

using nlohmann::json;

constexpr auto kFirst = QDMI_DEVICE_JOB_PARAMETER_CUSTOM1;
constexpr auto kSecond = QDMI_DEVICE_JOB_PARAMETER_CUSTOM2;
constexpr auto kThird = QDMI_DEVICE_JOB_PARAMETER_CUSTOM3;
constexpr auto kFourth = QDMI_DEVICE_JOB_PARAMETER_CUSTOM4;
constexpr auto kFifth = QDMI_DEVICE_JOB_PARAMETER_CUSTOM5;

TEST(JobOptions, EachParameterBringsItsMembers) {
  core::JobOptions options;
  options.set(kFirst, "zeros");
  options.set(kSecond, "allow_prx");
  options.set(kThird, "no_detuning_correction");
  options.set(kFourth, "enabled");
  options.set(kFifth, " alice : QB1,a:b:QB2 ");
  EXPECT_EQ(options.members(), json::parse(R"({"heralding_mode":"zeros","move_gate_validation":"allow_prx",)"
                                           R"("move_gate_frame_tracking":"no_detuning_correction","dd_mode":"enabled",)"
                                           R"("qubit_mapping":[{"logical_name":"alice","physical_name":"QB1"},)"
                                           R"({"logical_name":"a:b","physical_name":"QB2"}]})"));
  EXPECT_TRUE(options.heralded());
  EXPECT_EQ(options.qubit_mapping().at("a:b"), "QB2");
}

TEST(JobOptions, AnObjectIsMergedIntoTheRequest) {
  core::JobOptions options;
  options.set(kFirst, R"( {"heralding_mode":"zeros","max_circuit_duration_over_t2":0.0,)"
                      R"("qubit_mapping":{"a":"QB3"}})");
  EXPECT_EQ(options.members().at("max_circuit_duration_over_t2"), 0.0);
  EXPECT_TRUE(options.heralded());
  EXPECT_EQ(options.qubit_mapping().at("a"), "QB3");
}

TEST(JobOptions, AStrategySwitchesDecouplingOn) {
  core::JobOptions options;
  options.set(kFourth, R"({"merge_contiguous_waits":true})");
  EXPECT_EQ(options.members(), json::parse(R"({"dd_mode":"enabled","dd_strategy":{"merge_contiguous_waits":true}})"));
}

TEST(JobOptions, AnEmptyTextTakesAParameterBack) {
  core::JobOptions options;
  options.set(kFirst, "zeros");
  options.set(kFirst, "");
  EXPECT_TRUE(options.members().empty());
  EXPECT_FALSE(options.heralded());
}

void expect_refused(core::JobOptions options, QDMI_Device_Job_Parameter parameter, const std::string& text) {
  const json before = options.members();
  EXPECT_THROW(options.set(parameter, text), InvalidOption) << text;
  EXPECT_EQ(options.members(), before);
}

TEST(JobOptions, WhatTheServerDoesNotKnowIsRefusedAndChangesNothing) {
  core::JobOptions options;
  options.set(kSecond, "none");
  for (const char* text :
       {"ones", "Zeros", "[]", "{", "{]", R"({"shots":5})", R"({"circuits":[]})", R"({"calibration_set_id":null})",
        R"({"qubit_mapping":[5]})", R"({"qubit_mapping":[{"logical_name":"a"}]})", R"({"qubit_mapping":{"a":1}})"}) {
    expect_refused(options, kFirst, text);
  }
  expect_refused(options, kSecond, "STRICT");
  expect_refused(options, kThird, "half");
  expect_refused(options, kFourth, "on");
  expect_refused(options, kFourth, "{broken");
  for (const char* text : {"a", "a:", ":QB1", "a:QB1,", "a:QB1,a:QB2"}) {
    expect_refused(options, kFifth, text);
  }
}

TEST(JobOptions, AnOptionGivenTwiceIsRefusedUnderAnyOfItsNames) {
  core::JobOptions options;
  options.set(kSecond, "strict");
  expect_refused(options, kFirst, R"({"move_gate_validation":"none"})");
  expect_refused(options, kFirst, R"({"move_validation_mode":"none"})");
  expect_refused(core::JobOptions(), kFirst, R"({"move_gate_validation":"none","move_validation_mode":"none"})");
  core::JobOptions mapped;
  mapped.set(kFirst, R"({"qubit_mapping":null})");
  expect_refused(mapped, kFifth, "a:QB1");
}

}  // namespace
}  // namespace iqm::test
