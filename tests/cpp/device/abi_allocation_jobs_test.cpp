// SPDX-License-Identifier: Apache-2.0
// Jobs when memory runs out in any call about them, at each of its allocations in turn. What the server may have is
// never sent again.
#include "abi_allocation.hpp"

namespace iqm::test {
namespace {

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

}  // namespace
}  // namespace iqm::test
