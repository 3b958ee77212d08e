/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs that are being prepared, and jobs that are found again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "toy.h"

static Job* jobs = NULL;
static Record* records = NULL;
static size_t submissions = 0;

Job* toy_job(TOY_QDMI_Device_Job handle) {
  for (Job* each = jobs; each != NULL; each = each->next) {
    if (each == (Job*)handle) {
      return each->is_freed ? NULL : each;
    }
  }
  return NULL;
}

static void forget_programs(Record* record) {
  for (size_t index = 0; index < record->count; ++index) {
    if (!toy_mutant("programs are not copied")) {
      free(record->programs[index].text);
    }
  }
  free(record->programs);
  record->programs = NULL;
  record->count = 0;
}

void toy_forget_jobs(void) {
  while (jobs != NULL) {
    Job* next = jobs->next;
    free(jobs);
    jobs = next;
  }
  while (records != NULL) {
    Record* next = records->next;
    forget_programs(records);
    free(records);
    records = next;
  }
}

bool toy_is_busy(void) {
  for (const Record* each = records; each != NULL; each = each->next) {
    if (toy_status(each) == QDMI_JOB_STATUS_RUNNING) {
      return true;
    }
  }
  return false;
}

static int give_handle(Record* record, TOY_QDMI_Device_Job* job) {
  Job* made = calloc(1, sizeof(Job));
  if (made == NULL) {
    return QDMI_ERROR_OUTOFMEM;
  }
  made->record = record;
  made->next = jobs;
  jobs = made;
  *job = (TOY_QDMI_Device_Job)made;
  return QDMI_SUCCESS;
}

static int create(const Session* session, TOY_QDMI_Device_Job* job) {
  Record* record = calloc(1, sizeof(Record));
  if (record == NULL) {
    return QDMI_ERROR_OUTOFMEM;
  }
  record->is_slow = strcmp(session->mode, "slow") == 0;
  record->is_failing = strcmp(session->mode, "failing") == 0;
  record->shots = 1;
  record->status = QDMI_JOB_STATUS_CREATED;
  record->next = records;
  records = record;
  return give_handle(record, job);
}

int TOY_QDMI_device_session_create_device_job(TOY_QDMI_Device_Session session, TOY_QDMI_Device_Job* job) {
  pthread_mutex_lock(&toy_lock);
  const Session* found = toy_session(session);
  int status = QDMI_ERROR_BADSTATE;
  if (found == NULL || job == NULL) {
    status = toy_no_handle(NULL);
  } else if (found->is_initialized) {
    status = create(found, job);
  }
  pthread_mutex_unlock(&toy_lock);
  return status;
}

static int retrieve(const char* job_id, TOY_QDMI_Device_Job* job) {
  if (job_id == NULL || job_id[0] == '\0') {
    return QDMI_ERROR_INVALIDARGUMENT;
  }
  for (Record* each = records; each != NULL; each = each->next) {
    if (strcmp(each->id, job_id) == 0) {
      return give_handle(each, job);
    }
  }
  return QDMI_ERROR_NOTFOUND;
}

int TOY_QDMI_device_session_retrieve_device_job_by_id(TOY_QDMI_Device_Session session, const char* job_id,
                                                      TOY_QDMI_Device_Job* job) {
  if (job == NULL) {
    return QDMI_ERROR_INVALIDARGUMENT;
  }
  if (!toy_mutant("a failed retrieval leaves the handle as it was")) {
    *job = NULL;
  }
  pthread_mutex_lock(&toy_lock);
  const Session* found = toy_session(session);
  int status = QDMI_ERROR_BADSTATE;
  if (found == NULL) {
    status = toy_no_handle(session);
  } else if (found->is_initialized) {
    status = retrieve(job_id, job);
  }
  pthread_mutex_unlock(&toy_lock);
  return status;
}

static bool is_fixed(const Record* record) {
  return record->status != QDMI_JOB_STATUS_CREATED && !toy_mutant("submitted jobs can be changed");
}

