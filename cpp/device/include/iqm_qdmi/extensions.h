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

#ifdef __cplusplus
} /* extern "C" */
#endif
