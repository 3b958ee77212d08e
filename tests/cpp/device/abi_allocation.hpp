// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "abi_device.hpp"
#include "failing_new.hpp"
#include "temporary_file.hpp"

namespace iqm::test {

inline constexpr const char* kId = "7865bed6-e8e6-4e3a-a543-0bfc8cf2431a";
inline constexpr const char* kRun = "0195c1a9-3d5c-7ef0-9f7e-4a5c2f6d8e10";
// Longer than any text that needs no allocation.
inline constexpr const char* kLongText = "a text that does not fit into a string object itself";

inline std::string with_id(const std::string& id, const std::string& more) {
  return R"({"id":")" + id + "\"" + more + "}";
}

class AbiAllocation : public Abi, public ::testing::WithParamInterface<Failing> {
 protected:
  AbiAllocation() {
    auto& server = loopback_.server();
    server.Post("/api/v1/jobs/small/circuit", [this](const httplib::Request&, httplib::Response& response) {
      ++submissions_;
      answer(response, with_id(kId, R"(,"type":"circuit","status":"waiting","errors":[],"execution":{"progress":{}})"));
    });
    const std::string job = std::string("/api/v1/jobs/") + kId;
    server.Get(job, [this](const httplib::Request&, httplib::Response& response) {
      const std::string status = cancellations_ > 0 ? "cancelled" : (finished_ ? "completed" : "processing");
      answer(response, with_id(kId, R"(,"type":"circuit","status":")" + status +
                                        R"(","errors":[{"error_code":"a code","message":"a message of the server"}])"));
    });
    server.Post(job + "/cancel", [this](const httplib::Request&, httplib::Response& response) {
      if (cancellations_++ > 0) {
        response.status = 403;
        answer(response, R"({"error_code":"illegal_job_status","message":"the job is over","request_id":"r-1"})");
        return;
      }
      answer(response, with_id(kId, R"(,"type":"circuit","status":"cancelled","errors":[])"));
    });
    serve(job + "/artifacts/measurement_counts",
          R"([{"measurement_keys":["c_3_0_0","c_3_0_1","c_3_0_2"],"counts":{"100":7}}])");
    serve(job + "/artifacts/measurements", R"([{"c_3_0_0":[[1],[1]],"c_3_0_1":[[0],[0]],"c_3_0_2":[[0],[0]]}])");
    serve(job + "/payload", std::string(R"({"shots":2,"circuits":[)") + kCircuit + "]}");

    serve("/cocos/health", R"({"healthy":true,"components":[{"name":"a component"}]})");
    server.Post("/cocos/api/v4/calibration/runs", [this](const httplib::Request&, httplib::Response& response) {
      ++submissions_;
      answer(response, with_id(kRun, R"(,"links":["one","two"])"));
    });
    serve(std::string("/cocos/api/v4/calibration/runs/") + kRun + "/status",
          std::string(R"({"status":"ready","result":{"success":true,"calibration_set_id":")") + kOther + "\"}}");
    const std::string set = std::string("/api/v1/calibration-sets/small/") + kOther;
    serve(set + "/dynamic-quantum-architecture",
          std::string(R"({"calibration_set_id":")") + kOther +
              R"(","gates":{"prx":{"implementations":{"drag_gaussian":{"loci":[["QB1"]]}},)"
              R"("default_implementation":"drag_gaussian"},)"
              R"("an_operation_that_is_new":{"implementations":{"one":{"loci":[["QB1"]]}},)"
              R"("default_implementation":"one"}}})");
    serve(set + "/metrics", example_metrics(kOther));

    const std::string computer = "/api/v1/quantum-computers/small/";
    serve(computer + "limits", R"({"max_circuits_per_job":10,"max_shots_per_circuit":1000})");
    const std::string by_id = "/api/v1/quantum-computers/01966208-f3ec-73b7-890d-100000000000/";
    serve(by_id + "health", R"({"healthy":true})");
    serve(by_id + "queue-availability", R"({"queue_length":0,"available":["now","later"]})");
  }

  void SetUp() override {
    Abi::SetUp();
    // Texts that are composed for a log only must not be the end of anything.
    ASSERT_EQ(IQM_QDMI_device_set_log_callback([](int, const char*, void*) {}, IQM_QDMI_LOG_LEVEL_DEBUG, nullptr),
              QDMI_SUCCESS);
  }
  void TearDown() override {
    EXPECT_EQ(IQM_QDMI_device_set_log_callback(nullptr, 0, nullptr), QDMI_SUCCESS);
    Abi::TearDown();
  }

  static void answer(httplib::Response& response, const std::string& body) {
    response.set_content(body, "application/json");
  }
  void serve(const std::string& route, const std::string& body) {
    loopback_.server().Get(route,
                           [body](const httplib::Request&, httplib::Response& response) { answer(response, body); });
  }

  // What a call says that memory ran out in: the status, where QDMI lets the function return it, and the kind.
  static void expect_out_of_memory(int status, bool has_status = false) {
    EXPECT_EQ(status, has_status ? QDMI_ERROR_OUTOFMEM : QDMI_ERROR_FATAL);
    EXPECT_EQ(last_error().at("kind"), "OutOfMemory");
    EXPECT_EQ(last_error().at("status"), status);
  }

  // A call that asks for something, and can be made again at any time.
  template <typename Ask>
  static void ask_with_failures(Ask ask) {
    Attempts attempts(GetParam());
    while (attempts.next()) {
      const int status = attempts.run(ask);
      if (!attempts.struck()) {
        EXPECT_EQ(status, QDMI_SUCCESS) << last_error();
        continue;
      }
      expect_out_of_memory(status);
      ASSERT_EQ(ask(), QDMI_SUCCESS) << "after failure " << attempts.failures() << ": " << last_error();
    }
  }

  [[nodiscard]] IQM_QDMI_Device_Job new_job() const {
    IQM_QDMI_Device_Job job = nullptr;
    EXPECT_EQ(IQM_QDMI_device_session_create_device_job(session_, &job), QDMI_SUCCESS);
    return job;
  }
  static int set_program(IQM_QDMI_Device_Job job, const std::string& program = kCircuit) {
    const std::size_t size = program.size() + 1;
    const void* text = program.c_str();
    return IQM_QDMI_device_job_set_programs(job, QDMI_PROGRAM_FORMAT_IQMJSON, 1, &size, &text);
  }
  static int set_option(IQM_QDMI_Device_Job job, const std::string& text) {
    return IQM_QDMI_device_job_set_parameter(job, QDMI_DEVICE_JOB_PARAMETER_CUSTOM1, text.size() + 1, text.c_str());
  }
  // A job with everything that a submission has to copy.
  [[nodiscard]] IQM_QDMI_Device_Job prepared_job() const {
    auto* job = new_job();
    EXPECT_EQ(set_program(job), QDMI_SUCCESS);
    EXPECT_EQ(set_option(job, R"({"an_option":{"of":["some","length"]}})"), QDMI_SUCCESS);
    return job;
  }
  [[nodiscard]] IQM_QDMI_Device_Job submitted_job() const {
    auto* job = prepared_job();
    EXPECT_EQ(IQM_QDMI_device_job_submit(job), QDMI_SUCCESS) << last_error();
    return job;
  }
  [[nodiscard]] static QDMI_Job_Status status_of(IQM_QDMI_Device_Job job) {
    QDMI_Job_Status status = QDMI_JOB_STATUS_CREATED;
    EXPECT_EQ(IQM_QDMI_device_job_check(job, &status), QDMI_SUCCESS) << last_error();
    return status;
  }

  template <typename Submit>
  void submit_with_failures(Submit submit) {
    std::size_t before_sending = 0;
    std::size_t afterwards = 0;
    Attempts attempts(GetParam());
    while (attempts.next()) {
      auto* job = prepared_job();
      submissions_ = 0;
      const int status = attempts.run([&] { return submit(job); });
      if (!attempts.struck()) {
        EXPECT_EQ(status, QDMI_SUCCESS) << last_error();
        EXPECT_EQ(submissions_, 1);
      } else if (submissions_ == 0) {
        ++before_sending;
        expect_out_of_memory(status, true);
        ASSERT_EQ(submit(job), QDMI_SUCCESS) << "after failure " << attempts.failures() << ": " << last_error();
        EXPECT_EQ(submissions_, 1);
      } else {
        // Nobody will ever hear of the job's id: as when the reply is lost.
        ++afterwards;
        EXPECT_NE(status, QDMI_SUCCESS);
        const std::string kind = last_error().at("kind");
        EXPECT_TRUE(kind == "SubmissionOutcomeUnknown" || kind == "OutOfMemory") << kind;
        EXPECT_EQ(status_of(job), QDMI_JOB_STATUS_FAILED);
        EXPECT_EQ(submit(job), QDMI_ERROR_BADSTATE) << "after failure " << attempts.failures();
        EXPECT_EQ(submissions_, 1);
      }
      // Waits for the end of a submission that never ends.
      (void)IQM_QDMI_device_job_cancel(job);
      cancellations_ = 0;
      IQM_QDMI_device_job_free(job);
    }
    EXPECT_GT(before_sending, 10U);
    EXPECT_GT(afterwards, 10U);
  }

  std::atomic<int> submissions_{0};
  std::atomic<int> cancellations_{0};
  std::atomic<bool> finished_{true};
};

}  // namespace iqm::test
