// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "qdmikit/job_result.hpp"
#include "qdmikit/job_status.hpp"
#include "query.hpp"
#include "session_core.hpp"

namespace qdmikit::detail {

// Owns one job handle, and with it the session.
class JobCore {
 public:
  static std::unique_ptr<const JobCore> create(const std::shared_ptr<const SessionCore>& session);
  static std::unique_ptr<const JobCore> retrieve(const std::shared_ptr<const SessionCore>& session,
                                                 const std::string& id);
  ~JobCore();
  JobCore(const JobCore&) = delete;
  JobCore& operator=(const JobCore&) = delete;
  JobCore(JobCore&&) = delete;
  JobCore& operator=(JobCore&&) = delete;

  [[nodiscard]] const Module& module() const noexcept { return session_->module(); }
  [[nodiscard]] const FunctionTable& functions() const noexcept { return session_->functions(); }
  // Throws where the session's does.
  [[nodiscard]] QDMI_Device_Job handle() const {
    session_->require_own_process();
    return handle_;
  }

  [[nodiscard]] auto property_query(QDMI_Device_Job_Property property) const {
    return [this, property](std::size_t size, void* value, std::size_t* size_ret) {
      return functions().job_query_property(handle(), property, size, value, size_ret);
    };
  }
  [[nodiscard]] auto result_query(JobResult kind, std::size_t program) const {
    return [this, kind, program](std::size_t size, void* value, std::size_t* size_ret) {
      return functions().job_get_results(handle(), program, static_cast<QDMI_Job_Result>(kind), size, value, size_ret);
    };
  }

  // A job property that the device may decline, or that this job does not have in its present state.
  template <typename T>
  std::optional<T> property_if_any(QDMI_Device_Job_Property property, std::string_view what) const {
    T value{};
    const int answer = property_query(property)(sizeof(T), static_cast<void*>(&value), nullptr);
    if (answer == QDMI_ERROR_BADSTATE || !module().supported(answer, property_attempt(what))) {
      return std::nullopt;
    }
    return value;
  }

  [[nodiscard]] JobStatus check() const;

  // A status that the device gave in answer to the attempt.
  [[nodiscard]] JobStatus checked(const QDMI_Job_Status& answer, const Attempt& attempt) const;

  static Attempt property_attempt(std::string_view what) {
    return {"device_job_query_property", "read the job's ", what};
  }

 private:
  JobCore(std::shared_ptr<const SessionCore> session, QDMI_Device_Job handle) noexcept;

  std::shared_ptr<const SessionCore> session_;
  QDMI_Device_Job handle_;
};

}  // namespace qdmikit::detail