static int set_parameter(Record* record, QDMI_Device_Job_Parameter param, size_t size, const void* value) {
  if (!toy_is_known((int)param, QDMI_DEVICE_JOB_PARAMETER_MAX)) {
    return QDMI_ERROR_INVALIDARGUMENT;
  }
  if (param != QDMI_DEVICE_JOB_PARAMETER_SHOTSNUM) {
    return QDMI_ERROR_NOTSUPPORTED;
  }
  if (is_fixed(record)) {
    return QDMI_ERROR_BADSTATE;
  }
  if (value == NULL) {
    if (toy_mutant("a probe sets the shots")) {
      record->shots = 0;
    }
    return QDMI_SUCCESS;
  }
  if (size != sizeof record->shots && !(toy_mutant("shots may be an int") && size < sizeof record->shots)) {
    return QDMI_ERROR_INVALIDARGUMENT;
  }
  memcpy(&record->shots, value, size);
  return QDMI_SUCCESS;
}

int TOY_QDMI_device_job_set_parameter(TOY_QDMI_Device_Job job, QDMI_Device_Job_Parameter param, size_t size,
                                      const void* value) {
  if (toy_mutant("a null job crashes") && ((Job*)job)->is_freed) {
    return QDMI_ERROR_INVALIDARGUMENT;
  }
  pthread_mutex_lock(&toy_lock);
  const Job* found = toy_job(job);
  const int status = found == NULL ? toy_no_handle(job) : set_parameter(found->record, param, size, value);
  pthread_mutex_unlock(&toy_lock);
  return status;
}

static int copy(Program* program, size_t size, const void* text) {
  if (toy_mutant("programs are not copied")) {
    program->text = (char*)text;
  } else {
    program->text = malloc(size);
    if (program->text == NULL) {
      return QDMI_ERROR_OUTOFMEM;
    }
    memcpy(program->text, text, size);
  }
  program->size = size;
  return QDMI_SUCCESS;
}

static int take_programs(Record* record, size_t count, const size_t* sizes, const void* const* programs) {
  if (toy_mutant("a refused list is lost")) {
    forget_programs(record);
  }
  for (size_t index = 0; index < count; ++index) {
    const bool is_text = programs[index] != NULL && (toy_is_text(sizes[index], programs[index]) ||
                                                     (sizes[index] > 0 && toy_mutant("text needs no NUL")));
    if (!is_text) {
      return QDMI_ERROR_INVALIDARGUMENT;
    }
  }
  Record taken = {.programs = calloc(count, sizeof(Program)), .count = count};
  if (taken.programs == NULL) {
    return QDMI_ERROR_OUTOFMEM;
  }
  for (size_t index = 0; index < count; ++index) {
    if (copy(&taken.programs[index], sizes[index], programs[index]) != QDMI_SUCCESS) {
      forget_programs(&taken);
      return QDMI_ERROR_OUTOFMEM;
    }
  }
  forget_programs(record);
  record->programs = taken.programs;
  record->count = count;
  return QDMI_SUCCESS;
}

static int set_programs(Record* record, QDMI_Program_Format format, size_t count, const size_t* sizes,
                        const void* const* programs) {
  if (!toy_is_known((int)format, QDMI_PROGRAM_FORMAT_MAX) || count == 0) {
    return QDMI_ERROR_INVALIDARGUMENT;
  }
  if (is_fixed(record)) {
    return QDMI_ERROR_BADSTATE;
  }
  if (format != QDMI_PROGRAM_FORMAT_CUSTOM1) {
    return QDMI_ERROR_NOTSUPPORTED;
  }
  if (programs == NULL) {
    if (toy_mutant("a probe removes the programs")) {
      forget_programs(record);
    }
    return QDMI_SUCCESS;
  }
  return sizes == NULL ? QDMI_ERROR_INVALIDARGUMENT : take_programs(record, count, sizes, programs);
}

int TOY_QDMI_device_job_set_programs(TOY_QDMI_Device_Job job, QDMI_Program_Format format, size_t count,
                                     const size_t* sizes, const void* const* programs) {
  pthread_mutex_lock(&toy_lock);
  const Job* found = toy_job(job);
  const int status = found == NULL ? toy_no_handle(job) : set_programs(found->record, format, count, sizes, programs);
  pthread_mutex_unlock(&toy_lock);
  return status;
}

