// SPDX-License-Identifier: Apache-2.0
#include "qdmikit/amplitudes.hpp"

#include <gtest/gtest.h>

#include "opening.hpp"

namespace qdmikit::test {
namespace {

Job with_results(const std::string& results) {
  return scripted(R"({"results": )" + results + "}").submit(any_program());
}

TEST(StateVectors, PairRealAndImaginaryParts) {
  EXPECT_EQ(with_results(R"({"STATEVECTOR_DENSE": [0.6, 0.0, 0.0, -0.8]})").state_vector(),
            (StateVector{{0.6, 0.0}, {0.0, -0.8}}));
}

TEST(StateVectors, OfNoQubitsHaveOneAmplitude) {
  EXPECT_EQ(with_results(R"({"STATEVECTOR_DENSE": [1.0, 0.0]})").state_vector(), (StateVector{{1.0, 0.0}}));
  EXPECT_EQ(
      with_results(R"({"STATEVECTOR_SPARSE_KEYS": "", "STATEVECTOR_SPARSE_VALUES": [1, 0]})").sparse_state_vector(),
      (SparseStateVector{{"", {1.0, 0.0}}}));
}

TEST(StateVectors, HaveAPowerOfTwoAmplitudes) {
  for (const char* values : {"[]", "[1, 0, 0, 0, 0, 0]", "[1, 0, 0]"}) {
    const Job job = with_results(R"({"STATEVECTOR_DENSE": )" + std::string(values) + "}");
    EXPECT_THROW(static_cast<void>(job.state_vector()), ProtocolError) << values;
  }
}

TEST(SparseStateVectors, AreSortedByBitstring) {
  const SparseStateVector amplitudes =
      with_results(R"({"STATEVECTOR_SPARSE_KEYS": "11,00", "STATEVECTOR_SPARSE_VALUES": [0, -0.8, 0.6, 0]})")
          .sparse_state_vector();
  EXPECT_EQ(amplitudes, (SparseStateVector{{"00", {0.6, 0.0}}, {"11", {0.0, -0.8}}}));
  EXPECT_EQ(amplitudes.begin()->first, "00");
}

TEST(SparseStateVectors, NeedAsManyDistinctKeysAsValues) {
  for (const char* keys : {"0", "0,1,1", "0,0"}) {
    const Job job = with_results(R"({"STATEVECTOR_SPARSE_VALUES": [1, 0, 0, 0], "STATEVECTOR_SPARSE_KEYS": ")" +
                                 std::string(keys) + "\"}");
    EXPECT_THROW(static_cast<void>(job.sparse_state_vector()), ProtocolError) << keys;
  }
}

TEST(ProbabilitiesOfOutcomes, AreDenseOrSparse) {
  const Job job = with_results(R"({"PROBABILITIES_DENSE": [0.25, 0.75],
      "PROBABILITIES_SPARSE_KEYS": "1,0", "PROBABILITIES_SPARSE_VALUES": [0.75, 0.25]})");
  EXPECT_EQ(job.probabilities(), (Probabilities{0.25, 0.75}));
  EXPECT_EQ(job.sparse_probabilities(), (SparseProbabilities{{"0", 0.25}, {"1", 0.75}}));
}

TEST(Amplitudes, AreNotSupportedWhereTheDeviceHasNone) {
  const Job job = with_results(R"({"SHOTS": "0"})");
  EXPECT_THROW(static_cast<void>(job.state_vector()), NotSupported);
  EXPECT_THROW(static_cast<void>(job.sparse_state_vector()), NotSupported);
  EXPECT_THROW(static_cast<void>(job.probabilities()), NotSupported);
  EXPECT_THROW(static_cast<void>(job.sparse_probabilities()), NotSupported);
  const Job half = with_results(R"({"STATEVECTOR_SPARSE_KEYS": "0"})");
  EXPECT_THROW(static_cast<void>(half.sparse_state_vector()), NotSupported);
}

TEST(Amplitudes, OfAFailedJobSayWhy) {
  const Job job = scripted(R"({"job_status": 6})").submit(any_program());
  EXPECT_THROW(static_cast<void>(job.state_vector()), BadState);
  EXPECT_THROW(static_cast<void>(with_results("{}").probabilities(1)), OutOfRange);
}

}  // namespace
}  // namespace qdmikit::test
