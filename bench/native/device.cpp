// SPDX-License-Identifier: Apache-2.0
// Drives any QDMI 1.4 device library, by path and prefix, as a C program would:
// bench_device MEASUREMENT library=FILE prefix=PREFIX url=URL ...
#include <dlfcn.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "support.hpp"
#include "symbols.hpp"

namespace qdmikit::bench {
namespace {

void require(int answer, const char* what) {
  if (answer != QDMI_SUCCESS && answer != QDMI_WARN_GENERAL) {
    throw std::runtime_error(std::string(what) + " answered " + std::to_string(answer));
  }
}

class Library {
 public:
  explicit Library(const Arguments& arguments) {
    void* handle = dlopen(arguments.text("library").c_str(), RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
      throw std::runtime_error(dlerror());  // NOLINT(concurrency-mt-unsafe): there is one thread
    }
    const auto symbols = detail::resolve_symbols(handle, arguments.text("prefix"));
    if (!symbols.missing.empty()) {
      throw std::runtime_error("the library lacks " + symbols.missing.front());
    }
    functions_ = symbols.functions;
    require(functions_.initialize(), "initialize");
  }

  const detail::FunctionTable* operator->() const noexcept { return &functions_; }

 private:
  detail::FunctionTable functions_;
};

class Session {
 public:
  Session(const Library& library, const std::string& url) : library_(library) {
    require(library_->session_alloc(&handle_), "session_alloc");
    require(
        library_->session_set_parameter(handle_, QDMI_DEVICE_SESSION_PARAMETER_BASEURL, url.size() + 1, url.c_str()),
        "session_set_parameter");
    require(library_->session_init(handle_), "session_init");
  }
  ~Session() { library_->session_free(handle_); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  Session(Session&&) = delete;
  Session& operator=(Session&&) = delete;

  [[nodiscard]] QDMI_Device_Session handle() const noexcept { return handle_; }
  [[nodiscard]] const Library& library() const noexcept { return library_; }

 private:
  const Library& library_;
  QDMI_Device_Session handle_ = nullptr;
};

class Job {
 public:
  Job(const Session& session, const std::string& program, std::size_t programs, std::size_t shots)
      : library_(session.library()), programs_(programs) {
    require(library_->session_create_device_job(session.handle(), &handle_), "create_device_job");
    require(library_->job_set_parameter(handle_, QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM, sizeof(shots), &shots),
            "set SHOTSNUM");
    const std::vector<const void*> texts(programs, program.c_str());
    const std::vector<std::size_t> sizes(programs, program.size() + 1);
    require(library_->job_set_programs(handle_, QDMI_PROGRAM_FORMAT_IQMJSON, programs, sizes.data(), texts.data()),
            "job_set_programs");
    require(library_->job_submit(handle_), "job_submit");
  }
  ~Job() { library_->job_free(handle_); }
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  Job(Job&&) = delete;
  Job& operator=(Job&&) = delete;

  void wait() const { require(library_->job_wait(handle_, 0), "job_wait"); }

  // Returns whether the deadline came first.
  [[nodiscard]] bool wait(std::size_t seconds) const {
    const int answer = library_->job_wait(handle_, seconds);
    if (answer != QDMI_ERROR_TIMEOUT) {
      require(answer, "job_wait");
    }
    return answer == QDMI_ERROR_TIMEOUT;
  }

  void cancel() const { require(library_->job_cancel(handle_), "job_cancel"); }

  void read(QDMI_Job_Result kind) const {
    std::string text;
    for (std::size_t program = 0; program < programs_; ++program) {
      std::size_t size = 0;
      require(library_->job_get_results(handle_, program, kind, 0, nullptr, &size), "get_results");
      text.resize(size);
      require(library_->job_get_results(handle_, program, kind, size, text.data(), nullptr), "get_results");
    }
  }

  void read_counts() const {
    read(QDMI_JOB_RESULT_HIST_KEYS);
    read(QDMI_JOB_RESULT_HIST_VALUES);
  }

