/* SPDX-License-Identifier: Apache-2.0 */
/* bell_c11 URL: runs a Bell circuit through the C interface of the IQM device library. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bell_program.h"
#include "iqm_qdmi/device.h"
#include "iqm_qdmi/extensions.h"

/* Ends the program with the device's own explanation unless the call succeeded. */
static void require(int status, const char* what) {
  if (status == QDMI_SUCCESS) {
    return;
  }
  char reason[1024] = "";
  IQM_QDMI_device_last_error(sizeof reason, reason, NULL);
  fprintf(stderr, "bell_c11: %s: status %d: %s\n", what, status, reason);
  exit(EXIT_FAILURE);
}

static void* get_result(IQM_QDMI_Device_Job job, QDMI_Job_Result kind, size_t* size) {
  require(IQM_QDMI_device_job_get_results(job, 0, kind, 0, NULL, size), "asking for the size of a result");
  void* data = malloc(*size);
  if (data == NULL) {
    fprintf(stderr, "bell_c11: out of memory\n");
    exit(EXIT_FAILURE);
  }
  require(IQM_QDMI_device_job_get_results(job, 0, kind, *size, data, NULL), "reading a result");
  return data;
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: bell_c11 URL\n");
    return EXIT_FAILURE;
  }
  require(IQM_QDMI_device_initialize(), "initializing the device");
  IQM_QDMI_Device_Session session = NULL;
  require(IQM_QDMI_device_session_alloc(&session), "allocating a session");
  require(IQM_QDMI_device_session_set_parameter(session, QDMI_DEVICE_SESSION_PARAMETER_BASEURL, strlen(argv[1]) + 1,
                                                argv[1]),
          "setting the base URL");
  require(IQM_QDMI_device_session_init(session), "initializing the session");

  IQM_QDMI_Device_Job job = NULL;
  require(IQM_QDMI_device_session_create_device_job(session, &job), "creating a job");
  const size_t program_size = sizeof bell_program;
  const void* program = bell_program;
  require(IQM_QDMI_device_job_set_programs(job, QDMI_PROGRAM_FORMAT_IQMJSON, 1, &program_size, &program),
          "setting the program");
  const size_t shots = 1000;
  require(IQM_QDMI_device_job_set_parameter(job, QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM, sizeof shots, &shots),
          "setting the shots");
  require(IQM_QDMI_device_job_submit(job), "submitting");
  require(IQM_QDMI_device_job_wait(job, 60), "waiting");

  size_t keys_size = 0;
  size_t values_size = 0;
  char* keys = get_result(job, QDMI_JOB_RESULT_HIST_KEYS, &keys_size);
  size_t* values = get_result(job, QDMI_JOB_RESULT_HIST_VALUES, &values_size);
  const char* key = strtok(keys, ",");
  for (size_t i = 0; i < values_size / sizeof *values && key != NULL; ++i, key = strtok(NULL, ",")) {
    printf("%s: %zu\n", key, values[i]);
  }
  free(values);
  free(keys);
  IQM_QDMI_device_job_free(job);
  IQM_QDMI_device_session_free(session);
  require(IQM_QDMI_device_finalize(), "finalizing the device");
  return EXIT_SUCCESS;
}
