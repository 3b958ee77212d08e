/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs that run: checking, waiting, cancelling, their results. */
#include <math.h>
#include <time.h>

#include "toy.h"

static pthread_mutex_t status_lock = PTHREAD_MUTEX_INITIALIZER; /* only for a mistake with two locks */

double toy_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static struct timespec at(double seconds) {
  const double whole = floor(seconds);
  return (struct timespec){.tv_sec = (time_t)whole, .tv_nsec = (long)((seconds - whole) * 1e9)};
}

static void nap(double seconds) {
  const struct timespec until = at(seconds);
  (void)nanosleep(&until, NULL);
}

QDMI_Job_Status toy_status(const Record* record) {
  if (record->status != QDMI_JOB_STATUS_RUNNING || toy_now() < record->end) {
    return record->status;
  }
  return record->is_failing ? QDMI_JOB_STATUS_FAILED : QDMI_JOB_STATUS_DONE;
}

static QDMI_Job_Status shown_status(const Record* record) {
  static unsigned asked = 0;
  const QDMI_Job_Status status = toy_status(record);
  if (status == QDMI_JOB_STATUS_RUNNING && toy_mutant("the status goes back") && ++asked % 2 == 0) {
    return QDMI_JOB_STATUS_QUEUED;
  }
  return status == QDMI_JOB_STATUS_DONE && toy_mutant("a status is none of QDMI's") ? (QDMI_Job_Status)7 : status;
}

int TOY_QDMI_device_job_check(TOY_QDMI_Device_Job job, QDMI_Job_Status* status) {
  const bool takes_two_locks = toy_mutant("two locks are taken in two orders");
  if (takes_two_locks) {
    pthread_mutex_lock(&status_lock);
    nap(0.001);
  }
  pthread_mutex_lock(&toy_lock);
  const Job* found = toy_job(job);
  int answer = QDMI_SUCCESS;
  if (found == NULL || status == NULL) {
    answer = toy_no_handle(NULL);
  } else {
    *status = shown_status(found->record);
  }
  pthread_mutex_unlock(&toy_lock);
  if (takes_two_locks) {
    pthread_mutex_unlock(&status_lock);
  }
  return answer;
}

/* Sleeps until something may have changed; the lock is not held meanwhile. */
static void sleep_until(double time) {
  if (toy_mutant("waiting keeps the lock")) {
    nap(fmax(time - toy_now(), 0.0));
    return;
  }
  const struct timespec until = at(time);
  pthread_cond_timedwait(&toy_changed, &toy_lock, &until);
}

static int wait_for(Record* record, size_t timeout) {
  const double unit = toy_mutant("waiting is in milliseconds") ? 1e-3 : 1.0;
  const double limit = timeout == 0 ? INFINITY : toy_now() + unit * (double)timeout;
  QDMI_Job_Status status = toy_status(record);
  while (status == QDMI_JOB_STATUS_RUNNING && toy_now() < limit) {
    sleep_until(fmin(limit, record->end));
    status = toy_status(record);
  }
  if (status == QDMI_JOB_STATUS_RUNNING && !toy_mutant("a time-out is a success")) {
    return QDMI_ERROR_TIMEOUT;
  }
  return status == QDMI_JOB_STATUS_FAILED && toy_mutant("waiting for a failed job fails") ? QDMI_ERROR_FATAL
                                                                                          : QDMI_SUCCESS;
}

int TOY_QDMI_device_job_wait(TOY_QDMI_Device_Job job, size_t timeout) {
  pthread_mutex_lock(&toy_lock);
  if (toy_mutant("two locks are taken in two orders")) {
    nap(0.001);
    pthread_mutex_lock(&status_lock);
    pthread_mutex_unlock(&status_lock);
  }
  const Job* found = toy_job(job);
  int status = QDMI_ERROR_BADSTATE;
  if (found == NULL) {
    status = toy_no_handle(job);
  } else if (found->record->status != QDMI_JOB_STATUS_CREATED) {
    status = wait_for(found->record, timeout);
  } else if (toy_mutant("waiting needs no submission")) {
    status = QDMI_SUCCESS;
  }
  pthread_mutex_unlock(&toy_lock);
  return status;
}

static int cancel(Record* record) {
  const QDMI_Job_Status status = toy_status(record);
  if (status >= QDMI_JOB_STATUS_DONE) {
    return toy_mutant("a finished job is cancelled") ? QDMI_SUCCESS : QDMI_ERROR_INVALIDARGUMENT;
  }
  if (!toy_mutant("cancelling does nothing")) {
    record->status = QDMI_JOB_STATUS_CANCELED;
  }
  if (!toy_mutant("cancelling wakes nobody")) {
    pthread_cond_broadcast(&toy_changed);
  }
  return QDMI_SUCCESS;
}

int TOY_QDMI_device_job_cancel(TOY_QDMI_Device_Job job) {
  pthread_mutex_lock(&toy_lock);
  const Job* found = toy_job(job);
  const int status = found == NULL ? toy_no_handle(job) : cancel(found->record);
  pthread_mutex_unlock(&toy_lock);
  return status;
}

static int program_status(const Record* record, size_t index, QDMI_Job_Status* status) {
  if (record->count == 0) {
    return QDMI_ERROR_BADSTATE;
  }
  if (index >= record->count) {
    return QDMI_ERROR_OUTOFRANGE;
  }
  *status = toy_mutant("programs stay running") ? QDMI_JOB_STATUS_RUNNING : toy_status(record);
  return QDMI_SUCCESS;
}

/* Under another name it is missing, and one too many. */
#ifdef TOY_MISNAMED
#define GET_PROGRAM_STATUS TOY_QDMI_device_job_program_status
TOY_QDMI_EXPORT int GET_PROGRAM_STATUS(TOY_QDMI_Device_Job job, size_t program_index, QDMI_Job_Status* status);
#else
#define GET_PROGRAM_STATUS TOY_QDMI_device_job_get_program_status
#endif

int GET_PROGRAM_STATUS(TOY_QDMI_Device_Job job, size_t program_index, QDMI_Job_Status* status) {
  pthread_mutex_lock(&toy_lock);
  const Job* found = toy_job(job);
  const int answer =
      found == NULL || status == NULL ? toy_no_handle(NULL) : program_status(found->record, program_index, status);
  pthread_mutex_unlock(&toy_lock);
  return answer;
}

static int get_results(const Record* record, size_t index, QDMI_Job_Result result, size_t size, void* data,
                       size_t* size_ret) {
  if (!toy_is_known((int)result, QDMI_JOB_RESULT_MAX)) {
    return QDMI_ERROR_INVALIDARGUMENT;
  }
  const bool is_early = record->count > 0 && toy_mutant("results come early");
  if (toy_status(record) != QDMI_JOB_STATUS_DONE && !is_early) {
    return QDMI_ERROR_BADSTATE;
  }
  if (index >= record->count) {
    if (!toy_mutant("the last program stands for those that are not there")) {
      return QDMI_ERROR_OUTOFRANGE;
    }
    index = record->count - 1;
  }
  return toy_results(record, index, result, size, data, size_ret);
}

int TOY_QDMI_device_job_get_results(TOY_QDMI_Device_Job job, size_t program_index, QDMI_Job_Result result, size_t size,
                                    void* data, size_t* size_ret) {
  pthread_mutex_lock(&toy_lock);
  const Job* found = toy_job(job);
  const int status =
      found == NULL ? toy_no_handle(job) : get_results(found->record, program_index, result, size, data, size_ret);
  pthread_mutex_unlock(&toy_lock);
  return status;
}
