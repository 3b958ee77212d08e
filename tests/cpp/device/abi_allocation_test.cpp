// SPDX-License-Identifier: Apache-2.0
// Every entry point when memory runs out inside it: at each of its allocations in turn, for once and for good. It says
// so, changes nothing, and works when it is called again.
#include <atomic>
#include <string>
#include <vector>

#include "abi_device.hpp"
#include "failing_new.hpp"
#include "temporary_file.hpp"

namespace iqm::test {
namespace {

constexpr const char* kId = "7865bed6-e8e6-4e3a-a543-0bfc8cf2431a";
constexpr const char* kRun = "0195c1a9-3d5c-7ef0-9f7e-4a5c2f6d8e10";
// Longer than any text that needs no allocation.
constexpr const char* kLongText = "a text that does not fit into a string object itself";

std::string with_id(const std::string& id, const std::string& more) { return R"({"id":")" + id + "\"" + more + "}"; }

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

// --- sessions --------------------------------------------------------------------------------------------------------

TEST_P(AbiAllocation, ASessionIsAllocatedOrNot) {
  Attempts attempts(GetParam());
  while (attempts.next()) {
    IQM_QDMI_Device_Session session = nullptr;
    const int status = attempts.run([&] { return IQM_QDMI_device_session_alloc(&session); });
    if (attempts.struck()) {
      expect_out_of_memory(status, true);
      EXPECT_EQ(session, nullptr);
    } else {
      EXPECT_EQ(status, QDMI_SUCCESS);
      IQM_QDMI_device_session_free(session);
    }
  }
  EXPECT_GT(attempts.failures(), 0U);
}

TEST_P(AbiAllocation, ASessionParameterIsSetOrNot) {
  loopback_.start();
  const std::string url = loopback_.url() + "/";
  Attempts attempts(GetParam());
  while (attempts.next()) {
    const int status = attempts.run([&] { return set(QDMI_DEVICE_SESSION_PARAMETER_BASEURL, url); });
    if (attempts.struck()) {
      expect_out_of_memory(status);
    } else {
      EXPECT_EQ(status, QDMI_SUCCESS);
    }
  }
  EXPECT_GT(attempts.failures(), 0U);
  EXPECT_EQ(IQM_QDMI_device_session_init(session_), QDMI_SUCCESS) << last_error();
}

TEST_P(AbiAllocation, AnInitializationCanBeRepeated) {
  loopback_.start();
  ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_BASEURL, loopback_.url()), QDMI_SUCCESS);
  const TemporaryFile tokens(R"({"access_token":"longer-than-a-string-object-itself","scopes":["one","two"]})");
  ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_AUTHFILE, tokens.path()), QDMI_SUCCESS);
  Attempts attempts(GetParam());
  while (attempts.next()) {
    const int status = attempts.run([&] { return IQM_QDMI_device_session_init(session_); });
    if (attempts.struck()) {
      expect_out_of_memory(status);
    } else {
      EXPECT_EQ(status, QDMI_SUCCESS) << last_error();
    }
    ASSERT_NE(last_error().value("kind", ""), "BadState") << "after failure " << attempts.failures();
  }
  EXPECT_GT(attempts.failures(), 100U);
  EXPECT_EQ(device_list<IQM_QDMI_Site>(QDMI_DEVICE_PROPERTY_SITES).size(), 3U);
}

// --- queries ---------------------------------------------------------------------------------------------------------

TEST_P(AbiAllocation, DevicePropertiesAreAnswered) {
  init();
  for (const auto property :
       {QDMI_DEVICE_PROPERTY_NAME, QDMI_DEVICE_PROPERTY_VERSION, QDMI_DEVICE_PROPERTY_STATUS,
        QDMI_DEVICE_PROPERTY_LIBRARYVERSION, QDMI_DEVICE_PROPERTY_QUBITSNUM, QDMI_DEVICE_PROPERTY_SITES,
        QDMI_DEVICE_PROPERTY_OPERATIONS, QDMI_DEVICE_PROPERTY_COUPLINGMAP, QDMI_DEVICE_PROPERTY_DURATIONUNIT,
        QDMI_DEVICE_PROPERTY_DURATIONSCALEFACTOR, QDMI_DEVICE_PROPERTY_SUPPORTEDPROGRAMFORMATS,
        QDMI_DEVICE_PROPERTY_QUEUELENGTH, QDMI_DEVICE_PROPERTY_ID, QDMI_DEVICE_PROPERTY_CUSTOM1}) {
    SCOPED_TRACE(property);
    std::vector<char> buffer(1024);
    ask_with_failures([&] {
      return IQM_QDMI_device_session_query_device_property(session_, property, buffer.size(), buffer.data(), nullptr);
    });
  }
}

