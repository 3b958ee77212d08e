// SPDX-License-Identifier: Apache-2.0
// Many threads on few jobs, through the C entry points, while others free them: what a host that mixes threads and
// handles may do to the library. QDMIKIT_SOAK_SECONDS says for how long.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "abi_device.hpp"

namespace iqm::test {
namespace {

constexpr std::size_t kThreads = 8;
constexpr std::size_t kJobs = 4;

std::chrono::seconds soak_time() {
  constexpr std::chrono::seconds kDefault{5};
  const char* text = std::getenv("QDMIKIT_SOAK_SECONDS");
  return text == nullptr ? kDefault : std::chrono::seconds(std::stol(text));
}

// Which status each job is in: it moves on whenever somebody asks, and stands still once it is over.
class Jobs {
 public:
  std::string submit() {
    const std::scoped_lock lock(mutex_);
    asked_.push_back(0);
    return reply(asked_.size() - 1);
  }
  std::string ask(const std::string& id) {
    const std::scoped_lock lock(mutex_);
    const std::size_t job = std::stoul(id);
    if (asked_.at(job) != kCancelled) {
      asked_[job] = std::min(asked_[job] + 1, kFinished);
    }
    return reply(job);
  }
  // False when the job is over.
  bool cancel(const std::string& id) {
    const std::scoped_lock lock(mutex_);
    std::size_t& asked = asked_.at(std::stoul(id));
    const bool running = asked < kFinished;
    asked = running ? kCancelled : asked;
    return running;
  }

 private:
  static constexpr std::size_t kFinished = 20;
  static constexpr std::size_t kCancelled = 21;

  std::string reply(std::size_t job) const {
    const char* status = "waiting";
    if (asked_[job] == kCancelled) {
      status = "cancelled";
    } else if (asked_[job] == kFinished) {
      // Some end badly.
      status = job % 5 == 4 ? "failed" : "completed";
    } else if (asked_[job] > 3) {
      status = "running";
    }
    return R"({"id":")" + std::to_string(job) + R"(","type":"circuit","status":")" + status + "\"}";
  }

  std::mutex mutex_;
  std::vector<std::size_t> asked_;  // by number of the job
};

class Soak : public Abi {
 protected:
  void SetUp() override {
    const auto json = [](httplib::Response& response, const std::string& body) {
      response.set_content(body, "application/json");
    };
    httplib::Server& server = loopback_.server();
    server.Post("/api/v1/jobs/small/circuit",
                [this, json](const httplib::Request&, httplib::Response& response) { json(response, jobs_.submit()); });
    server.Get(R"(/api/v1/jobs/(\d+))", [this, json](const httplib::Request& request, httplib::Response& response) {
      json(response, jobs_.ask(request.matches[1]));
    });
    server.Post(R"(/api/v1/jobs/(\d+)/cancel)",
                [this, json](const httplib::Request& request, httplib::Response& response) {
                  if (!jobs_.cancel(request.matches[1])) {
                    response.status = 403;
                    json(response, R"({"message":"it is over","error_code":"illegal_job_status"})");
                  }
                });
    server.Get(R"(/api/v1/jobs/\d+/artifacts/measurement_counts)",
               [json](const httplib::Request&, httplib::Response& response) {
                 json(response, R"([{"measurement_keys":["c_3_0_0","c_3_0_1","c_3_0_2"],"counts":{"100":2}}])");
               });
    server.Get(R"(/api/v1/jobs/\d+/artifacts/measurements)",
               [json](const httplib::Request&, httplib::Response& response) {
                 json(response, R"([{"c_3_0_0":[[1],[1]],"c_3_0_1":[[0],[0]],"c_3_0_2":[[0],[0]]}])");
               });
    Abi::SetUp();
    init();
    for (auto& handle : handles_) {
      handle = submitted();
    }
  }
  void TearDown() override {
    for (const auto& handle : handles_) {
      IQM_QDMI_device_job_free(handle);
    }
    Abi::TearDown();
  }

