// SPDX-License-Identifier: Apache-2.0
// The library for QDMI 1.3, where it differs from the one for 1.4. That this file compiles shows that no other function
// has changed its signature between the two.
#include <atomic>
#include <cstring>

// NOLINTNEXTLINE(readability-identifier-naming): QDMI's name
#define IQM_QDMI_device_job_get_results IQM_QDMI_device_job_get_results_of_1_4
#include "abi_device.hpp"
#undef IQM_QDMI_device_job_get_results
#include "abi13/device.h"

namespace iqm::test {
namespace {

constexpr const char* kId = "7865bed6-e8e6-4e3a-a543-0bfc8cf2431a";
constexpr int kCalibration = IQM_QDMI13_PROGRAM_FORMAT_CALIBRATION;
constexpr int kFormat = IQM_QDMI13_DEVICE_JOB_PARAMETER_PROGRAMFORMAT;
constexpr int kProgram = IQM_QDMI13_DEVICE_JOB_PARAMETER_PROGRAM;

// In several programs, when asked for.
std::string payload(int programs) {
  std::string circuits = kCircuit;
  for (int i = 1; i < programs; ++i) {
    circuits += std::string(",") + kCircuit;
  }
  return std::string(R"({"shots":7,"circuits":[)") + circuits + "]}";
}

class Abi13 : public Abi {
 protected:
  void SetUp() override {
    answer_post("/api/v1/jobs/small/circuit", std::string(R"({"id":")") + kId + R"(","status":"waiting"})");
    const std::string job = std::string("/api/v1/jobs/") + kId;
    answer(job, std::string(R"({"id":")") + kId + R"(","type":"circuit","status":"completed"})");
    answer(job + "/artifacts/measurement_counts",
           R"([{"measurement_keys":["c_3_0_0","c_3_0_1","c_3_0_2"],"counts":{"100":7}}])");
    loopback_.server().Get(job + "/payload", [this](const httplib::Request&, httplib::Response& response) {
      response.set_content(payload(programs_of_retrieved_), "application/json");
    });
    Abi::SetUp();
  }
  void TearDown() override {
    IQM_QDMI_device_job_free(job_);
    Abi::TearDown();
  }

  void answer(const std::string& route, const std::string& body) {
    loopback_.server().Get(route, [body](const httplib::Request&, httplib::Response& response) {
      response.set_content(body, "application/json");
    });
  }
  void answer_post(const std::string& route, const std::string& body) {
    loopback_.server().Post(route, [this, body](const httplib::Request& request, httplib::Response& response) {
      ++submissions_;
      submitted_ = request.body;
      response.set_content(body, "application/json");
    });
  }
  void serve_calibrations() {
    answer("/cocos/health", "{}");
    answer_post("/cocos/api/v4/calibration/runs", R"({"id":"run-7"})");
    answer(
        "/cocos/api/v4/calibration/runs/run-7/status",
        std::string(R"({"status":"ready","result":{"success":true,"calibration_set_id":")") + kCalibrationSet + "\"}}");
    const std::string set = std::string("/api/v1/calibration-sets/small/") + kCalibrationSet;
    const auto replies = example_replies();
    answer(set + "/dynamic-quantum-architecture",
           replies.at("/api/v1/calibration-sets/small/default/dynamic-quantum-architecture"));
    answer(set + "/metrics", example_metrics(kCalibrationSet));
  }
  void create_job() {
    init();
    ASSERT_EQ(IQM_QDMI_device_session_create_device_job(session_, &job_), QDMI_SUCCESS);
  }

  int set_parameter(int parameter, std::size_t size, const void* value) {
    return IQM_QDMI_device_job_set_parameter(job_, static_cast<QDMI_Device_Job_Parameter>(parameter), size, value);
  }
  int set_format(int format) { return set_parameter(kFormat, sizeof(format), &format); }
  int set_program(const std::string& program) { return set_parameter(kProgram, program.size() + 1, program.c_str()); }
  int set_shots(std::size_t shots) { return set_parameter(QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM, sizeof(shots), &shots); }
  int query_job(int property, std::size_t size, void* value, std::size_t* needed = nullptr) {
    return IQM_QDMI_device_job_query_property(job_, static_cast<QDMI_Device_Job_Property>(property), size, value,
                                              needed);
  }
  int query_device(int property, std::size_t size, void* value, std::size_t* needed = nullptr) {
    return IQM_QDMI_device_session_query_device_property(session_, static_cast<QDMI_Device_Property>(property), size,
                                                         value, needed);
  }
  std::string text_result(QDMI_Job_Result result) {
    char text[64] = "";
    EXPECT_EQ(IQM_QDMI_device_job_get_results(job_, result, sizeof(text), text, nullptr), QDMI_SUCCESS) << last_error();
    return text;
  }
  void submit_and_wait() {
    ASSERT_EQ(IQM_QDMI_device_job_submit(job_), QDMI_SUCCESS) << last_error();
    ASSERT_EQ(IQM_QDMI_device_job_wait(job_, 10), QDMI_SUCCESS) << last_error();
    QDMI_Job_Status status = QDMI_JOB_STATUS_CREATED;
    ASSERT_EQ(IQM_QDMI_device_job_check(job_, &status), QDMI_SUCCESS);
    ASSERT_EQ(status, QDMI_JOB_STATUS_DONE);
  }

  std::atomic<int> submissions_{0};
  std::string submitted_;
  int programs_of_retrieved_ = 1;
  IQM_QDMI_Device_Job job_ = nullptr;
};

TEST_F(Abi13, RunsAJobFromItsParametersToItsCounts) {
  create_job();
  ASSERT_EQ(set_format(QDMI_PROGRAM_FORMAT_IQMJSON), QDMI_SUCCESS);
  ASSERT_EQ(set_program(kCircuit), QDMI_SUCCESS);
  ASSERT_EQ(set_shots(7), QDMI_SUCCESS);
  submit_and_wait();
  EXPECT_EQ(text_result(QDMI_JOB_RESULT_HIST_KEYS), "001");
  std::size_t count = 0;
  EXPECT_EQ(IQM_QDMI_device_job_get_results(job_, QDMI_JOB_RESULT_HIST_VALUES, sizeof(count), &count, nullptr),
            QDMI_SUCCESS);
  EXPECT_EQ(count, 7U);
  EXPECT_EQ(submissions_, 1);
}

TEST_F(Abi13, TheProgramMayComeBeforeItsFormat) {
  create_job();
  ASSERT_EQ(set_program(kCircuit), QDMI_SUCCESS);
  EXPECT_EQ(IQM_QDMI_device_job_submit(job_), QDMI_ERROR_BADSTATE);
  EXPECT_EQ(last_error().at("message"), "the job has no program format");
  ASSERT_EQ(set_format(QDMI_PROGRAM_FORMAT_IQMJSON), QDMI_SUCCESS);
  submit_and_wait();
}

TEST_F(Abi13, AFormatWithoutAProgramCannotBeSubmitted) {
  create_job();
  ASSERT_EQ(set_format(QDMI_PROGRAM_FORMAT_IQMJSON), QDMI_SUCCESS);
  EXPECT_EQ(IQM_QDMI_device_job_submit(job_), QDMI_ERROR_BADSTATE);
  EXPECT_EQ(submissions_, 0);
}

TEST_F(Abi13, ProgramAndFormatAreReadBackAsTheyWereSet) {
  create_job();
  EXPECT_EQ(query_job(QDMI_DEVICE_JOB_PROPERTY_PROGRAMFORMAT, 0, nullptr), QDMI_ERROR_BADSTATE);
  EXPECT_EQ(query_job(IQM_QDMI13_DEVICE_JOB_PROPERTY_PROGRAM, 0, nullptr), QDMI_ERROR_BADSTATE);
  ASSERT_EQ(set_format(QDMI_PROGRAM_FORMAT_IQMJSON), QDMI_SUCCESS);
  int format = -1;
  EXPECT_EQ(query_job(QDMI_DEVICE_JOB_PROPERTY_PROGRAMFORMAT, sizeof(format), &format), QDMI_SUCCESS);
  EXPECT_EQ(format, QDMI_PROGRAM_FORMAT_IQMJSON);
  ASSERT_EQ(set_program(kCircuit), QDMI_SUCCESS);
  std::string program(std::strlen(kCircuit) + 1, '?');
  std::size_t size = 0;
  EXPECT_EQ(query_job(IQM_QDMI13_DEVICE_JOB_PROPERTY_PROGRAM, program.size(), program.data(), &size), QDMI_SUCCESS);
  EXPECT_EQ(size, program.size());
  EXPECT_STREQ(program.c_str(), kCircuit);
}

TEST_F(Abi13, AProgramThatIsNotTextIsRefusedAndTheOneBeforeStays) {
  create_job();
  ASSERT_EQ(set_format(QDMI_PROGRAM_FORMAT_IQMJSON), QDMI_SUCCESS);
  ASSERT_EQ(set_program(kCircuit), QDMI_SUCCESS);
  EXPECT_EQ(set_parameter(kProgram, 2, "ab"), QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(set_parameter(kProgram, 0, "ab"), QDMI_ERROR_INVALIDARGUMENT);
  ASSERT_EQ(set_shots(7), QDMI_SUCCESS);
  submit_and_wait();
  EXPECT_EQ(text_result(QDMI_JOB_RESULT_HIST_KEYS), "001");
}

TEST_F(Abi13, FormatsThatItDoesNotTakeAreNotSupported) {
  create_job();
  for (const int format : {static_cast<int>(QDMI_PROGRAM_FORMAT_QASM3),
                           static_cast<int>(IQM_QDMI13_PROGRAM_FORMAT_BATCHJOB), kCalibration}) {
    EXPECT_EQ(set_format(format), QDMI_ERROR_NOTSUPPORTED) << format;
  }
  EXPECT_EQ(set_format(QDMI_PROGRAM_FORMAT_MAX), QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(set_parameter(kFormat, 1, ""), QDMI_ERROR_INVALIDARGUMENT);
}

TEST_F(Abi13, ParametersAreProbedWithoutChangingAnything) {
  create_job();
  EXPECT_EQ(set_parameter(kFormat, 0, nullptr), QDMI_SUCCESS);
  EXPECT_EQ(set_parameter(kProgram, 0, nullptr), QDMI_SUCCESS);
  EXPECT_EQ(set_parameter(QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM, 0, nullptr), QDMI_SUCCESS);
  EXPECT_EQ(set_parameter(QDMI_DEVICE_JOB_PARAMETER_MAX, 0, nullptr), QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(query_job(QDMI_DEVICE_JOB_PROPERTY_PROGRAMFORMAT, 0, nullptr), QDMI_ERROR_BADSTATE);
}

TEST_F(Abi13, ASubmittedJobTakesNoOtherProgram) {
  create_job();
  ASSERT_EQ(set_format(QDMI_PROGRAM_FORMAT_IQMJSON), QDMI_SUCCESS);
  ASSERT_EQ(set_program(kCircuit), QDMI_SUCCESS);
  ASSERT_EQ(IQM_QDMI_device_job_submit(job_), QDMI_SUCCESS) << last_error();
  EXPECT_EQ(set_program(kCircuit), QDMI_ERROR_BADSTATE);
  EXPECT_EQ(set_format(QDMI_PROGRAM_FORMAT_IQMJSON), QDMI_ERROR_BADSTATE);
  EXPECT_EQ(set_parameter(kProgram, 0, nullptr), QDMI_ERROR_BADSTATE);
  EXPECT_EQ(IQM_QDMI_device_job_submit(job_), QDMI_ERROR_BADSTATE);
  EXPECT_EQ(submissions_, 1);
}

TEST_F(Abi13, ResultsOfAJobThatHasNotSucceededAreAnInvalidArgument) {
  create_job();
  EXPECT_EQ(IQM_QDMI_device_job_get_results(job_, QDMI_JOB_RESULT_HIST_KEYS, 0, nullptr, nullptr),
            QDMI_ERROR_INVALIDARGUMENT);
  EXPECT_EQ(last_error().at("kind"), "BadState");
}

TEST_F(Abi13, ACalibrationIsAProgramFormat) {
  serve_calibrations();
  create_job();
  ASSERT_EQ(set_format(kCalibration), QDMI_SUCCESS);
  ASSERT_EQ(set_program("{\"set_default\":\"always\",}"), QDMI_SUCCESS);
  submit_and_wait();
  EXPECT_EQ(submitted_, "{\"set_default\":\"always\",}");
  EXPECT_EQ(text_result(QDMI_JOB_RESULT_CUSTOM1), kCalibrationSet);
  int format = -1;
  EXPECT_EQ(query_job(QDMI_DEVICE_JOB_PROPERTY_PROGRAMFORMAT, sizeof(format), &format), QDMI_SUCCESS);
  EXPECT_EQ(format, kCalibration);
  EXPECT_EQ(IQM_QDMI_device_job_get_results(job_, QDMI_JOB_RESULT_SHOTS, 0, nullptr, nullptr), QDMI_ERROR_NOTSUPPORTED);
}

TEST_F(Abi13, ACalibrationNeedsNoProgram) {
  serve_calibrations();
  create_job();
  ASSERT_EQ(set_format(kCalibration), QDMI_SUCCESS);
  submit_and_wait();
  EXPECT_EQ(submitted_, "{}");
  EXPECT_EQ(text_result(QDMI_JOB_RESULT_CUSTOM1), kCalibrationSet);
}

TEST_F(Abi13, TheConfigurationOfACalibrationMayComeWithoutItsNul) {
  serve_calibrations();
  create_job();
  ASSERT_EQ(set_format(kCalibration), QDMI_SUCCESS);
  ASSERT_EQ(set_parameter(kProgram, 2, "{}"), QDMI_SUCCESS);
  submit_and_wait();
  EXPECT_EQ(submitted_, "{}");
}

TEST_F(Abi13, CalibrationIsListedWhereTheServerCalibrates) {
  serve_calibrations();
  init();
  const auto formats = device_list<int>(QDMI_DEVICE_PROPERTY_SUPPORTEDPROGRAMFORMATS);
  EXPECT_EQ(formats, (std::vector<int>{QDMI_PROGRAM_FORMAT_IQMJSON, QDMI_PROGRAM_FORMAT_QIRBASESTRING, kCalibration}));
}

TEST_F(Abi13, CalibrationIsNotListedElsewhere) {
  init();
  const auto formats = device_list<int>(QDMI_DEVICE_PROPERTY_SUPPORTEDPROGRAMFORMATS);
  EXPECT_EQ(formats, (std::vector<int>{QDMI_PROGRAM_FORMAT_IQMJSON, QDMI_PROGRAM_FORMAT_QIRBASESTRING}));
}

TEST_F(Abi13, DevicePropertiesAreThoseOf13) {
  init();
  char version[8] = "";
  EXPECT_EQ(query_device(QDMI_DEVICE_PROPERTY_LIBRARYVERSION, sizeof(version), version), QDMI_SUCCESS);
  EXPECT_STREQ(version, "1.3.4");
  EXPECT_EQ(query_device(IQM_QDMI13_DEVICE_PROPERTY_NEEDSCALIBRATION, 0, nullptr), QDMI_ERROR_NOTSUPPORTED);
  int level = -1;
  EXPECT_EQ(query_device(IQM_QDMI13_DEVICE_PROPERTY_PULSESUPPORT, sizeof(level), &level), QDMI_SUCCESS);
  EXPECT_EQ(level, IQM_QDMI13_DEVICE_PULSE_SUPPORT_LEVEL_NONE);
  EXPECT_EQ(query_device(QDMI_DEVICE_PROPERTY_ID, 0, nullptr), QDMI_ERROR_INVALIDARGUMENT);
  std::size_t qubits = 0;
  EXPECT_EQ(query_device(QDMI_DEVICE_PROPERTY_QUBITSNUM, sizeof(qubits), &qubits), QDMI_SUCCESS);
  EXPECT_EQ(qubits, 3U);
}

TEST_F(Abi13, JobPropertiesThatCameWith14AreInvalidArguments) {
  create_job();
  EXPECT_EQ(query_job(QDMI_DEVICE_JOB_PROPERTY_PROGRAMSNUM, 0, nullptr), QDMI_ERROR_INVALIDARGUMENT);
}

TEST_F(Abi13, AJobOfOneProgramIsFoundAgainByItsId) {
  init();
  ASSERT_EQ(IQM_QDMI_device_session_retrieve_device_job_by_id(session_, kId, &job_), QDMI_SUCCESS) << last_error();
  EXPECT_EQ(text_result(QDMI_JOB_RESULT_HIST_KEYS), "001");
  EXPECT_EQ(query_job(IQM_QDMI13_DEVICE_JOB_PROPERTY_PROGRAM, 0, nullptr), QDMI_ERROR_NOTSUPPORTED);
  int format = -1;
  EXPECT_EQ(query_job(QDMI_DEVICE_JOB_PROPERTY_PROGRAMFORMAT, sizeof(format), &format), QDMI_SUCCESS);
  EXPECT_EQ(format, QDMI_PROGRAM_FORMAT_IQMJSON);
  EXPECT_EQ(set_format(QDMI_PROGRAM_FORMAT_IQMJSON), QDMI_ERROR_BADSTATE);
  EXPECT_EQ(IQM_QDMI_device_job_submit(job_), QDMI_ERROR_BADSTATE);
}

TEST_F(Abi13, AJobOfSeveralProgramsIsNotSupported) {
  programs_of_retrieved_ = 2;
  init();
  IQM_QDMI_Device_Job job = nullptr;
  EXPECT_EQ(IQM_QDMI_device_session_retrieve_device_job_by_id(session_, kId, &job), QDMI_ERROR_NOTSUPPORTED);
  EXPECT_EQ(job, nullptr);
}

TEST_F(Abi13, NullAndFreedJobsAreInvalidArguments) {
  create_job();
  IQM_QDMI_device_job_free(job_);
  for (auto* handle : {static_cast<IQM_QDMI_Device_Job>(nullptr), job_}) {
    QDMI_Job_Status status = QDMI_JOB_STATUS_CREATED;
    EXPECT_EQ(IQM_QDMI_device_job_submit(handle), QDMI_ERROR_INVALIDARGUMENT);
    EXPECT_EQ(IQM_QDMI_device_job_check(handle, &status), QDMI_ERROR_INVALIDARGUMENT);
    EXPECT_EQ(IQM_QDMI_device_job_cancel(handle), QDMI_ERROR_INVALIDARGUMENT);
    EXPECT_EQ(IQM_QDMI_device_job_set_parameter(handle, QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM, 0, nullptr),
              QDMI_ERROR_INVALIDARGUMENT);
    EXPECT_EQ(IQM_QDMI_device_job_get_results(handle, QDMI_JOB_RESULT_SHOTS, 0, nullptr, nullptr),
              QDMI_ERROR_INVALIDARGUMENT);
  }
}

}  // namespace
}  // namespace iqm::test