TEST_P(AbiAllocation, SiteAndOperationPropertiesAreAnswered) {
  init();
  const auto sites = device_list<IQM_QDMI_Site>(QDMI_DEVICE_PROPERTY_SITES);
  for (const auto property : {QDMI_SITE_PROPERTY_INDEX, QDMI_SITE_PROPERTY_NAME, QDMI_SITE_PROPERTY_T1}) {
    ask_with_failures(
        [&] { return IQM_QDMI_device_session_query_site_property(session_, sites[0], property, 0, nullptr, nullptr); });
  }
  std::size_t answered = 0;
  for (auto* operation : device_list<IQM_QDMI_Operation>(QDMI_DEVICE_PROPERTY_OPERATIONS)) {
    for (const auto property :
         {QDMI_OPERATION_PROPERTY_NAME, QDMI_OPERATION_PROPERTY_QUBITSNUM, QDMI_OPERATION_PROPERTY_PARAMETERSNUM,
          QDMI_OPERATION_PROPERTY_SITES, QDMI_OPERATION_PROPERTY_FIDELITY}) {
      for (const std::size_t size : {1, 2}) {
        const auto ask = [&] {
          return IQM_QDMI_device_session_query_operation_property(session_, operation, size, sites.data(), 0, nullptr,
                                                                  property, 0, nullptr, nullptr);
        };
        if (ask() == QDMI_SUCCESS) {
          ++answered;
          ask_with_failures(ask);
        }
      }
    }
  }
  EXPECT_GT(answered, 20U);
}

// What an answer of "not supported" has to say needs memory, too.
TEST_P(AbiAllocation, AnErrorIsToldOrMemoryRanOut) {
  init();
  Attempts attempts(GetParam());
  while (attempts.next()) {
    const int status = attempts.run([&] {
      return IQM_QDMI_device_session_query_device_property(session_, QDMI_DEVICE_PROPERTY_LENGTHUNIT, 0, nullptr,
                                                           nullptr);
    });
    EXPECT_EQ(last_error().at("status"), status);
    // The status may be known when there is no memory left for the text.
    const std::string kind = last_error().at("kind");
    EXPECT_TRUE(kind == "NotSupported" || (attempts.struck() && kind == "OutOfMemory")) << kind;
    EXPECT_TRUE(status == QDMI_ERROR_NOTSUPPORTED || (kind == "OutOfMemory" && status == QDMI_ERROR_FATAL)) << status;
  }
  EXPECT_GT(attempts.failures(), 0U);
}

// --- jobs ------------------------------------------------------------------------------------------------------------

TEST_P(AbiAllocation, AJobIsCreatedOrNot) {
  init();
  Attempts attempts(GetParam());
  while (attempts.next()) {
    IQM_QDMI_Device_Job job = nullptr;
    const int status = attempts.run([&] { return IQM_QDMI_device_session_create_device_job(session_, &job); });
    if (attempts.struck()) {
      expect_out_of_memory(status);
      EXPECT_EQ(job, nullptr);
    } else {
      EXPECT_EQ(status, QDMI_SUCCESS);
      IQM_QDMI_device_job_free(job);
    }
  }
  EXPECT_GT(attempts.failures(), 0U);
}

