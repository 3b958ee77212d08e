// SPDX-License-Identifier: Apache-2.0
// The client on a device library that was not written with it in mind.
#include <gtest/gtest.h>

#include <algorithm>
#include <complex>

#include "opening.hpp"

namespace qdmikit::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kShots = 1000;

Device ddsim() { return open_device(QDMIKIT_DDSIM_LIBRARY, "MQT_DDSIM"); }

std::string circuit(int qubits, const std::string& gates) {
  const std::string n = std::to_string(qubits);
  return "OPENQASM 3.0; include \"stdgates.inc\"; qubit[" + n + "] q; bit[" + n + "] c; " + gates + " c = measure q;";
}

TEST(Ddsim, DescribesItself) {
  const Device device = ddsim();
  EXPECT_TRUE(contains(device.name(), "DDSIM"));
  EXPECT_EQ(device.library_version(), "1.4.0");
  EXPECT_EQ(device.sites().size(), device.qubits_num());
  EXPECT_EQ(device.coupling_map(), std::nullopt);
  EXPECT_TRUE(std::ranges::count(device.supported_program_formats(), ProgramFormat::Qasm3) == 1);
  EXPECT_EQ(device.operation("cx").qubits_num(), 2U);
  EXPECT_EQ(device.operation("mcx").qubits_num(), std::nullopt);
}

TEST(Ddsim, EntanglesABellPair) {
  const Job job = ddsim().submit(
      {.format = ProgramFormat::Qasm3, .programs = {circuit(2, "h q[0]; cx q[0], q[1];")}, .shots = kShots});
  EXPECT_EQ(job.wait(60s), JobStatus::Done);
  const Counts counts = job.counts();
  EXPECT_EQ(counts["00"] + counts["11"], kShots);
  EXPECT_GT(counts["00"], 0U);
  EXPECT_GT(counts["11"], 0U);
  EXPECT_EQ(job.shots_list().size(), kShots);
  EXPECT_EQ(job.shots(), kShots);
}

TEST(Ddsim, PutsTheHighestBitLeft) {
  const Job job = ddsim().submit({.format = ProgramFormat::Qasm3, .programs = {circuit(3, "x q[0];")}, .shots = 10});
  EXPECT_EQ(job.wait(60s), JobStatus::Done);
  EXPECT_EQ(job.counts()["001"], 10U);
}

TEST(Ddsim, KeepsProgramsOfOneJobApart) {
  const Job job = ddsim().submit(
      {.format = ProgramFormat::Qasm3, .programs = {circuit(2, "x q[0];"), circuit(2, "x q[1];")}, .shots = 10});
  EXPECT_EQ(job.wait(60s), JobStatus::Done);
  EXPECT_EQ(job.programs_num(), 2U);
  EXPECT_EQ(job.counts(0)["01"], 10U);
  EXPECT_EQ(job.counts(1)["10"], 10U);
  EXPECT_EQ(job.program_status(1), JobStatus::Done);
}

std::string without_measurement(int qubits, const std::string& gates) {
  return "OPENQASM 3.0; include \"stdgates.inc\"; qubit[" + std::to_string(qubits) + "] q; " + gates;
}

TEST(Ddsim, TellsItsPropertiesByType) {
  const Device device = ddsim();
  EXPECT_EQ(device.property<DeviceProperty::LibraryVersion>(), "1.4.0");
  EXPECT_EQ(device.property<DeviceProperty::QubitsNum>(), device.sites().size());
  EXPECT_EQ(device.property<DeviceProperty::ChildDevices>(), std::nullopt);
  EXPECT_EQ(device.site(0).property<SiteProperty::T1>(), std::nullopt);
  EXPECT_EQ(device.operation("cx").property<OperationProperty::QubitsNum>(), 2U);
  EXPECT_TRUE(device.children().empty());
}

TEST(Ddsim, IsTakenAsASnapshot) {
  const Device device = ddsim();
  const Snapshot taken = device.snapshot();
  EXPECT_EQ(taken.name, device.name());
  EXPECT_EQ(taken.sites.size(), device.qubits_num());
  EXPECT_EQ(taken.operations.size(), device.operations().size());
  EXPECT_EQ(taken.coupling_map, std::nullopt);
}

TEST(Ddsim, HasStateVectorsAndProbabilities) {
  const Job job = ddsim().submit(
      {.format = ProgramFormat::Qasm3, .programs = {without_measurement(3, "h q[0]; cx q[0], q[1];")}, .shots = 0});
  ASSERT_EQ(job.wait(60s), JobStatus::Done);
  const StateVector amplitudes = job.state_vector();
  ASSERT_EQ(amplitudes.size(), 8U);
  EXPECT_NEAR(std::norm(amplitudes[0b000]), 0.5, 1e-12);
  EXPECT_NEAR(std::norm(amplitudes[0b011]), 0.5, 1e-12) << "bit i of the position is qubit i";
  const SparseStateVector sparse = job.sparse_state_vector();
  ASSERT_EQ(sparse.size(), 2U);
  EXPECT_NEAR(std::norm(sparse.at("011")), 0.5, 1e-12);
  EXPECT_NEAR(job.probabilities()[0b011], 0.5, 1e-12);
  EXPECT_NEAR(job.sparse_probabilities().at("000"), 0.5, 1e-12);
}

TEST(Ddsim, RefusesParametersThatItDoesNotKnow) {
  EXPECT_THROW(static_cast<void>(open_device(QDMIKIT_DDSIM_LIBRARY, "MQT_DDSIM", {{SessionParameter::Token, "t"}})),
               NotSupported);
}

TEST(Ddsim, RetrievesNoJobs) { EXPECT_THROW(static_cast<void>(ddsim().retrieve_job("1")), NotSupported); }

}  // namespace
}  // namespace qdmikit::test