static int get_program(const Record* record, size_t index, size_t size, void* data, size_t* size_ret) {
  if (record->count == 0) {
    return QDMI_ERROR_BADSTATE;
  }
  if (index >= record->count) {
    return QDMI_ERROR_OUTOFRANGE;
  }
  return toy_answer(record->programs[index].text, record->programs[index].size, size, data, size_ret);
}

int TOY_QDMI_device_job_get_program(TOY_QDMI_Device_Job job, size_t program_index, size_t size, void* data,
                                    size_t* size_ret) {
  pthread_mutex_lock(&toy_lock);
  const Job* found = toy_job(job);
  const int status =
      found == NULL ? toy_no_handle(job) : get_program(found->record, program_index, size, data, size_ret);
  pthread_mutex_unlock(&toy_lock);
  return status;
}

static int query(const Record* record, QDMI_Device_Job_Property prop, size_t size, void* value, size_t* size_ret) {
  const QDMI_Program_Format format = QDMI_PROGRAM_FORMAT_CUSTOM1;
  switch (prop) {
    case QDMI_DEVICE_JOB_PROPERTY_ID:
      return record->id[0] == '\0' ? QDMI_ERROR_BADSTATE : toy_answer_text(record->id, size, value, size_ret);
    case QDMI_DEVICE_JOB_PROPERTY_PROGRAMFORMAT:
      return record->count == 0 ? QDMI_ERROR_BADSTATE : toy_answer(&format, sizeof format, size, value, size_ret);
    case QDMI_DEVICE_JOB_PROPERTY_PROGRAMSNUM:
      return record->count == 0 ? QDMI_ERROR_BADSTATE
                                : toy_answer(&record->count, sizeof record->count, size, value, size_ret);
    case QDMI_DEVICE_JOB_PROPERTY_SHOTSNUM:
      return toy_answer(&record->shots, sizeof record->shots, size, value, size_ret);
    default:
      return toy_is_known((int)prop, QDMI_DEVICE_JOB_PROPERTY_MAX) ? QDMI_ERROR_NOTSUPPORTED
                                                                   : QDMI_ERROR_INVALIDARGUMENT;
  }
}

int TOY_QDMI_device_job_query_property(TOY_QDMI_Device_Job job, QDMI_Device_Job_Property prop, size_t size, void* value,
                                       size_t* size_ret) {
  pthread_mutex_lock(&toy_lock);
  const Job* found = toy_job(job);
  const int status = found == NULL ? toy_no_handle(job) : query(found->record, prop, size, value, size_ret);
  pthread_mutex_unlock(&toy_lock);
  return status;
}

static int submit(Record* record) {
  if (is_fixed(record) || record->count == 0) {
    return toy_mutant("a job without programs runs") && record->count == 0 ? QDMI_SUCCESS : QDMI_ERROR_BADSTATE;
  }
  for (size_t index = 0; index < record->count; ++index) {
    const int status = toy_check_program(&record->programs[index], record->shots);
    if (status != QDMI_SUCCESS) {
      return status;
    }
  }
  ++submissions;
  (void)snprintf(record->id, sizeof record->id, "toy-%zu", toy_mutant("all jobs have one id") ? 1 : submissions);
  record->end = toy_now() + (record->is_slow ? 30.0 : 0.02);
  record->status = QDMI_JOB_STATUS_RUNNING;
  return toy_mutant("an answer is no status") ? 1000 : QDMI_SUCCESS;
}

int TOY_QDMI_device_job_submit(TOY_QDMI_Device_Job job) {
  pthread_mutex_lock(&toy_lock);
  const Job* found = toy_job(job);
  const int status = found == NULL ? toy_no_handle(job) : submit(found->record);
  pthread_mutex_unlock(&toy_lock);
  return status;
}

void TOY_QDMI_device_job_free(TOY_QDMI_Device_Job job) {
  if (toy_mutant("freeing waits for the end") && job != NULL) {
    (void)TOY_QDMI_device_job_wait(job, 0);
  }
  pthread_mutex_lock(&toy_lock);
  Job* found = toy_job(job);
  if (found != NULL) {
    found->is_freed = true;
  }
  pthread_mutex_unlock(&toy_lock);
}