TEST_P(AbiAllocation, AJobKeepsItsProgramsAndOptionsWhenNewOnesDoNotFit) {
  init();
  auto* job = new_job();
  const auto text = [job] {
    char program[1024] = "";
    EXPECT_EQ(IQM_QDMI_device_job_get_program(job, 0, sizeof(program), program, nullptr), QDMI_SUCCESS);
    return std::string(program);
  };
  const auto set_with_failures = [](auto set_it, auto check_unchanged) {
    Attempts attempts(GetParam());
    while (attempts.next()) {
      const int status = attempts.run(set_it);
      if (attempts.struck()) {
        expect_out_of_memory(status, true);
        check_unchanged();
      } else {
        EXPECT_EQ(status, QDMI_SUCCESS) << last_error();
      }
    }
    EXPECT_GT(attempts.failures(), 0U);
  };
  ASSERT_EQ(set_program(job, kLongText), QDMI_SUCCESS);
  const std::string circuit = kCircuit;
  set_with_failures([&] { return set_program(job, circuit); }, [&] { EXPECT_EQ(text(), kLongText); });
  EXPECT_EQ(text(), circuit);
  ask_with_failures([&] { return IQM_QDMI_device_job_get_program(job, 0, 0, nullptr, nullptr); });
  ask_with_failures([&] {
    return IQM_QDMI_device_job_query_property(job, QDMI_DEVICE_JOB_PROPERTY_PROGRAMSNUM, 0, nullptr, nullptr);
  });

  const std::string options = R"({"an_option":{"of":["some","length"]},"another_one":[[1,2],[3,4]]})";
  set_with_failures([&] { return set_option(job, options); }, [] {});
  const std::string mapping = "alice:QB1, bob:QB2";
  set_with_failures(
      [&] {
        return IQM_QDMI_device_job_set_parameter(job, QDMI_DEVICE_JOB_PARAMETER_CUSTOM5, mapping.size() + 1,
                                                 mapping.c_str());
      },
      [] {});
  const std::string strategy = R"({"gate_sequences":[[9,"XYXYYXYX","asap"],[2,"XX","center"]]})";
  set_with_failures(
      [&] {
        return IQM_QDMI_device_job_set_parameter(job, QDMI_DEVICE_JOB_PARAMETER_CUSTOM4, strategy.size() + 1,
                                                 strategy.c_str());
      },
      [] {});
  IQM_QDMI_device_job_free(job);
}

TEST_P(AbiAllocation, AJobIsSentAtMostOnce) {
  init();
  submit_with_failures(&IQM_QDMI_device_job_submit);
}

TEST_P(AbiAllocation, ACalibrationIsSentAtMostOnce) {
  init();
  submit_with_failures(&IQM_QDMI_device_job_submit_calibration);
}

TEST_P(AbiAllocation, AJobIsFollowedToItsResults) {
  init();
  auto* job = prepared_job();
  finished_ = false;
  ASSERT_EQ(IQM_QDMI_device_job_submit(job), QDMI_SUCCESS) << last_error();
  ask_with_failures(
      [&] { return IQM_QDMI_device_job_query_property(job, QDMI_DEVICE_JOB_PROPERTY_ID, 0, nullptr, nullptr); });
  QDMI_Job_Status status = QDMI_JOB_STATUS_CREATED;
  ask_with_failures([&] { return IQM_QDMI_device_job_check(job, &status); });
  EXPECT_EQ(status, QDMI_JOB_STATUS_RUNNING);
  finished_ = true;
  ask_with_failures([&] { return IQM_QDMI_device_job_wait(job, 10); });
  EXPECT_EQ(status_of(job), QDMI_JOB_STATUS_DONE);
  ask_with_failures([&] { return IQM_QDMI_device_job_get_program_status(job, 0, &status); });
  IQM_QDMI_device_job_free(job);
}

