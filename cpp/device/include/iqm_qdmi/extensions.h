/* SPDX-License-Identifier: Apache-2.0 */
/** @file
 * What the IQM device offers beyond QDMI. A driver looks these symbols up and does without them when they are missing.
 */
#pragma once

#include <stddef.h>

#include "iqm_qdmi/device.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Why the calling thread's last failed call into this device failed.
 * @details A JSON object with the members @c function (the symbol called) and @c kind (strings), @c status (the
 * returned QDMI_STATUS),
 * @c message (a sentence for humans), @c http_status (0 when no reply was involved), @c error_code and @c request_id
 * (the server's own, may be empty) and @c server_errors (a list of objects with @c error_code, @c message and
 * @c source). An empty object when no call of this thread has failed. Calls that succeed leave it as it is.
 * @param[in] size the size of @p json in bytes.
 * @param[out] json the buffer for the NUL-terminated text, or @c NULL to ask for its size only.
 * @param[out] size_ret the size needed, including the NUL, or @c NULL.
 * @return @ref QDMI_SUCCESS, @ref QDMI_ERROR_INVALIDARGUMENT when @p json is too small, @ref QDMI_ERROR_FATAL when
 * memory runs out.
 */
IQM_QDMI_EXPORT int IQM_QDMI_device_last_error(size_t size, char* json, size_t* size_ret);

/**
 * @brief Submit a job as a calibration of the machine.
 * @details The job has one program in the format @c QDMI_PROGRAM_FORMAT_IQMJSON, the configuration of the calibration,
 * which goes to the server as it is; its shots play no part. The job is then checked, awaited and cancelled like any
 * other. Its one result is @c QDMI_JOB_RESULT_CUSTOM1, the id of the new calibration set as text: the first access to
 * it, asking for its size included, also brings the metadata of that set to the session, unless the session is pinned
 * to another one. When the server does not have the set yet, that access tries once more after
 * @c IQM_CALIBRATION_RETRY_SECONDS (120 when unset); freeing or cancelling the job ends the pause.
 * @param[in] job a job that is being prepared.
 * @return @ref QDMI_SUCCESS, @ref QDMI_ERROR_NOTSUPPORTED when the server does not calibrate, and what
 * @c IQM_QDMI_device_job_submit returns.
 */
IQM_QDMI_EXPORT int IQM_QDMI_device_job_submit_calibration(IQM_QDMI_Device_Job job);

/** @brief How much the device says, from nothing to everything. Named as QDMI names its own enumerations. */
/* NOLINTBEGIN(readability-identifier-naming) */
enum IQM_QDMI_LOG_LEVEL_T {
  IQM_QDMI_LOG_LEVEL_NONE = 0,
  IQM_QDMI_LOG_LEVEL_ERROR = 1,
  IQM_QDMI_LOG_LEVEL_WARNING = 2,
  IQM_QDMI_LOG_LEVEL_INFO = 3,
  IQM_QDMI_LOG_LEVEL_DEBUG = 4
};
/* NOLINTEND(readability-identifier-naming) */

/**
 * @brief Receives one message of the device.
 * @details Called from any thread that is inside the device. It must not call into the device, and must not throw.
 * Messages never hold a token.
 * @param[in] level one of @c IQM_QDMI_LOG_LEVEL_ERROR to @c IQM_QDMI_LOG_LEVEL_DEBUG.
 * @param[in] message one line without its end, valid during the call only.
 * @param[in] user_data what was given to @ref IQM_QDMI_device_set_log_callback.
 */
typedef void (*IQM_QDMI_Log_Callback)(int level, const char* message, void* user_data);

/**
 * @brief Hand the messages of the device to a host that has a logger of its own.
 * @details They then no longer go to stderr, and @p most_verbose takes the place of the environment variable
 * @c IQM_LOG_LEVEL. When this function returns, no call of the previous callback is under way or will follow.
 * @param[in] callback the receiver, or @c NULL to go back to stderr.
 * @param[in] most_verbose the last level to hand over, see @c IQM_QDMI_LOG_LEVEL_T; ignored without a callback.
 * @param[in] user_data handed to every call.
 * @return @ref QDMI_SUCCESS, or @ref QDMI_ERROR_INVALIDARGUMENT when there is no such level.
 */
IQM_QDMI_EXPORT int IQM_QDMI_device_set_log_callback(IQM_QDMI_Log_Callback callback, int most_verbose, void* user_data);

#ifdef __cplusplus
} /* extern "C" */
#endif
