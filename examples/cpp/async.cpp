// SPDX-License-Identifier: Apache-2.0
// async LIBRARY PREFIX FORMAT PROGRAM SECONDS [parameter=value]...: three jobs at once. What has not ended after that
// many seconds, or when one of them fails, is cancelled.
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stop_token>
#include <thread>
#include <vector>

#include "arguments.hpp"

namespace {

constexpr std::size_t kJobs = 3;

// Wait for all jobs, each in a thread of its own. The first that goes wrong ends the other waits.
std::vector<qdmikit::WaitOutcome> wait_for(const std::vector<qdmikit::Job>& jobs, qdmikit::Seconds limit) {
  std::vector<qdmikit::WaitOutcome> outcomes(jobs.size());
  std::vector<std::exception_ptr> failures(jobs.size());
  std::stop_source stop;
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      threads.emplace_back([&, i] {
        try {
          outcomes[i] = jobs[i].wait(stop.get_token(), limit);
          if (outcomes[i].status == qdmikit::JobStatus::Failed) {
            stop.request_stop();
          }
        } catch (const qdmikit::Error&) {
          failures[i] = std::current_exception();
          stop.request_stop();
        }
      });
    }
  }  // joins them
  for (const auto& failure : failures) {
    if (failure) {
      std::rethrow_exception(failure);
    }
  }
  return outcomes;
}

// A stopped wait leaves its job alone, so what is no longer wanted is cancelled.
qdmikit::JobStatus cancelled(qdmikit::Job& job) {
  try {
    job.cancel();
  } catch (const qdmikit::InvalidArgument&) {
    std::cout << job.id() << " was done just before\n";
  }
  return job.wait(qdmikit::Seconds(60));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto device = arguments::open(argc, argv, 3, "async LIBRARY PREFIX FORMAT PROGRAM SECONDS");
    std::vector<qdmikit::Job> jobs;
    for (std::size_t i = 0; i < kJobs; ++i) {
      jobs.push_back(device.submit({.format = arguments::format_named(argv[3]),
                                    .programs = {arguments::content_of(argv[4])},
                                    .shots = 100 * (i + 1),
                                    .custom = {}}));
    }
    const auto outcomes = wait_for(jobs, qdmikit::Seconds(arguments::number<double>(argv[5])));
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      const auto status = outcomes[i] ? outcomes[i].status : cancelled(jobs[i]);
      std::cout << "job " << i << ": " << to_string(status);
      if (status == qdmikit::JobStatus::Done) {
        std::cout << ", " << jobs[i].counts().total() << " shots";
      }
      std::cout << '\n';
    }
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "async: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