TEST_P(AbiAllocation, ResultsAreFetchedWhenThereIsMemory) {
  init();
  const auto wanted = {QDMI_JOB_RESULT_HIST_KEYS, QDMI_JOB_RESULT_HIST_VALUES, QDMI_JOB_RESULT_SHOTS};
  for (const auto result : wanted) {
    SCOPED_TRACE(result);
    Attempts attempts(GetParam());
    while (attempts.next()) {
      auto* job = new_job();
      ASSERT_EQ(set_program(job), QDMI_SUCCESS);
      const std::size_t shots = result == QDMI_JOB_RESULT_SHOTS ? 2 : 7;
      ASSERT_EQ(IQM_QDMI_device_job_set_parameter(job, QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM, sizeof(shots), &shots),
                QDMI_SUCCESS);
      ASSERT_EQ(IQM_QDMI_device_job_submit(job), QDMI_SUCCESS) << last_error();
      ASSERT_EQ(status_of(job), QDMI_JOB_STATUS_DONE);
      std::vector<char> buffer(64);
      const auto get = [&] {
        return IQM_QDMI_device_job_get_results(job, 0, result, buffer.size(), buffer.data(), nullptr);
      };
      const int status = attempts.run(get);
      if (attempts.struck()) {
        expect_out_of_memory(status);
        ASSERT_EQ(get(), QDMI_SUCCESS) << "after failure " << attempts.failures() << ": " << last_error();
      }
      if (result == QDMI_JOB_RESULT_HIST_KEYS) {
        EXPECT_STREQ(buffer.data(), "001");
      } else if (result == QDMI_JOB_RESULT_SHOTS) {
        EXPECT_STREQ(buffer.data(), "001,001");
      }
      IQM_QDMI_device_job_free(job);
    }
    EXPECT_GT(attempts.failures(), 10U);
  }
}

TEST_P(AbiAllocation, ACancellationCanBeRepeated) {
  init();
  finished_ = false;
  Attempts attempts(GetParam());
  while (attempts.next()) {
    auto* job = submitted_job();
    const int status = attempts.run([&] { return IQM_QDMI_device_job_cancel(job); });
    if (attempts.struck()) {
      expect_out_of_memory(status);
      // The server may have cancelled it before memory ran out.
      ASSERT_EQ(IQM_QDMI_device_job_cancel(job), QDMI_SUCCESS) << last_error();
    }
    EXPECT_EQ(status_of(job), QDMI_JOB_STATUS_CANCELED);
    cancellations_ = 0;
    IQM_QDMI_device_job_free(job);
  }
  EXPECT_GT(attempts.failures(), 10U);
  // And the one that finds the job cancelled by somebody else.
  auto* job = submitted_job();
  cancellations_ = 1;
  ask_with_failures([&] { return IQM_QDMI_device_job_cancel(job); });
  IQM_QDMI_device_job_free(job);
}

TEST_P(AbiAllocation, AJobIsFoundAgainOrNot) {
  init();
  Attempts attempts(GetParam());
  while (attempts.next()) {
    IQM_QDMI_Device_Job job = nullptr;
    const int status =
        attempts.run([&] { return IQM_QDMI_device_session_retrieve_device_job_by_id(session_, kId, &job); });
    if (attempts.struck()) {
      expect_out_of_memory(status);
      EXPECT_EQ(job, nullptr);
    } else {
      ASSERT_EQ(status, QDMI_SUCCESS) << last_error();
      EXPECT_EQ(status_of(job), QDMI_JOB_STATUS_DONE);
      IQM_QDMI_device_job_free(job);
    }
  }
  EXPECT_GT(attempts.failures(), 10U);
}