  IQM_QDMI_Device_Job submitted() {
    IQM_QDMI_Device_Job job = nullptr;
    expect("create", IQM_QDMI_device_session_create_device_job(session_, &job), {QDMI_SUCCESS});
    const std::size_t size = std::char_traits<char>::length(kCircuit) + 1;
    const void* program = kCircuit;
    expect("set_programs", IQM_QDMI_device_job_set_programs(job, QDMI_PROGRAM_FORMAT_IQMJSON, 1, &size, &program),
           {QDMI_SUCCESS});
    const std::size_t shots = 2;
    expect("set_parameter",
           IQM_QDMI_device_job_set_parameter(job, QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM, sizeof(shots), &shots),
           {QDMI_SUCCESS});
    expect("submit", IQM_QDMI_device_job_submit(job), {QDMI_SUCCESS});
    return job;
  }

  // A handle may be freed at any moment by another thread, and is then an invalid argument; everything else must be
  // what QDMI lets the function say of a job that moves from queued to its end.
  void expect(const char* what, int status, const std::set<int>& allowed) {
    ++calls_;
    if (!allowed.contains(status)) {
      const std::scoped_lock lock(mutex_);
      unexpected_.insert(std::string(what) + " returned " + std::to_string(status) + ": " + last_error().dump());
    }
  }

  void read(IQM_QDMI_Device_Job job, QDMI_Job_Result kind, const std::string& wanted) {
    const std::set<int> allowed{QDMI_SUCCESS, QDMI_ERROR_BADSTATE, QDMI_ERROR_INVALIDARGUMENT};
    std::string value(wanted.size(), '?');
    const int status = IQM_QDMI_device_job_get_results(job, 0, kind, value.size(), value.data(), nullptr);
    expect("get_results", status, allowed);
    if (status == QDMI_SUCCESS && value != wanted) {
      const std::scoped_lock lock(mutex_);
      unexpected_.insert("get_results gave '" + value + "'");
    }
  }

  void act(std::minstd_rand& random) {
    std::atomic<IQM_QDMI_Device_Job>& slot = handles_.at(random() % kJobs);
    IQM_QDMI_Device_Job job = slot.load();
    QDMI_Job_Status status = QDMI_JOB_STATUS_CREATED;
    switch (random() % 32) {
      case 0:
        // The last to take the handle frees it, and whoever still holds it holds a freed one.
        IQM_QDMI_device_job_free(slot.exchange(submitted()));
        return;
      case 1:
        expect("cancel", IQM_QDMI_device_job_cancel(job), {QDMI_SUCCESS, QDMI_ERROR_INVALIDARGUMENT});
        return;
      case 2:
        IQM_QDMI_device_job_free(job);  // without telling anybody: this slot now holds a freed handle
        return;
      case 3:
      case 4:
      case 5:
      case 6:
        expect("wait", IQM_QDMI_device_job_wait(job, 1),
               {QDMI_SUCCESS, QDMI_ERROR_TIMEOUT, QDMI_ERROR_INVALIDARGUMENT});
        return;
      case 7:
        expect("get_program_status", IQM_QDMI_device_job_get_program_status(job, 0, &status),
               {QDMI_SUCCESS, QDMI_ERROR_BADSTATE, QDMI_ERROR_INVALIDARGUMENT});
        return;
      case 8:
      case 9:
      case 10:
        read(job, QDMI_JOB_RESULT_SHOTS, std::string("001,001") + '\0');
        return;
      case 11:
      case 12:
      case 13:
        read(job, QDMI_JOB_RESULT_HIST_KEYS, std::string("001") + '\0');
        return;
      default:
        expect("check", IQM_QDMI_device_job_check(job, &status), {QDMI_SUCCESS, QDMI_ERROR_INVALIDARGUMENT});
        return;
    }
  }

  Jobs jobs_;
  std::array<std::atomic<IQM_QDMI_Device_Job>, kJobs> handles_{};
  std::atomic<std::size_t> calls_{0};
  std::mutex mutex_;
  std::set<std::string> unexpected_;
};

TEST_F(Soak, JobsThatAreUsedAndFreedByManyThreadsAtOnceSayOnlyWhatQdmiAllows) {
  const auto end = std::chrono::steady_clock::now() + soak_time();
  std::vector<std::thread> threads;
  for (std::size_t seed = 1; seed <= kThreads; ++seed) {
    threads.emplace_back([this, seed, end] {
      std::minstd_rand random(static_cast<unsigned>(seed));
      while (std::chrono::steady_clock::now() < end) {
        act(random);
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(unexpected_, std::set<std::string>());
  EXPECT_GT(calls_, kThreads);
  RecordProperty("calls", std::to_string(calls_));
}

}  // namespace
}  // namespace iqm::test
