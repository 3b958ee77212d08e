// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>

#include "script.hpp"

struct SCRIPTED_QDMI_Device_Job_impl_d {
  explicit SCRIPTED_QDMI_Device_Job_impl_d(const scripted::Script& of)
      : script(&of), early_waits(of.json.value("early_waits", 0)) {}

  const scripted::Script* script;
  std::mutex mutex;
  std::condition_variable changed;
  int status = QDMI_JOB_STATUS_CREATED;  // a number: scripts may want one that QDMI does not have
  int early_waits;
  std::size_t programs = 0;
  nlohmann::json given = nlohmann::json::object();
};

namespace {

using scripted::give;
using scripted::give_value;
using scripted::play;

std::string hex(const void* bytes, std::size_t size) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    const unsigned char byte = static_cast<const unsigned char*>(bytes)[i];
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

bool has_ended(int status) { return status >= QDMI_JOB_STATUS_DONE; }

int give_status(int status, QDMI_Job_Status* to) {
  static_assert(sizeof status == sizeof *to);
  std::memcpy(to, &status, sizeof status);
  return QDMI_SUCCESS;
}

int submit(SCRIPTED_QDMI_Device_Job job, const char* how) {
  const std::scoped_lock lock(job->mutex);
  if (job->programs == 0) {
    return QDMI_ERROR_BADSTATE;
  }
  job->given["submitted"] = how;
  job->status =
      job->script->flag("stays") ? static_cast<int>(QDMI_JOB_STATUS_RUNNING) : job->script->json.value("job_status", 4);
  return QDMI_SUCCESS;
}

int result_text(SCRIPTED_QDMI_Device_Job job, const char* name, size_t size, void* data, size_t* size_ret) {
  const auto results = job->script->json.value("results", nlohmann::json::object());
  return results.contains(name) ? give(results.at(name).get<std::string>(), size, data, size_ret)
                                : static_cast<int>(QDMI_ERROR_NOTSUPPORTED);
}

template <typename T>
int result_list(SCRIPTED_QDMI_Device_Job job, const char* name, size_t size, void* data, size_t* size_ret) {
  const auto results = job->script->json.value("results", nlohmann::json::object());
  return results.contains(name) ? give(results.at(name).get<std::vector<T>>(), size, data, size_ret)
                                : static_cast<int>(QDMI_ERROR_NOTSUPPORTED);
}

}  // namespace

