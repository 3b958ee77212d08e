/* SPDX-License-Identifier: Apache-2.0 */
/* Just enough of a device library to be loaded, or refused, for one reason each:
   LACKS_SYMBOL         job_submit and job_free are missing
   QDMI_1_3             what QDMI 1.4 added is missing, get_results has its old arguments
   FAILS_FIRST          the first initialisation fails
   WARNS_AT_INITIALIZE  initialisation succeeds with a warning */
#include <qdmi/constants.h>
#include <stddef.h>

/* These functions only have to be there. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

#define API __attribute__((visibility("default")))
#define ANSWER(name, ...)                         \
  API int FAULTY_QDMI_device_##name(__VA_ARGS__); \
  int FAULTY_QDMI_device_##name(__VA_ARGS__) { return QDMI_SUCCESS; }

typedef void* Handle;

static int initialisations = 0;

API int FAULTY_QDMI_device_initialize(void);
int FAULTY_QDMI_device_initialize(void) {
  ++initialisations;
#if defined(FAILS_FIRST)
  return initialisations == 1 ? QDMI_ERROR_PERMISSIONDENIED : QDMI_SUCCESS;
#elif defined(WARNS_AT_INITIALIZE)
  return QDMI_WARN_GENERAL;
#else
  return QDMI_SUCCESS;
#endif
}

ANSWER(finalize, void)
ANSWER(session_alloc, Handle* session)
ANSWER(session_init, Handle session)
ANSWER(session_set_parameter, Handle session, int parameter, size_t size, const void* value)
ANSWER(session_query_device_property, Handle session, int property, size_t size, void* value, size_t* size_ret)
ANSWER(session_query_site_property, Handle session, Handle site, int property, size_t size, void* value,
       size_t* size_ret)
ANSWER(session_query_operation_property, Handle session, Handle operation, size_t num_sites, const Handle* sites,
       size_t num_params, const double* params, int property, size_t size, void* value, size_t* size_ret)
ANSWER(session_create_device_job, Handle session, Handle* job)
ANSWER(job_set_parameter, Handle job, int parameter, size_t size, const void* value)
ANSWER(job_query_property, Handle job, int property, size_t size, void* value, size_t* size_ret)
ANSWER(job_cancel, Handle job)
ANSWER(job_check, Handle job, int* status)
ANSWER(job_wait, Handle job, size_t timeout)

#ifdef QDMI_1_3
ANSWER(job_get_results, Handle job, int result, size_t size, void* data, size_t* size_ret)
#else
ANSWER(job_get_results, Handle job, size_t program, int result, size_t size, void* data, size_t* size_ret)
ANSWER(job_set_programs, Handle job, int format, size_t count, const size_t* sizes, const void* const* programs)
ANSWER(job_get_program, Handle job, size_t program, size_t size, void* data, size_t* size_ret)
ANSWER(job_get_program_status, Handle job, size_t program, int* status)
#endif

API void FAULTY_QDMI_device_session_free(Handle session);
void FAULTY_QDMI_device_session_free(Handle session) { (void)session; }

#ifndef LACKS_SYMBOL
ANSWER(job_submit, Handle job)
API void FAULTY_QDMI_device_job_free(Handle job);
void FAULTY_QDMI_device_job_free(Handle job) { (void)job; }
#endif
