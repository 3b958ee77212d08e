// SPDX-License-Identifier: Apache-2.0
// How much memory large results take. The figures are those of the whole process, so each is measured in one of its
// own.
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <string>

#include "core/job_results.hpp"
#include "server/exchange.hpp"
#include "server/measurements_reader.hpp"

namespace iqm::test {
namespace {

constexpr std::size_t kShots = 250'000;
constexpr std::size_t kQubits = 20;

std::string key(std::size_t qubit) { return "c_20_0_" + std::to_string(qubit); }

std::string artifact() {
  std::string body = "[{";
  body.reserve(kQubits * (kShots * 4 + 16));
  for (std::size_t qubit = 0; qubit < kQubits; ++qubit) {
    body += (qubit == 0 ? "\"" : ",\"") + key(qubit) + "\":[";
    for (std::size_t shot = 0; shot < kShots; ++shot) {
      body += ((shot >> qubit) & 1U) == 0 ? "[0]," : "[1],";
    }
    body.back() = ']';
  }
  body += "}]";
  return body;
}

std::size_t peak_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  constexpr std::size_t kKilobyte = 1024;
  return static_cast<std::size_t>(usage.ru_maxrss) * kKilobyte;
}

core::ReadoutLayout layout() {
  model::CircuitReadout readout;
  for (std::size_t qubit = 0; qubit < kQubits; ++qubit) {
    readout.keys.push_back({.name = key(qubit), .width = 1});
  }
  return core::ReadoutLayout(readout);
}

// The peak of everything from the reply to the text for the caller, as a multiple of the reply's size in thousandths.
int run_in_child() {
  const std::size_t before = peak_bytes();
  const server::Reply reply{.source = "GET /measurements", .headers = {}, .body = artifact()};
  core::JobResults results({layout()}, {.number = kShots});
  const auto shots = results.shots([&] {
    server::MeasurementsReader reader(reply.source);
    reply.stream_to(reader);
    return reader.take();
  });
  if (shots->front().size() != kShots * (kQubits + 1) - 1) {
    return -1;
  }
  return static_cast<int>((peak_bytes() - before) * 1000 / reply.body.size());
}

TEST(Memory, ShotsTakeLessThanTwoAndAHalfTimesTheirReply) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr int kMostThousandths = 10'000;  // a sanitizer's own bookkeeping
#else
  constexpr int kMostThousandths = 2'500;
#endif
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  malloc_trim(0);  // what earlier tests freed would be used again, and not count
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const int thousandths = run_in_child();
    const bool told = write(ends[1], &thousandths, sizeof(thousandths)) == sizeof(thousandths);
    _exit(told ? 0 : 1);
  }
  int thousandths = 0;
  ASSERT_EQ(read(ends[0], &thousandths, sizeof(thousandths)), static_cast<ssize_t>(sizeof(thousandths)));
  close(ends[0]);
  close(ends[1]);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_GT(thousandths, 1'000);
  EXPECT_LT(thousandths, kMostThousandths);
  RecordProperty("peak_over_reply_thousandths", thousandths);
  std::printf("peak: %.2f times the reply\n", thousandths / 1000.0);
}

}  // namespace
}  // namespace iqm::test
