// SPDX-License-Identifier: Apache-2.0
#include <atomic>

#include "abi_device.hpp"

namespace iqm::test {
namespace {

constexpr const char* kId = "7865bed6-e8e6-4e3a-a543-0bfc8cf2431a";

class AbiJob : public Abi {
 protected:
  void SetUp() override {
    loopback_.server().Post("/api/v1/jobs/small/circuit", [this](const httplib::Request&, httplib::Response& response) {
      ++submissions_;
      response.set_content(std::string(R"({"id":")") + kId + R"(","type":"circuit","status":"waiting"})",
                           "application/json");
    });
    const std::string job = std::string("/api/v1/jobs/") + kId;
    loopback_.server().Get(job, [](const httplib::Request&, httplib::Response& response) {
      response.set_content(std::string(R"({"id":")") + kId + R"(","type":"circuit","status":"completed"})",
                           "application/json");
    });
    loopback_.server().Get(
        job + "/artifacts/measurement_counts", [](const httplib::Request&, httplib::Response& response) {
          response.set_content(R"([{"measurement_keys":["c_3_0_0","c_3_0_1","c_3_0_2"],"counts":{"100":7}}])",
                               "application/json");
        });
    loopback_.server().Get(job + "/payload", [](const httplib::Request&, httplib::Response& response) {
      response.set_content(std::string(R"({"shots":7,"circuits":[)") + kCircuit + "]}", "application/json");
    });
    Abi::SetUp();
    init();
    ASSERT_EQ(IQM_QDMI_device_session_create_device_job(session_, &job_), QDMI_SUCCESS);
  }
  void TearDown() override {
    IQM_QDMI_device_job_free(job_);
    Abi::TearDown();
  }

  int set_program(QDMI_Program_Format format, const std::string& program) {
    const std::size_t size = program.size() + 1;
    const void* text = program.c_str();
    return IQM_QDMI_device_job_set_programs(job_, format, 1, &size, &text);
  }

  std::atomic<int> submissions_{0};
  IQM_QDMI_Device_Job job_ = nullptr;
};

TEST_F(AbiJob, RunsFromCreationToCounts) {
  ASSERT_EQ(set_program(QDMI_PROGRAM_FORMAT_IQMJSON, kCircuit), QDMI_SUCCESS);
  const std::size_t shots = 7;
  ASSERT_EQ(IQM_QDMI_device_job_set_parameter(job_, QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM, sizeof(shots), &shots),
            QDMI_SUCCESS);
  ASSERT_EQ(IQM_QDMI_device_job_submit(job_), QDMI_SUCCESS) << last_error();
  ASSERT_EQ(IQM_QDMI_device_job_wait(job_, 10), QDMI_SUCCESS) << last_error();
  QDMI_Job_Status status = QDMI_JOB_STATUS_CREATED;
  ASSERT_EQ(IQM_QDMI_device_job_check(job_, &status), QDMI_SUCCESS);
  EXPECT_EQ(status, QDMI_JOB_STATUS_DONE);
  char keys[8] = "";
  std::size_t size = 0;
  ASSERT_EQ(IQM_QDMI_device_job_get_results(job_, 0, QDMI_JOB_RESULT_HIST_KEYS, sizeof(keys), keys, &size),
            QDMI_SUCCESS);
  EXPECT_STREQ(keys, "001");
  EXPECT_EQ(size, 4U);
  std::size_t value = 0;
  ASSERT_EQ(IQM_QDMI_device_job_get_results(job_, 0, QDMI_JOB_RESULT_HIST_VALUES, sizeof(value), &value, nullptr),
            QDMI_SUCCESS);
  EXPECT_EQ(value, 7U);
  EXPECT_EQ(submissions_, 1);
}

TEST_F(AbiJob, OutlivesItsSessionsHandle) {
  ASSERT_EQ(set_program(QDMI_PROGRAM_FORMAT_IQMJSON, kCircuit), QDMI_SUCCESS);
  IQM_QDMI_device_session_free(session_);
  EXPECT_EQ(IQM_QDMI_device_job_submit(job_), QDMI_SUCCESS);
  EXPECT_EQ(IQM_QDMI_device_job_wait(job_, 10), QDMI_SUCCESS);
}

TEST_F(AbiJob, NullFreedAndForeignHandlesAreInvalidArguments) {
  IQM_QDMI_Device_Job freed = nullptr;
  ASSERT_EQ(IQM_QDMI_device_session_create_device_job(session_, &freed), QDMI_SUCCESS);
  IQM_QDMI_device_job_free(freed);
  for (auto* handle : {static_cast<IQM_QDMI_Device_Job>(nullptr), freed}) {
    QDMI_Job_Status status = QDMI_JOB_STATUS_CREATED;
    EXPECT_EQ(IQM_QDMI_device_job_submit(handle), QDMI_ERROR_INVALIDARGUMENT);
    EXPECT_EQ(IQM_QDMI_device_job_check(handle, &status), QDMI_ERROR_INVALIDARGUMENT);
    EXPECT_EQ(IQM_QDMI_device_job_wait(handle, 1), QDMI_ERROR_INVALIDARGUMENT);
    EXPECT_EQ(IQM_QDMI_device_job_cancel(handle), QDMI_ERROR_INVALIDARGUMENT);
    EXPECT_EQ(IQM_QDMI_device_job_get_results(handle, 0, QDMI_JOB_RESULT_SHOTS, 0, nullptr, nullptr),
              QDMI_ERROR_INVALIDARGUMENT);
    EXPECT_EQ(IQM_QDMI_device_job_query_property(handle, QDMI_DEVICE_JOB_PROPERTY_ID, 0, nullptr, nullptr),
              QDMI_ERROR_INVALIDARGUMENT);
    IQM_QDMI_device_job_free(handle);
  }
  EXPECT_EQ(IQM_QDMI_device_job_check(job_, nullptr), QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(IQM_QDMI_device_session_create_device_job(session_, nullptr), QDMI_ERROR_INVALIDARGUMENT);
}

TEST_F(AbiJob, ReservedAndUnknownEnumeratorsAreTold) {
  for (const int reserved : {0, 1}) {
    EXPECT_EQ(IQM_QDMI_device_job_set_parameter(job_, static_cast<QDMI_Device_Job_Parameter>(reserved), 2, "a"),
              QDMI_ERROR_NOTSUPPORTED);
  }
  EXPECT_EQ(IQM_QDMI_device_job_set_parameter(job_, QDMI_DEVICE_JOB_PARAMETER_MAX, 2, "a"), QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(IQM_QDMI_device_job_query_property(job_, static_cast<QDMI_Device_Job_Property>(2), 0, nullptr, nullptr),
            QDMI_ERROR_NOTSUPPORTED);
  for (const int format : {6, 9, static_cast<int>(QDMI_PROGRAM_FORMAT_QASM3)}) {
    EXPECT_EQ(set_program(static_cast<QDMI_Program_Format>(format), kCircuit), QDMI_ERROR_NOTSUPPORTED);
  }
  EXPECT_EQ(set_program(QDMI_PROGRAM_FORMAT_MAX, kCircuit), QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(IQM_QDMI_device_job_get_results(job_, 0, QDMI_JOB_RESULT_MAX, 0, nullptr, nullptr),
            QDMI_ERROR_INVALIDARGUMENT);
}

TEST_F(AbiJob, ProgramsAreProbedWithoutChangingAnything) {
  EXPECT_EQ(IQM_QDMI_device_job_set_programs(job_, QDMI_PROGRAM_FORMAT_IQMJSON, 1000, nullptr, nullptr), QDMI_SUCCESS);
  EXPECT_EQ(IQM_QDMI_device_job_set_programs(job_, QDMI_PROGRAM_FORMAT_QPY, 1, nullptr, nullptr),
            QDMI_ERROR_NOTSUPPORTED);
  EXPECT_EQ(IQM_QDMI_device_job_query_property(job_, QDMI_DEVICE_JOB_PROPERTY_PROGRAMSNUM, 0, nullptr, nullptr),
            QDMI_ERROR_BADSTATE);
}

TEST_F(AbiJob, ZeroShotsHaveTheirOwnKind) {
  const std::size_t shots = 0;
  EXPECT_EQ(IQM_QDMI_device_job_set_parameter(job_, QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM, sizeof(shots), &shots),
            QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(last_error().at("kind"), "InvalidShots");
}

TEST_F(AbiJob, AMalformedProgramIsFatalAtSubmissionWithItsOwnKind) {
  ASSERT_EQ(set_program(QDMI_PROGRAM_FORMAT_IQMJSON, "OPENQASM 3.0;"), QDMI_SUCCESS);
  EXPECT_EQ(IQM_QDMI_device_job_submit(job_), QDMI_ERROR_FATAL);
  EXPECT_EQ(last_error().at("kind"), "InvalidProgram");
  EXPECT_EQ(submissions_, 0);
}

TEST_F(AbiJob, IsFoundAgainByItsId) {
  IQM_QDMI_Device_Job other = job_;
  EXPECT_EQ(IQM_QDMI_device_session_retrieve_device_job_by_id(session_, "", &other), QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(other, nullptr);
  other = job_;
  EXPECT_EQ(IQM_QDMI_device_session_retrieve_device_job_by_id(session_, "unknown", &other), QDMI_ERROR_NOTFOUND);
  EXPECT_EQ(other, nullptr);
  ASSERT_EQ(IQM_QDMI_device_session_retrieve_device_job_by_id(session_, kId, &other), QDMI_SUCCESS) << last_error();
  QDMI_Job_Status status = QDMI_JOB_STATUS_CREATED;
  EXPECT_EQ(IQM_QDMI_device_job_get_program_status(other, 0, &status), QDMI_SUCCESS);
  EXPECT_EQ(status, QDMI_JOB_STATUS_DONE);
  EXPECT_EQ(IQM_QDMI_device_job_get_program_status(other, 0, nullptr), QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(IQM_QDMI_device_job_get_program_status(other, 1, nullptr), QDMI_ERROR_OUTOFRANGE);
  EXPECT_EQ(IQM_QDMI_device_job_submit(other), QDMI_ERROR_BADSTATE);
  char keys[4] = "";
  EXPECT_EQ(IQM_QDMI_device_job_get_results(other, 0, QDMI_JOB_RESULT_HIST_KEYS, sizeof(keys), keys, nullptr),
            QDMI_SUCCESS);
  EXPECT_STREQ(keys, "001");
  IQM_QDMI_device_job_free(other);
}

TEST_F(AbiJob, ACalibrationNeedsAServerThatCalibrates) {
  ASSERT_EQ(set_program(QDMI_PROGRAM_FORMAT_IQMJSON, "{}"), QDMI_SUCCESS);
  EXPECT_EQ(IQM_QDMI_device_job_submit_calibration(job_), QDMI_ERROR_NOTSUPPORTED);
  EXPECT_EQ(last_error().at("function"), "IQM_QDMI_device_job_submit_calibration");
  EXPECT_EQ(IQM_QDMI_device_job_submit_calibration(nullptr), QDMI_ERROR_INVALIDARGUMENT);
}

TEST_F(AbiJob, TheIdIsKnownOnceSubmitted) {
  EXPECT_EQ(IQM_QDMI_device_job_query_property(job_, QDMI_DEVICE_JOB_PROPERTY_ID, 0, nullptr, nullptr),
            QDMI_ERROR_BADSTATE);
  ASSERT_EQ(set_program(QDMI_PROGRAM_FORMAT_IQMJSON, kCircuit), QDMI_SUCCESS);
  ASSERT_EQ(IQM_QDMI_device_job_submit(job_), QDMI_SUCCESS);
  char id[64] = "";
  EXPECT_EQ(IQM_QDMI_device_job_query_property(job_, QDMI_DEVICE_JOB_PROPERTY_ID, sizeof(id), id, nullptr),
            QDMI_SUCCESS);
  EXPECT_STREQ(id, kId);
}

}  // namespace
}  // namespace iqm::test