TEST_P(AbiAllocation, ACalibrationMovesTheSessionWhenThereIsMemory) {
  Attempts attempts(GetParam());
  loopback_.start();
  ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_BASEURL, loopback_.url()), QDMI_SUCCESS);
  while (attempts.next()) {
    ASSERT_EQ(IQM_QDMI_device_session_init(session_), QDMI_SUCCESS) << last_error();
    auto* job = new_job();
    ASSERT_EQ(set_program(job, "{}"), QDMI_SUCCESS);
    ASSERT_EQ(IQM_QDMI_device_job_submit_calibration(job), QDMI_SUCCESS) << last_error();
    ASSERT_EQ(status_of(job), QDMI_JOB_STATUS_DONE);
    char set_id[64] = "";
    const auto get = [&] {
      return IQM_QDMI_device_job_get_results(job, 0, QDMI_JOB_RESULT_CUSTOM1, sizeof(set_id), set_id, nullptr);
    };
    const int status = attempts.run(get);
    if (attempts.struck() && status != QDMI_SUCCESS) {  // the durations are what a session can do without
      expect_out_of_memory(status);
      const std::string current = device_list<char>(QDMI_DEVICE_PROPERTY_CUSTOM1).data();
      EXPECT_TRUE(current == kCalibrationSet || current == kOther) << current;
      ASSERT_EQ(get(), QDMI_SUCCESS) << "after failure " << attempts.failures() << ": " << last_error();
    }
    EXPECT_STREQ(set_id, kOther);
    EXPECT_STREQ(device_list<char>(QDMI_DEVICE_PROPERTY_CUSTOM1).data(), kOther);
    // The handle of an operation that came with the new set is known as well.
    for (auto* operation : device_list<IQM_QDMI_Operation>(QDMI_DEVICE_PROPERTY_OPERATIONS)) {
      EXPECT_EQ(IQM_QDMI_device_session_query_operation_property(session_, operation, 0, nullptr, 0, nullptr,
                                                                 QDMI_OPERATION_PROPERTY_NAME, 0, nullptr, nullptr),
                QDMI_SUCCESS)
          << "after failure " << attempts.failures() << ": " << last_error();
    }
    IQM_QDMI_device_job_free(job);
    IQM_QDMI_device_session_free(session_);
    ASSERT_EQ(IQM_QDMI_device_session_alloc(&session_), QDMI_SUCCESS);
    ASSERT_EQ(set(QDMI_DEVICE_SESSION_PARAMETER_BASEURL, loopback_.url()), QDMI_SUCCESS);
  }
  EXPECT_GT(attempts.failures(), 100U);
}

// --- the library -----------------------------------------------------------------------------------------------------

TEST_P(AbiAllocation, NothingIsNeededToEndOrToFree) {
  init();
  auto* job = submitted_job();
  auto* other = submitted_job();
  const FailingNew failing(0, Failing::kFromThenOn);
  const int initialized = IQM_QDMI_device_initialize();
  IQM_QDMI_device_job_free(job);
  IQM_QDMI_device_session_free(session_);
  const int finalized = IQM_QDMI_device_finalize();
  IQM_QDMI_device_job_free(other);
  EXPECT_FALSE(failing.struck());
  EXPECT_EQ(initialized, QDMI_SUCCESS);
  EXPECT_EQ(finalized, QDMI_SUCCESS);
}

TEST_P(AbiAllocation, TheLastErrorIsToldOrNot) {
  const std::string url = std::string("nowhere/") + kLongText;
  EXPECT_NE(set(QDMI_DEVICE_SESSION_PARAMETER_BASEURL, url) == QDMI_SUCCESS &&
                IQM_QDMI_device_session_init(session_) == QDMI_SUCCESS,
            true);
  const auto expected = last_error();
  Attempts attempts(GetParam());
  while (attempts.next()) {
    std::vector<char> text(4096);
    const int status = attempts.run([&] { return IQM_QDMI_device_last_error(text.size(), text.data(), nullptr); });
    EXPECT_EQ(status, attempts.struck() ? QDMI_ERROR_FATAL : QDMI_SUCCESS);
    EXPECT_EQ(last_error(), expected);
  }
  EXPECT_GT(attempts.failures(), 0U);
}

TEST_P(AbiAllocation, TheLogIsTakenBackOrNot) {
  const ScopedEnvironment level{"IQM_LOG_LEVEL"};
  level.set("IQM_LOG_LEVEL", kLongText);
  Attempts attempts(GetParam());
  while (attempts.next()) {
    int heard = 0;
    const auto count = [](int, const char*, void* number) { ++*static_cast<int*>(number); };
    ASSERT_EQ(IQM_QDMI_device_set_log_callback(count, IQM_QDMI_LOG_LEVEL_DEBUG, &heard), QDMI_SUCCESS);
    const int status = attempts.run([] { return IQM_QDMI_device_set_log_callback(nullptr, 0, nullptr); });
    if (attempts.struck()) {
      expect_out_of_memory(status);
    }
    heard = 0;
    EXPECT_EQ(IQM_QDMI_device_session_init(nullptr), QDMI_ERROR_INVALIDARGUMENT);
    EXPECT_EQ(heard, attempts.struck() ? 1 : 0);
    ASSERT_EQ(IQM_QDMI_device_set_log_callback(nullptr, 0, nullptr), QDMI_SUCCESS);
  }
  EXPECT_GT(attempts.failures(), 0U);
}

