// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "manual_clock.hpp"
#include "scripted_transport.hpp"
#include "server/iqm_server.hpp"
#include "server/job_status.hpp"
#include "support/error.hpp"

namespace iqm::test {
namespace {

class Metrics : public ::testing::Test {
 protected:
  // The metrics that a set with one observation gives.
  model::QualityMetrics of(const std::string& dut_field, const std::string& value) {
    transport_->on("GET /api/v1/calibration-sets/a/default/metrics", 200,
                   R"({"observations":[{"dut_field":")" + dut_field + R"(","value":)" + value + "}]}");
    const server::IqmServer server(server::Exchange(
        "http://127.0.0.1:1", {.transport = transport_,
                               .tokens = auth::resolve_credential({.token = "t", .tokens_file = ""}, system_wall_clock),
                               .clock = clock_}));
    return server.metrics("a", "default", {.deadline = clock_->now() + std::chrono::seconds(1), .stop = {}}).value();
  }

  std::shared_ptr<ScriptedTransport> transport_ = std::make_shared<ScriptedTransport>();
  std::shared_ptr<ManualClock> clock_ = std::make_shared<ManualClock>();
};

TEST_F(Metrics, ReadsFidelitiesWithAndWithoutSuffix) {
  const model::QualityMetrics::OperationKey key{"cz", "tgss", {"QB1", "QB2"}};
  EXPECT_EQ(of("metrics.irb.cz.tgss.QB1__QB2.fidelity:par=d2", "0.5").fidelity.at(key), 0.5);
}
TEST_F(Metrics, ReadsReadoutFidelity) {
  EXPECT_EQ(of("metrics.ssro.measure.constant.QB1.fidelity", "1").fidelity.size(), 1U);
}
TEST_F(Metrics, ReadsWhatIsMarkedNeitherValidNorInvalid) {
  EXPECT_EQ(of("characterization.model.COMP_R.t1_time", "1e-5").t1.at("COMP_R"), 1e-5);
}
TEST_F(Metrics, IgnoresWhatIsNoFidelity) {
  EXPECT_TRUE(of("metrics.ssro.measure.constant.QB1.error_0_to_1", "0.01").fidelity.empty());
}
TEST_F(Metrics, IgnoresImpossibleFidelities) {
  EXPECT_TRUE(of("metrics.rb.prx.drag.QB1.fidelity:par=d2", "1.01").fidelity.empty());
}
TEST_F(Metrics, IgnoresNegativeTimes) { EXPECT_TRUE(of("characterization.model.QB1.t1_time", "-1e-5").t1.empty()); }
TEST_F(Metrics, AnythingButAListOfObservationsIsAProtocolErrorThatNamesThePath) {
  transport_->on("GET /api/v1/calibration-sets/a/default/metrics", 200, R"({"observations":{}})");
  try {
    (void)of("unused", "0");
    FAIL();
  } catch (const ProtocolError& error) {
    EXPECT_NE(std::string(error.what()).find("'/observations' is not an array"), std::string::npos);
  }
}

// Table III of the paper, row by row.
TEST(JobStatus, EveryNativeStatusHasItsQdmiStatus) {
  using server::job_status_from_native;
  EXPECT_EQ(job_status_from_native("received"), QDMI_JOB_STATUS_SUBMITTED);
  for (const char* native : {"queued", "waiting"}) {
    EXPECT_EQ(job_status_from_native(native), QDMI_JOB_STATUS_QUEUED) << native;
  }
  for (const char* native : {"validation_started",
                             "validation_ended",
                             "fetch_calibration_started",
                             "fetch_calibration_ended",
                             "compilation_started",
                             "compilation_ended",
                             "save_sweep_metadata_started",
                             "save_sweep_metadata_ended",
                             "pending_execution",
                             "execution_started",
                             "execution_ended",
                             "post_processing_pending",
                             "post_processing_started",
                             "post_processing_ended",
                             "running",
                             "processing",
                             "accepted",
                             "pending compilation",
                             "pending execution",
                             "compiled"}) {
    EXPECT_EQ(job_status_from_native(native), QDMI_JOB_STATUS_RUNNING) << native;
  }
  for (const char* native : {"ready", "completed"}) {
    EXPECT_EQ(job_status_from_native(native), QDMI_JOB_STATUS_DONE) << native;
  }
  for (const char* native : {"aborted", "cancelled"}) {
    EXPECT_EQ(job_status_from_native(native), QDMI_JOB_STATUS_CANCELED) << native;
  }
  EXPECT_EQ(job_status_from_native("failed"), QDMI_JOB_STATUS_FAILED);
  EXPECT_EQ(job_status_from_native("COMPLETED"), std::nullopt);
}

}  // namespace
}  // namespace iqm::test
