// SPDX-License-Identifier: Apache-2.0
// A job followed through a sequence of replies. The first part says what is done with it, a letter each: "R" retrieves
// it by its id, "S" submits one, "K" submits a calibration; then check "c", wait "w", cancel "x", query "q", results
// "r". The other parts are the server's replies in order.
#include <array>
#include <cstring>
#include <string>

#include "core/job.hpp"
#include "example_replies.hpp"
#include "fuzz.hpp"

namespace iqm::fuzz {
namespace {

constexpr const char* kId = "7865bed6-e8e6-4e3a-a543-0bfc8cf2431a";

std::shared_ptr<core::Job> begin(char how, const std::shared_ptr<core::Machine>& machine) {
  if (how == 'R') {
    return core::Job::retrieve(machine, kId);
  }
  auto job = std::make_shared<core::Job>(machine);
  const std::size_t size = std::strlen(test::kCircuit) + 1;
  const void* text = test::kCircuit;
  job->set_programs(QDMI_PROGRAM_FORMAT_IQMJSON, 1, &size, &text);
  const std::size_t shots = 7;
  job->set_parameter(QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM, sizeof(shots), &shots);
  expect_typed_errors([&] { how == 'K' ? job->submit_calibration() : job->submit(); });
  return job;
}

void follow(core::Job& job, char step) {
  const auto query = [&job](QDMI_Device_Job_Property property) {
    expect_typed_errors([&] { (void)read([&](const core::PropertySink& sink) { job.query(property, sink); }); });
  };
  const auto result = [&job](QDMI_Job_Result kind) {
    expect_typed_errors([&] { (void)read([&](const core::PropertySink& sink) { job.get_results(0, kind, sink); }); });
  };
  switch (step) {
    case 'c':
      expect_typed_errors([&] { (void)job.check(); });
      break;
    case 'w':
      expect_typed_errors([&] { job.wait(2); });
      break;
    case 'x':
      expect_typed_errors([&] { job.cancel(); });
      break;
    case 'q':
      query(QDMI_DEVICE_JOB_PROPERTY_ID);
      query(QDMI_DEVICE_JOB_PROPERTY_QUEUEPOSITION);
      query(QDMI_DEVICE_JOB_PROPERTY_SHOTSNUM);
      expect_typed_errors([&] { (void)job.program_status(0); });
      break;
    case 'r':
      for (const auto kind : {QDMI_JOB_RESULT_HIST_KEYS, QDMI_JOB_RESULT_HIST_VALUES, QDMI_JOB_RESULT_CUSTOM1}) {
        result(kind);
      }
      break;
    default:
      break;
  }
}

}  // namespace
}  // namespace iqm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace iqm::fuzz;
  constexpr std::size_t kMostSteps = 8;
  Input input(data, size);
  const std::string steps = input.next();
  if (steps.empty() || std::string("RSK").find(steps.front()) == std::string::npos) {
    return -1;
  }
  const auto machine = connect([&](const std::string& line) {
    if (line.ends_with("/cocos/health")) {
      return response("{}");
    }
    const bool about_job = line.find("/jobs/") != std::string::npos || line.find("/cocos/") != std::string::npos;
    return about_job ? response(input.empty() ? "404 {}" : input.next()) : example_reply(line);
  });
  expect_typed_errors([&] {
    const auto job = begin(steps.front(), machine);
    for (const char step : steps.substr(1, kMostSteps)) {
      follow(*job, step);
    }
  });
  return 0;
}
