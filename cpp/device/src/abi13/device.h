/* SPDX-License-Identifier: Apache-2.0 */
/* The device interface of QDMI 1.3 with the prefix IQM, for drivers up to mqt-core 4.0. Enumerators never change their
 * number, so those that 1.3 shares with 1.4 come from there; what 1.4 has removed is added under a name of its own.
 * QDMI 1.3.2 knows neither retrieve_device_job_by_id nor the properties QUEUEPOSITION and QUEUELENGTH of 1.3.4; it
 * never asks for them. */
#pragma once

#include <stddef.h>

#include "iqm_qdmi/constants.h"
#include "iqm_qdmi/export.h"
#include "iqm_qdmi/types.h"

#define IQM_QDMI13_VERSION "1.3.4"

#ifdef __cplusplus
extern "C" {
#endif

/* NOLINTBEGIN(readability-identifier-naming,readability-redundant-declaration,modernize-*): QDMI's names, in C */

enum IQM_QDMI13_CONSTANT {
  IQM_QDMI13_DEVICE_JOB_PARAMETER_PROGRAMFORMAT = 0, /* QDMI_Program_Format */
  IQM_QDMI13_DEVICE_JOB_PARAMETER_PROGRAM = 1,       /* bytes; of a text format with their NUL */
  IQM_QDMI13_DEVICE_JOB_PARAMETER_MAX = 3,
  IQM_QDMI13_DEVICE_JOB_PROPERTY_PROGRAM = 2, /* as it was set */
  IQM_QDMI13_DEVICE_JOB_PROPERTY_MAX = 5,
  IQM_QDMI13_DEVICE_PROPERTY_NEEDSCALIBRATION = 8, /* size_t, 0 for "no" */
  IQM_QDMI13_DEVICE_PROPERTY_PULSESUPPORT = 9,     /* int, see below */
  IQM_QDMI13_DEVICE_PROPERTY_MAX = 18,
  IQM_QDMI13_PROGRAM_FORMAT_CALIBRATION = 6, /* bytes; the program may be left out */
  IQM_QDMI13_PROGRAM_FORMAT_BATCHJOB = 9,
  IQM_QDMI13_DEVICE_PULSE_SUPPORT_LEVEL_NONE = 0
};

typedef struct IQM_QDMI_Device_Session_impl_d* IQM_QDMI_Device_Session;
typedef struct IQM_QDMI_Device_Job_impl_d* IQM_QDMI_Device_Job;

IQM_QDMI_EXPORT int IQM_QDMI_device_initialize(void);
IQM_QDMI_EXPORT int IQM_QDMI_device_finalize(void);

IQM_QDMI_EXPORT int IQM_QDMI_device_session_alloc(IQM_QDMI_Device_Session* session);
IQM_QDMI_EXPORT int IQM_QDMI_device_session_set_parameter(IQM_QDMI_Device_Session session,
                                                          QDMI_Device_Session_Parameter param, size_t size,
                                                          const void* value);
IQM_QDMI_EXPORT int IQM_QDMI_device_session_init(IQM_QDMI_Device_Session session);
IQM_QDMI_EXPORT void IQM_QDMI_device_session_free(IQM_QDMI_Device_Session session);

IQM_QDMI_EXPORT int IQM_QDMI_device_session_query_device_property(IQM_QDMI_Device_Session session,
                                                                  QDMI_Device_Property prop, size_t size, void* value,
                                                                  size_t* size_ret);
IQM_QDMI_EXPORT int IQM_QDMI_device_session_query_site_property(IQM_QDMI_Device_Session session, IQM_QDMI_Site site,
                                                                QDMI_Site_Property prop, size_t size, void* value,
                                                                size_t* size_ret);
IQM_QDMI_EXPORT int IQM_QDMI_device_session_query_operation_property(IQM_QDMI_Device_Session session,
                                                                     IQM_QDMI_Operation operation, size_t num_sites,
                                                                     const IQM_QDMI_Site* sites, size_t num_params,
                                                                     const double* params, QDMI_Operation_Property prop,
                                                                     size_t size, void* value, size_t* size_ret);

IQM_QDMI_EXPORT int IQM_QDMI_device_session_create_device_job(IQM_QDMI_Device_Session session,
                                                              IQM_QDMI_Device_Job* job);
IQM_QDMI_EXPORT int IQM_QDMI_device_session_retrieve_device_job_by_id(IQM_QDMI_Device_Session session,
                                                                      const char* job_id, IQM_QDMI_Device_Job* job);
IQM_QDMI_EXPORT int IQM_QDMI_device_job_set_parameter(IQM_QDMI_Device_Job job, QDMI_Device_Job_Parameter param,
                                                      size_t size, const void* value);
IQM_QDMI_EXPORT int IQM_QDMI_device_job_query_property(IQM_QDMI_Device_Job job, QDMI_Device_Job_Property prop,
                                                       size_t size, void* value, size_t* size_ret);
IQM_QDMI_EXPORT int IQM_QDMI_device_job_submit(IQM_QDMI_Device_Job job);
IQM_QDMI_EXPORT int IQM_QDMI_device_job_cancel(IQM_QDMI_Device_Job job);
IQM_QDMI_EXPORT int IQM_QDMI_device_job_check(IQM_QDMI_Device_Job job, QDMI_Job_Status* status);
IQM_QDMI_EXPORT int IQM_QDMI_device_job_wait(IQM_QDMI_Device_Job job, size_t timeout);
IQM_QDMI_EXPORT int IQM_QDMI_device_job_get_results(IQM_QDMI_Device_Job job, QDMI_Job_Result result, size_t size,
                                                    void* data, size_t* size_ret);
IQM_QDMI_EXPORT void IQM_QDMI_device_job_free(IQM_QDMI_Device_Job job);

/* NOLINTEND(readability-identifier-naming,readability-redundant-declaration,modernize-*) */

#ifdef __cplusplus
} /* extern "C" */
#endif
