// SPDX-License-Identifier: Apache-2.0
#include "abi/tables.hpp"
#include "iqm_qdmi/extensions.h"

int IQM_QDMI_device_job_submit_calibration(IQM_QDMI_Device_Job job) {
  return iqm::abi::guard({"IQM_QDMI_device_job_submit_calibration",
                          {QDMI_ERROR_INVALIDARGUMENT, QDMI_ERROR_BADSTATE, QDMI_ERROR_NOTSUPPORTED,
                           QDMI_ERROR_PERMISSIONDENIED, QDMI_ERROR_OUTOFMEM}},
                         [&] { iqm::abi::job_of(job)->submit_calibration(); });
}
