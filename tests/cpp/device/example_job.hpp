// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "core/job.hpp"
#include "example_machine.hpp"

namespace iqm::test {

inline constexpr const char* kJobId = "7865bed6-e8e6-4e3a-a543-0bfc8cf2431a";
inline constexpr const char* kSubmit = "POST /api/v1/jobs/small/circuit";
inline const std::string kJob = std::string("GET /api/v1/jobs/") + kJobId;
inline const std::string kCancel = std::string("POST /api/v1/jobs/") + kJobId + "/cancel";
inline const std::string kCounts = kJob + "/artifacts/measurement_counts";
inline const std::string kShots = kJob + "/artifacts/measurements";

inline std::string job_reply(const std::string& status, const std::string& more = "") {
  return std::string(R"({"id":")") + kJobId + R"(","type":"circuit","status":")" + status + "\"" + more + "}";
}

// A job on the example machine.
struct ExampleJob : ExampleMachine {
  std::shared_ptr<core::Machine> machine = connect();
  std::shared_ptr<core::Job> job = std::make_shared<core::Job>(machine);

  void set_programs(const std::vector<std::string>& programs) const {
    std::vector<std::size_t> sizes;
    std::vector<const void*> texts;
    for (const auto& program : programs) {
      sizes.push_back(program.size() + 1);
      texts.push_back(program.c_str());
    }
    job->set_programs(QDMI_PROGRAM_FORMAT_IQMJSON, programs.size(), sizes.data(), texts.data());
  }
  void set_shots(std::size_t shots) const {
    job->set_parameter(QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM, sizeof(shots), &shots);
  }
  // A job that the server has taken and last described as `status`.
  void submit(const std::string& status = "waiting", std::size_t shots = 4) const {
    transport->on(kSubmit, 200, job_reply(status));
    set_programs({kCircuit});
    set_shots(shots);
    job->submit();
  }
  [[nodiscard]] std::string text_result(QDMI_Job_Result result, std::size_t index = 0) const {
    std::size_t size = 0;
    job->get_results(index, result, core::PropertySink(0, nullptr, &size));
    std::string text(size, '?');
    job->get_results(index, result, core::PropertySink(size, text.data(), nullptr));
    text.pop_back();
    return text;
  }
  [[nodiscard]] std::vector<std::size_t> values(std::size_t index = 0) const {
    std::size_t size = 0;
    job->get_results(index, QDMI_JOB_RESULT_HIST_VALUES, core::PropertySink(0, nullptr, &size));
    std::vector<std::size_t> values(size / sizeof(std::size_t));
    job->get_results(index, QDMI_JOB_RESULT_HIST_VALUES, core::PropertySink(size, values.data(), nullptr));
    return values;
  }
};

}  // namespace iqm::test