 private:
  const Library& library_;
  QDMI_Device_Job handle_ = nullptr;
  std::size_t programs_;
};

std::size_t device_number(const Session& session, QDMI_Device_Property property) {
  std::size_t value = 0;
  require(session.library()->session_query_device_property(session.handle(), property, sizeof(value), &value, nullptr),
          "query_device_property");
  return value;
}

// The figures of each site, as a compiler asks for them.
void read_sites(const Session& session) {
  const Library& library = session.library();
  std::vector<QDMI_Site> sites(device_number(session, QDMI_DEVICE_PROPERTY_QUBITSNUM));
  std::size_t size = 0;
  require(library->session_query_device_property(session.handle(), QDMI_DEVICE_PROPERTY_SITES, 0, nullptr, &size),
          "SITES");
  sites.resize(size / sizeof(QDMI_Site));
  require(
      library->session_query_device_property(session.handle(), QDMI_DEVICE_PROPERTY_SITES, size, sites.data(), nullptr),
      "SITES");
  std::string name;
  for (QDMI_Site site : sites) {
    require(library->session_query_site_property(session.handle(), site, QDMI_SITE_PROPERTY_NAME, 0, nullptr, &size),
            "NAME");
    name.resize(size);
    require(library->session_query_site_property(session.handle(), site, QDMI_SITE_PROPERTY_NAME, size, name.data(),
                                                 nullptr),
            "NAME");
    for (const QDMI_Site_Property figure : {QDMI_SITE_PROPERTY_T1, QDMI_SITE_PROPERTY_T2}) {
      std::uint64_t value = 0;
      const int answer =
          library->session_query_site_property(session.handle(), site, figure, sizeof(value), &value, nullptr);
      if (answer != QDMI_ERROR_NOTSUPPORTED) {
        require(answer, "T1 or T2");
      }
    }
  }
}

Figures measured(const std::string& what, const Arguments& arguments) {
  if (what == "load") {
    return once_with_memory([&] { const Library library(arguments); });
  }
  const Library library(arguments);
  const std::string& url = arguments.text("url");
  if (what == "init") {
    return repeated(arguments.number("runs"), [&] { const Session session(library, url); });
  }
  const Session session(library, url);
  if (what == "sites") {
    return repeated(arguments.number("runs"), [&] { read_sites(session); });
  }
  const std::string program = circuit(arguments.number("qubits"));
  const std::size_t shots = arguments.number("shots");
  const std::size_t programs = arguments.number("programs");
  const auto run = [&] {
    const Job job(session, program, programs, shots);
    job.wait();
    job.read_counts();
  };
  if (what == "run") {
    return repeated(arguments.number("runs"), run);
  }
  if (what == "threads") {
    const std::size_t threads = arguments.number("threads");
    run();  // the first connection
    Figures figures;
    for (std::size_t i = 0; i < arguments.number("runs"); ++i) {
      figures.milliseconds.push_back(milliseconds_of([&] { in_threads(threads, run); }));
    }
    return figures;
  }
  if (what == "deadline") {
    return repeated(arguments.number("runs"), [&] {
      const Job job(session, program, programs, shots);
      if (!job.wait(1)) {
        throw std::runtime_error("the job ended before the deadline");
      }
    });
  }
  if (what == "counts" || what == "shots") {
    const Job job(session, program, programs, shots);
    job.wait();
    return once_with_memory([&] { what == "counts" ? job.read_counts() : job.read(QDMI_JOB_RESULT_SHOTS); });
  }
  throw std::invalid_argument("no such measurement: " + what);
}

}  // namespace
}  // namespace qdmikit::bench

int main(int count, char** words) {
  using namespace qdmikit::bench;
  try {
    const std::span arguments(words, static_cast<std::size_t>(count));
    if (arguments.size() < 2) {
      throw std::invalid_argument("usage: bench_device MEASUREMENT NAME=VALUE ...");
    }
    print(measured(arguments[1], Arguments(arguments.subspan(2))));
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "bench_device: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
