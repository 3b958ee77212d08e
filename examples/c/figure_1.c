/* SPDX-License-Identifier: Apache-2.0 */
/* figure_1 URL: Figure 1 of the paper, "Minimal QDMI interaction pattern; device, session, and job lifecycle". Valid as
 * C11 and as C++. The figure's own statements stand as they are; what fills its elisions and is added to them is said
 * to be so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cpp/bell_program.h"
#include "explain.h"
#include "iqm_qdmi/device.h"

enum { SHOTS = 20 };

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: figure_1 URL\n");
    return EXIT_FAILURE;
  }

  IQM_QDMI_device_initialize();

  IQM_QDMI_Device_Session session;
  IQM_QDMI_device_session_alloc(&session);
  /* Elision "Session configuration": where the server is. */
  const char* url = argv[1];
  IQM_QDMI_device_session_set_parameter(session, QDMI_DEVICE_SESSION_PARAMETER_BASEURL, strlen(url) + 1, url);
  IQM_QDMI_device_session_init(session);
  /* Added: a session that could not be opened has no jobs. */
  if (failed()) {
    return EXIT_FAILURE;
  }

  IQM_QDMI_Device_Job job;
  IQM_QDMI_device_session_create_device_job(session, &job);
  /* Elision "Job configuration": which program, how often. QDMI 1.4 takes a list of programs in one call. */
  const size_t program_size = sizeof bell_program;
  const void* program = bell_program;
  IQM_QDMI_device_job_set_programs(job, QDMI_PROGRAM_FORMAT_IQMJSON, 1, &program_size, &program);
  const size_t shots = SHOTS;
  IQM_QDMI_device_job_set_parameter(job, QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM, sizeof shots, &shots);
  IQM_QDMI_device_job_submit(job);
  /* Added: this device submits without waiting for the end, and results come only after it. */
  IQM_QDMI_device_job_wait(job, 60);
  /* Elision of the arguments: the results of the first program, in the order of its shots. */
  char bits[SHOTS * sizeof "00"] = "";
  IQM_QDMI_device_job_get_results(job, 0, QDMI_JOB_RESULT_SHOTS, sizeof bits, bits, NULL);
  /* Added: what came out. */
  if (failed()) {
    return EXIT_FAILURE;
  }
  printf("%s\n", bits);

  IQM_QDMI_device_job_free(job);
  IQM_QDMI_device_session_free(session);
  IQM_QDMI_device_finalize();
  return EXIT_SUCCESS;
}
