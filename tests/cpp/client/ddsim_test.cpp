// SPDX-License-Identifier: Apache-2.0
// The client on a device library that was not written with it in mind.
#include <gtest/gtest.h>

#include <algorithm>

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

TEST(Ddsim, RefusesParametersThatItDoesNotKnow) {
  EXPECT_THROW(static_cast<void>(open_device(QDMIKIT_DDSIM_LIBRARY, "MQT_DDSIM", {{SessionParameter::Token, "t"}})),
               NotSupported);
}

TEST(Ddsim, RetrievesNoJobs) { EXPECT_THROW(static_cast<void>(ddsim().retrieve_job("1")), NotSupported); }

}  // namespace
}  // namespace qdmikit::test
