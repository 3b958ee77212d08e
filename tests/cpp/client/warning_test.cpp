// SPDX-License-Identifier: Apache-2.0
// QDMI_WARN_GENERAL means that a call did what it was asked to, with something to note.
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "opening.hpp"

namespace qdmikit::test {
namespace {

TEST(Warnings, OfQueriesAreAnswers) {
  const Device device = scripted(R"({"answers": {"session_query_device_property": 1, "session_query_site_property": 1,
                                      "session_query_operation_property": 1}})");
  EXPECT_EQ(device.name(), "Scripted");
  EXPECT_EQ(device.status(), DeviceStatus::Idle);
  EXPECT_EQ(device.queue_length(), std::nullopt) << "what is not supported stays so";
  EXPECT_EQ(device.site(2).name(), "B");
  EXPECT_DOUBLE_EQ(device.site(0).t1().value(), 34.7e-6);
  EXPECT_EQ(device.operation("cz").sites().value().size(), 2U);
  EXPECT_EQ(device.snapshot().sites.size(), 4U);
}

TEST(Warnings, DoNotHinderTheReadingOfWhatGrowsMeanwhile) {
  EXPECT_EQ(scripted(R"({"answers": {"session_query_device_property": 1}})").custom_text(2), "xxx");
}

TEST(Warnings, OfSessionsAreSuccesses) {
  const Device device = scripted(R"({"children": 1, "answers": {"session_set_parameter": 1, "session_init": 1}})");
  EXPECT_EQ(device.children().size(), 1U);
}

TEST(Warnings, OfJobsAreSuccesses) {
  const Device device = scripted(
      R"({"answers": {"session_create_device_job": 1, "job_set_parameter": 1, "job_set_programs": 1, "job_submit": 1,
                      "job_check": 1, "job_wait": 1, "job_query_property": 1, "job_get_program_status": 1,
                      "job_get_results": 1, "job_submit_calibration": 1, "job_cancel": 1},
          "results": {"HIST_KEYS": "0", "HIST_VALUES": [5], "STATEVECTOR_DENSE": [1, 0]}})");
  JobRequest request = any_program();
  request.shots = 5;
  Job job = device.submit(request);
  EXPECT_EQ(job.wait(), JobStatus::Done);
  EXPECT_EQ(job.check(), JobStatus::Done);
  EXPECT_EQ(job.id(), "job-1");
  EXPECT_EQ(job.programs_num(), 1U);
  EXPECT_EQ(job.program_status(), JobStatus::Done);
  EXPECT_EQ(job.counts()["0"], 5U);
  EXPECT_EQ(job.state_vector().size(), 1U);
  EXPECT_NO_THROW(job.cancel());
  EXPECT_NO_THROW(static_cast<void>(device.submit_calibration(request)));
}

// Puts the handler back that was there before.
class Handled {
 public:
  explicit Handled(WarningHandler handler) : before_(set_warning_handler(std::move(handler))) {}
  ~Handled() { set_warning_handler(std::move(before_)); }
  Handled(const Handled&) = delete;
  Handled& operator=(const Handled&) = delete;
  Handled(Handled&&) = delete;
  Handled& operator=(Handled&&) = delete;

 private:
  WarningHandler before_;
};

TEST(Warnings, AreTold) {
  std::vector<Warning> told;
  const Handled handled([&told](const Warning& warning) { told.push_back(warning); });
  const Device device = scripted(R"({"answers": {"job_submit": 1}})");
  EXPECT_TRUE(told.empty());
  const Job job = device.submit(any_program());
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].function, "SCRIPTED_QDMI_device_job_submit");
  EXPECT_EQ(told[0].library, library("scripted-device"));
  EXPECT_TRUE(contains(told[0].message, "SCRIPTED_QDMI_device_job_submit"));
  EXPECT_TRUE(contains(told[0].message, "WARN_GENERAL"));
}

TEST(Warnings, AreToldToTheLatestHandlerAlone) {
  int first = 0;
  int second = 0;
  const Handled one([&first](const Warning&) { ++first; });
  const Device device = scripted(R"({"answers": {"job_submit": 1}})");
  {
    const Handled two([&second](const Warning&) { ++second; });
    static_cast<void>(device.submit(any_program()));
  }
  EXPECT_EQ(std::pair(first, second), std::pair(0, 1));
  static_cast<void>(device.submit(any_program()));
  EXPECT_EQ(std::pair(first, second), std::pair(1, 1));
}

}  // namespace
}  // namespace qdmikit::test