extern "C" {

int SCRIPTED_QDMI_device_session_create_device_job(SCRIPTED_QDMI_Device_Session session,
                                                   SCRIPTED_QDMI_Device_Job* job) {
  return play(session->script, "session_create_device_job", [&] {
    *job = new SCRIPTED_QDMI_Device_Job_impl_d(session->script);
    scripted::count("jobs");
    return QDMI_SUCCESS;
  });
}

#ifndef SCRIPTED_WITHOUT_OPTIONAL
int SCRIPTED_QDMI_device_session_retrieve_device_job_by_id(SCRIPTED_QDMI_Device_Session session, const char* id,
                                                           SCRIPTED_QDMI_Device_Job* job) {
  if (std::string(id) != "job-1") {
    return scripted::explained(session->script, "session_retrieve_device_job_by_id", QDMI_ERROR_NOTFOUND);
  }
  *job = new SCRIPTED_QDMI_Device_Job_impl_d(session->script);
  (*job)->status = QDMI_JOB_STATUS_DONE;
  scripted::count("jobs");
  return QDMI_SUCCESS;
}

SCRIPTED_QDMI_EXPORT int SCRIPTED_QDMI_device_job_submit_calibration(SCRIPTED_QDMI_Device_Job job) {
  return play(*job->script, "job_submit_calibration", [&] { return submit(job, "calibration"); });
}
#endif

int SCRIPTED_QDMI_device_job_set_parameter(SCRIPTED_QDMI_Device_Job job, QDMI_Device_Job_Parameter parameter,
                                           size_t size, const void* value) {
  return play(*job->script, "job_set_parameter", [&] {
    if (parameter == QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM && size == sizeof(size_t)) {
      job->given["shots"] = *static_cast<const size_t*>(value);
    } else {
      job->given["custom"][std::to_string(parameter - QDMI_DEVICE_JOB_PARAMETER_CUSTOM1 + 1)] = hex(value, size);
    }
    return QDMI_SUCCESS;
  });
}

int SCRIPTED_QDMI_device_job_set_programs(SCRIPTED_QDMI_Device_Job job, QDMI_Program_Format format, size_t number,
                                          const size_t* sizes, const void* const* programs) {
  return play(*job->script, "job_set_programs", [&] {
    job->given["format"] = format;
    for (size_t i = 0; i < number; ++i) {
      job->given["programs"].push_back(hex(programs[i], sizes[i]));
    }
    job->programs = number;
    return QDMI_SUCCESS;
  });
}

int SCRIPTED_QDMI_device_job_get_program(SCRIPTED_QDMI_Device_Job job, size_t, size_t, void*, size_t*) {
  return play(*job->script, "job_get_program", [] { return QDMI_ERROR_NOTSUPPORTED; });
}

int SCRIPTED_QDMI_device_job_get_program_status(SCRIPTED_QDMI_Device_Job job, size_t, QDMI_Job_Status* status) {
  return play(*job->script, "job_get_program_status", [&] { return give_status(job->status, status); });
}

int SCRIPTED_QDMI_device_job_query_property(SCRIPTED_QDMI_Device_Job job, QDMI_Device_Job_Property property,
                                            size_t size, void* value, size_t* size_ret) {
  return play(*job->script, "job_query_property", [&]() -> int {
    switch (property) {
      case QDMI_DEVICE_JOB_PROPERTY_ID:
        return give(std::string("job-1"), size, value, size_ret);
      case QDMI_DEVICE_JOB_PROPERTY_PROGRAMSNUM:
        return job->programs == 0 ? static_cast<int>(QDMI_ERROR_BADSTATE)
                                  : give_value(job->programs, size, value, size_ret);
      case QDMI_DEVICE_JOB_PROPERTY_QUEUEPOSITION:
        return job->status == QDMI_JOB_STATUS_QUEUED ? give_value<size_t>(4, size, value, size_ret)
                                                     : static_cast<int>(QDMI_ERROR_BADSTATE);
      case QDMI_DEVICE_JOB_PROPERTY_CUSTOM1:
        return give(job->given.dump(), size, value, size_ret);
      default:
        return QDMI_ERROR_NOTSUPPORTED;
    }
  });
}

int SCRIPTED_QDMI_device_job_submit(SCRIPTED_QDMI_Device_Job job) {
  return play(*job->script, "job_submit", [&] { return submit(job, "circuits"); });
}

int SCRIPTED_QDMI_device_job_cancel(SCRIPTED_QDMI_Device_Job job) {
  return play(*job->script, "job_cancel", [&] {
    scripted::open_gate();
    const std::scoped_lock lock(job->mutex);
    job->status = QDMI_JOB_STATUS_CANCELED;
    job->changed.notify_all();
    return QDMI_SUCCESS;
  });
}

int SCRIPTED_QDMI_device_job_check(SCRIPTED_QDMI_Device_Job job, QDMI_Job_Status* status) {
  return play(*job->script, "job_check", [&] {
    const std::scoped_lock lock(job->mutex);
    return give_status(job->status, status);
  });
}

int SCRIPTED_QDMI_device_job_wait(SCRIPTED_QDMI_Device_Job job, size_t timeout) {
  scripted::count("waits");
  return play(*job->script, "job_wait", [&] {
    std::unique_lock lock(job->mutex);
    const auto ended = [&] { return has_ended(job->status); };
    if (job->early_waits > 0) {
      --job->early_waits;
      return QDMI_SUCCESS;
    }
    if (timeout == 0) {
      job->changed.wait(lock, ended);
      return QDMI_SUCCESS;
    }
    return job->changed.wait_for(lock, std::chrono::seconds(timeout), ended) ? QDMI_SUCCESS : QDMI_ERROR_TIMEOUT;
  });
}

int SCRIPTED_QDMI_device_job_get_results(SCRIPTED_QDMI_Device_Job job, size_t program, QDMI_Job_Result result,
                                         size_t size, void* data, size_t* size_ret) {
  return play(*job->script, "job_get_results", [&]() -> int {
    if (job->status != QDMI_JOB_STATUS_DONE) {
      return QDMI_ERROR_BADSTATE;
    }
    if (program >= job->programs) {
      return QDMI_ERROR_OUTOFRANGE;
    }
    switch (result) {
      case QDMI_JOB_RESULT_SHOTS:
        return result_text(job, "SHOTS", size, data, size_ret);
      case QDMI_JOB_RESULT_HIST_KEYS:
        return result_text(job, "HIST_KEYS", size, data, size_ret);
      case QDMI_JOB_RESULT_HIST_VALUES:
        return result_list<size_t>(job, "HIST_VALUES", size, data, size_ret);
      case QDMI_JOB_RESULT_STATEVECTOR_DENSE:
        return result_list<double>(job, "STATEVECTOR_DENSE", size, data, size_ret);
      case QDMI_JOB_RESULT_PROBABILITIES_DENSE:
        return result_list<double>(job, "PROBABILITIES_DENSE", size, data, size_ret);
      case QDMI_JOB_RESULT_STATEVECTOR_SPARSE_KEYS:
        return result_text(job, "STATEVECTOR_SPARSE_KEYS", size, data, size_ret);
      case QDMI_JOB_RESULT_STATEVECTOR_SPARSE_VALUES:
        return result_list<double>(job, "STATEVECTOR_SPARSE_VALUES", size, data, size_ret);
      case QDMI_JOB_RESULT_PROBABILITIES_SPARSE_KEYS:
        return result_text(job, "PROBABILITIES_SPARSE_KEYS", size, data, size_ret);
      case QDMI_JOB_RESULT_PROBABILITIES_SPARSE_VALUES:
        return result_list<double>(job, "PROBABILITIES_SPARSE_VALUES", size, data, size_ret);
      default:
        return QDMI_ERROR_NOTSUPPORTED;
    }
  });
}

void SCRIPTED_QDMI_device_job_free(SCRIPTED_QDMI_Device_Job job) {
  scripted::wait_at_gate(*job->script, "job");
  delete job;
  scripted::count("jobs", -1);
}

}  // extern "C"
