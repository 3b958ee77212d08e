// SPDX-License-Identifier: Apache-2.0
// The names of the public enumerations, and the proof that their values are QDMI's.
#include <qdmi/constants.h>

#include <array>

#include "enum_table.hpp"
#include "qdmikit/device_status.hpp"
#include "qdmikit/job_result.hpp"
#include "qdmikit/job_status.hpp"
#include "qdmikit/program_format.hpp"
#include "qdmikit/session_parameter.hpp"
#include "qdmikit/status.hpp"

namespace qdmikit {
namespace {

using detail::matches_qdmi;
using detail::name_in;
using detail::Row;
using detail::values_of;

constexpr std::array kStatuses{
    Row{Status::WarnGeneral, QDMI_WARN_GENERAL, "WARN_GENERAL"},
    Row{Status::Success, QDMI_SUCCESS, "SUCCESS"},
    Row{Status::Fatal, QDMI_ERROR_FATAL, "FATAL"},
    Row{Status::OutOfMemory, QDMI_ERROR_OUTOFMEM, "OUTOFMEM"},
    Row{Status::NotImplemented, QDMI_ERROR_NOTIMPLEMENTED, "NOTIMPLEMENTED"},
    Row{Status::LibraryNotFound, QDMI_ERROR_LIBNOTFOUND, "LIBNOTFOUND"},
    Row{Status::NotFound, QDMI_ERROR_NOTFOUND, "NOTFOUND"},
    Row{Status::OutOfRange, QDMI_ERROR_OUTOFRANGE, "OUTOFRANGE"},
    Row{Status::InvalidArgument, QDMI_ERROR_INVALIDARGUMENT, "INVALIDARGUMENT"},
    Row{Status::PermissionDenied, QDMI_ERROR_PERMISSIONDENIED, "PERMISSIONDENIED"},
    Row{Status::NotSupported, QDMI_ERROR_NOTSUPPORTED, "NOTSUPPORTED"},
    Row{Status::BadState, QDMI_ERROR_BADSTATE, "BADSTATE"},
    Row{Status::Timeout, QDMI_ERROR_TIMEOUT, "TIMEOUT"},
};
static_assert(matches_qdmi(kStatuses));

constexpr std::array kDeviceStatuses{
    Row{DeviceStatus::Offline, QDMI_DEVICE_STATUS_OFFLINE, "OFFLINE"},
    Row{DeviceStatus::Idle, QDMI_DEVICE_STATUS_IDLE, "IDLE"},
    Row{DeviceStatus::Busy, QDMI_DEVICE_STATUS_BUSY, "BUSY"},
    Row{DeviceStatus::Error, QDMI_DEVICE_STATUS_ERROR, "ERROR"},
    Row{DeviceStatus::Maintenance, QDMI_DEVICE_STATUS_MAINTENANCE, "MAINTENANCE"},
    Row{DeviceStatus::Calibration, QDMI_DEVICE_STATUS_CALIBRATION, "CALIBRATION"},
};
static_assert(matches_qdmi(kDeviceStatuses));
static_assert(kDeviceStatuses.size() == QDMI_DEVICE_STATUS_MAX);

constexpr std::array kJobStatuses{
    Row{JobStatus::Created, QDMI_JOB_STATUS_CREATED, "CREATED"},
    Row{JobStatus::Submitted, QDMI_JOB_STATUS_SUBMITTED, "SUBMITTED"},
    Row{JobStatus::Queued, QDMI_JOB_STATUS_QUEUED, "QUEUED"},
    Row{JobStatus::Running, QDMI_JOB_STATUS_RUNNING, "RUNNING"},
    Row{JobStatus::Done, QDMI_JOB_STATUS_DONE, "DONE"},
    Row{JobStatus::Canceled, QDMI_JOB_STATUS_CANCELED, "CANCELED"},
    Row{JobStatus::Failed, QDMI_JOB_STATUS_FAILED, "FAILED"},
};
static_assert(matches_qdmi(kJobStatuses));

constexpr std::array kProgramFormats{
    Row{ProgramFormat::Qasm2, QDMI_PROGRAM_FORMAT_QASM2, "QASM2"},
    Row{ProgramFormat::Qasm3, QDMI_PROGRAM_FORMAT_QASM3, "QASM3"},
    Row{ProgramFormat::QirBaseString, QDMI_PROGRAM_FORMAT_QIRBASESTRING, "QIRBASESTRING"},
    Row{ProgramFormat::QirBaseModule, QDMI_PROGRAM_FORMAT_QIRBASEMODULE, "QIRBASEMODULE"},
    Row{ProgramFormat::QirAdaptiveString, QDMI_PROGRAM_FORMAT_QIRADAPTIVESTRING, "QIRADAPTIVESTRING"},
    Row{ProgramFormat::QirAdaptiveModule, QDMI_PROGRAM_FORMAT_QIRADAPTIVEMODULE, "QIRADAPTIVEMODULE"},
    Row{ProgramFormat::Qpy, QDMI_PROGRAM_FORMAT_QPY, "QPY"},
    Row{ProgramFormat::IqmJson, QDMI_PROGRAM_FORMAT_IQMJSON, "IQMJSON"},
    Row{ProgramFormat::Custom1, QDMI_PROGRAM_FORMAT_CUSTOM1, "CUSTOM1"},
    Row{ProgramFormat::Custom2, QDMI_PROGRAM_FORMAT_CUSTOM2, "CUSTOM2"},
    Row{ProgramFormat::Custom3, QDMI_PROGRAM_FORMAT_CUSTOM3, "CUSTOM3"},
    Row{ProgramFormat::Custom4, QDMI_PROGRAM_FORMAT_CUSTOM4, "CUSTOM4"},
    Row{ProgramFormat::Custom5, QDMI_PROGRAM_FORMAT_CUSTOM5, "CUSTOM5"},
};
static_assert(matches_qdmi(kProgramFormats));
static_assert(kProgramFormats.size() == QDMI_PROGRAM_FORMAT_MAX - 2 + 5, "two numbers are reserved, five are custom");

constexpr std::array kJobResults{
    Row{JobResult::Shots, QDMI_JOB_RESULT_SHOTS, "SHOTS"},
    Row{JobResult::HistogramKeys, QDMI_JOB_RESULT_HIST_KEYS, "HIST_KEYS"},
    Row{JobResult::HistogramValues, QDMI_JOB_RESULT_HIST_VALUES, "HIST_VALUES"},
    Row{JobResult::StatevectorDense, QDMI_JOB_RESULT_STATEVECTOR_DENSE, "STATEVECTOR_DENSE"},
    Row{JobResult::ProbabilitiesDense, QDMI_JOB_RESULT_PROBABILITIES_DENSE, "PROBABILITIES_DENSE"},
    Row{JobResult::StatevectorSparseKeys, QDMI_JOB_RESULT_STATEVECTOR_SPARSE_KEYS, "STATEVECTOR_SPARSE_KEYS"},
    Row{JobResult::StatevectorSparseValues, QDMI_JOB_RESULT_STATEVECTOR_SPARSE_VALUES, "STATEVECTOR_SPARSE_VALUES"},
    Row{JobResult::ProbabilitiesSparseKeys, QDMI_JOB_RESULT_PROBABILITIES_SPARSE_KEYS, "PROBABILITIES_SPARSE_KEYS"},
    Row{JobResult::ProbabilitiesSparseValues, QDMI_JOB_RESULT_PROBABILITIES_SPARSE_VALUES,
        "PROBABILITIES_SPARSE_VALUES"},
    Row{JobResult::Custom1, QDMI_JOB_RESULT_CUSTOM1, "CUSTOM1"},
    Row{JobResult::Custom2, QDMI_JOB_RESULT_CUSTOM2, "CUSTOM2"},
    Row{JobResult::Custom3, QDMI_JOB_RESULT_CUSTOM3, "CUSTOM3"},
    Row{JobResult::Custom4, QDMI_JOB_RESULT_CUSTOM4, "CUSTOM4"},
    Row{JobResult::Custom5, QDMI_JOB_RESULT_CUSTOM5, "CUSTOM5"},
};
static_assert(matches_qdmi(kJobResults));
static_assert(kJobResults.size() == QDMI_JOB_RESULT_MAX + 5);

// Child devices are opened through their parent, never by a value that a user writes.
constexpr std::array kSessionParameters{
    Row{SessionParameter::BaseUrl, QDMI_DEVICE_SESSION_PARAMETER_BASEURL, "BASEURL"},
    Row{SessionParameter::Token, QDMI_DEVICE_SESSION_PARAMETER_TOKEN, "TOKEN"},
    Row{SessionParameter::AuthFile, QDMI_DEVICE_SESSION_PARAMETER_AUTHFILE, "AUTHFILE"},
    Row{SessionParameter::AuthUrl, QDMI_DEVICE_SESSION_PARAMETER_AUTHURL, "AUTHURL"},
    Row{SessionParameter::Username, QDMI_DEVICE_SESSION_PARAMETER_USERNAME, "USERNAME"},
    Row{SessionParameter::Password, QDMI_DEVICE_SESSION_PARAMETER_PASSWORD, "PASSWORD"},
    Row{SessionParameter::Custom1, QDMI_DEVICE_SESSION_PARAMETER_CUSTOM1, "CUSTOM1"},
    Row{SessionParameter::Custom2, QDMI_DEVICE_SESSION_PARAMETER_CUSTOM2, "CUSTOM2"},
    Row{SessionParameter::Custom3, QDMI_DEVICE_SESSION_PARAMETER_CUSTOM3, "CUSTOM3"},
    Row{SessionParameter::Custom4, QDMI_DEVICE_SESSION_PARAMETER_CUSTOM4, "CUSTOM4"},
    Row{SessionParameter::Custom5, QDMI_DEVICE_SESSION_PARAMETER_CUSTOM5, "CUSTOM5"},
};
static_assert(matches_qdmi(kSessionParameters));
static_assert(kSessionParameters.size() == QDMI_DEVICE_SESSION_PARAMETER_MAX - 1 + 5);

constexpr auto kAllStatuses = values_of(kStatuses);
constexpr auto kAllDeviceStatuses = values_of(kDeviceStatuses);
constexpr auto kAllJobStatuses = values_of(kJobStatuses);
constexpr auto kAllProgramFormats = values_of(kProgramFormats);
constexpr auto kAllJobResults = values_of(kJobResults);
constexpr auto kAllSessionParameters = values_of(kSessionParameters);

}  // namespace

std::string_view to_string(Status status) noexcept { return name_in(kStatuses, status); }
std::string_view to_string(DeviceStatus status) noexcept { return name_in(kDeviceStatuses, status); }
std::string_view to_string(JobStatus status) noexcept { return name_in(kJobStatuses, status); }
std::string_view to_string(ProgramFormat format) noexcept { return name_in(kProgramFormats, format); }
std::string_view to_string(JobResult result) noexcept { return name_in(kJobResults, result); }
std::string_view to_string(SessionParameter parameter) noexcept { return name_in(kSessionParameters, parameter); }

std::span<const Status> all_statuses() noexcept { return kAllStatuses; }
std::span<const DeviceStatus> all_device_statuses() noexcept { return kAllDeviceStatuses; }
std::span<const JobStatus> all_job_statuses() noexcept { return kAllJobStatuses; }
std::span<const ProgramFormat> all_program_formats() noexcept { return kAllProgramFormats; }
std::span<const JobResult> all_job_results() noexcept { return kAllJobResults; }
std::span<const SessionParameter> all_session_parameters() noexcept { return kAllSessionParameters; }

ProgramEncoding encoding(ProgramFormat format) noexcept {
  switch (format) {
    case ProgramFormat::Qasm2:
    case ProgramFormat::Qasm3:
    case ProgramFormat::QirBaseString:
    case ProgramFormat::QirAdaptiveString:
    case ProgramFormat::IqmJson:
      return ProgramEncoding::Text;
    case ProgramFormat::QirBaseModule:
    case ProgramFormat::QirAdaptiveModule:
    case ProgramFormat::Qpy:
      return ProgramEncoding::Binary;
    case ProgramFormat::Custom1:
    case ProgramFormat::Custom2:
    case ProgramFormat::Custom3:
    case ProgramFormat::Custom4:
    case ProgramFormat::Custom5:
      break;
  }
  return ProgramEncoding::DeviceDefined;
}

}  // namespace qdmikit
