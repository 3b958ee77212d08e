// SPDX-License-Identifier: Apache-2.0
#include "core/job_tag.hpp"

#include <gtest/gtest.h>

#include <string>

#include "example_job.hpp"
#include "scoped_environment.hpp"

namespace iqm::test {
namespace {

class JobTag : public ::testing::Test {
 protected:
  ScopedEnvironment environment_{"IQM_JOB_TAG", "SLURM_JOB_ID",    "SLURM_CLUSTER_NAME",
                                 "IQM_TOKEN",   "IQM_TOKENS_FILE", "QDMI_AUTH_FILE"};
};

TEST_F(JobTag, NamesTheSlurmJobUnlessTheUserChoosesAnother) {
  EXPECT_EQ(core::job_tag(), "");
  environment_.set("SLURM_JOB_ID", "4711");
  environment_.set("SLURM_CLUSTER_NAME", "lumi");
  EXPECT_EQ(core::job_tag(), "slurm:lumi:4711");
  environment_.set("IQM_JOB_TAG", "mine");
  EXPECT_EQ(core::job_tag(), "mine");
}

TEST_F(JobTag, HasAtMostFiftyCharactersAndKeepsTheJobId) {
  environment_.set("SLURM_JOB_ID", "4711");
  environment_.set("SLURM_CLUSTER_NAME", std::string(80, 'c'));
  EXPECT_EQ(core::job_tag(), "slurm:" + std::string(39, 'c') + ":4711");
  std::string long_text;
  for (int i = 0; i < 60; ++i) {
    long_text += "ü";
  }
  environment_.set("IQM_JOB_TAG", long_text);
  EXPECT_EQ(core::job_tag(), long_text.substr(0, 100));  // two bytes each
}

TEST_F(JobTag, TravelsWithTheSubmissionPercentEncoded) {
  environment_.set("IQM_JOB_TAG", "a b&c/ü");
  const ExampleJob example;
  example.submit();
  EXPECT_EQ(example.transport->count(std::string(kSubmit) + "?tag=a%20b%26c%2F%C3%BC"), 1U);
}

}  // namespace
}  // namespace iqm::test