INSTANTIATE_TEST_SUITE_P(MemoryRunsOut, AbiAllocation, ::testing::Values(Failing::kOnce, Failing::kFromThenOn),
                         [](const auto& parameter) {
                           return parameter.param == Failing::kOnce ? "Once" : "FromThenOn";
                         });

// --- threads of the library, and its first use -----------------------------------------------------------------------

class AbiAllocationOfThreads : public AbiAllocation {};

TEST_P(AbiAllocationOfThreads, ASessionIsInitializedOrNotAndNothingWaitsForEver) {
  loopback_.start();
  const std::string url = loopback_.url();
  const auto connect = [&] {
    IQM_QDMI_Device_Session session = nullptr;
    EXPECT_EQ(IQM_QDMI_device_session_alloc(&session), QDMI_SUCCESS);
    EXPECT_EQ(IQM_QDMI_device_session_set_parameter(session, QDMI_DEVICE_SESSION_PARAMETER_BASEURL, url.size() + 1,
                                                    url.c_str()),
              QDMI_SUCCESS);
    const int status = IQM_QDMI_device_session_init(session);
    if (status == QDMI_SUCCESS) {
      // Durations come from a thread that nobody waits for otherwise.
      std::vector<IQM_QDMI_Site> sites(3);
      std::vector<IQM_QDMI_Operation> operations(3);
      EXPECT_EQ(IQM_QDMI_device_session_query_device_property(
                    session, QDMI_DEVICE_PROPERTY_SITES, sites.size() * sizeof(IQM_QDMI_Site), sites.data(), nullptr),
                QDMI_SUCCESS);
      EXPECT_EQ(IQM_QDMI_device_session_query_device_property(session, QDMI_DEVICE_PROPERTY_OPERATIONS,
                                                              operations.size() * sizeof(IQM_QDMI_Operation),
                                                              operations.data(), nullptr),
                QDMI_SUCCESS);
      EXPECT_EQ(IQM_QDMI_device_session_query_operation_property(session, operations[0], 2, sites.data(), 0, nullptr,
                                                                 QDMI_OPERATION_PROPERTY_DURATION, 0, nullptr, nullptr),
                QDMI_ERROR_NOTSUPPORTED);
    }
    IQM_QDMI_device_session_free(session);  // waits for the threads of the session
    return status;
  };
  ASSERT_EQ(connect(), QDMI_SUCCESS) << last_error();  // from here on the server has all of its threads
  Attempts attempts(GetParam());
  std::size_t borne = 0;
  while (attempts.next()) {
    const int status = attempts.run(connect);
    if (status == QDMI_SUCCESS) {
      borne += attempts.struck() ? 1 : 0;
    } else {
      EXPECT_TRUE(attempts.struck());
      EXPECT_EQ(status, QDMI_ERROR_FATAL);
    }
  }
  EXPECT_GT(borne, 10U);
  EXPECT_GT(attempts.failures(), borne + 10U);
}

INSTANTIATE_TEST_SUITE_P(MemoryRunsOut, AbiAllocationOfThreads, ::testing::Values(Failing::kInNewThreads),
                         [](const auto&) { return "InNewThreads"; });

// In a process of its own when it is run alone.
TEST(AbiAllocationAtFirstUse, TheLibraryOpensWhenThereIsMemory) {
  Attempts attempts(Failing::kOnce);
  while (attempts.next()) {
    IQM_QDMI_Device_Session session = nullptr;
    const int status = attempts.run([&] {
      const int initialized = IQM_QDMI_device_initialize();
      return initialized == QDMI_SUCCESS ? IQM_QDMI_device_session_alloc(&session) : initialized;
    });
    if (status == QDMI_SUCCESS) {
      IQM_QDMI_device_session_free(session);
    } else {
      EXPECT_TRUE(attempts.struck());
    }
  }
  EXPECT_GT(attempts.failures(), 0U);
}

}  // namespace
}  // namespace iqm::test
