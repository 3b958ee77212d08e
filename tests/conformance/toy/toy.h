/* SPDX-License-Identifier: Apache-2.0 */
/* A QDMI device of three qubits that lives in memory: what the conformance suite is tried on. It does everything that
   the suite asks for, so that every item applies, and one thing wrong when it is told to.

   One lock guards all of it. Handles are looked up in lists before they are used, and stay there when they are freed,
   so that no address comes back as something else. Time makes jobs end; there is no thread. */
#ifndef TOY_H
#define TOY_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <toy_qdmi/device.h>

enum { kQubits = 3, kOperations = 3, kText = 64 };

typedef struct Site {
  size_t index;
} Site;

typedef struct Operation {
  size_t number;
} Operation;

typedef struct Session {
  struct Session* next;
  bool is_freed;
  bool is_initialized;
  bool has_failed;
  char token[kText];
  const char* kept_token; /* only for a mistake */
  char mode[kText];       /* "", "slow" or "failing" */
  Site sites[kQubits];
  Operation operations[kOperations];
} Session;

typedef struct Program {
  char* text;
  size_t size;
} Program;

/* What has been submitted; it outlives its handles. */
typedef struct Record {
  struct Record* next;
  char id[kText]; /* empty before submission */
  bool is_slow;
  bool is_failing;
  size_t shots;
  size_t count;
  Program* programs;
  QDMI_Job_Status status; /* toy_status() knows whether time has changed it */
  double end;
} Record;

typedef struct Job {
  struct Job* next;
  bool is_freed;
  Record* record;
} Job;

extern pthread_mutex_t toy_lock;
extern pthread_cond_t toy_changed;

/* Whether TOY_MUTATION names this mistake. */
bool toy_mutant(const char* mistake);

/* Gives back what is known only while the lock is held; null when the handle is none, or freed. */
Session* toy_session(TOY_QDMI_Device_Session handle);
Job* toy_job(TOY_QDMI_Device_Job handle);
Job* toy_new_job(Record* record);
void toy_forget_jobs(void);

/* The status that a handle which is none is answered with. */
int toy_no_handle(const void* handle);

/* Whether an enumeration whose numbers end before `max` has a number. */
bool toy_is_known(int number, int max);

/* Whether bytes are text with one NUL, at the end. */
bool toy_is_text(size_t size, const void* value);

/* Hands out a value by QDMI's rules of sizes. */
int toy_answer(const void* data, size_t needed, size_t size, void* value, size_t* size_ret);
int toy_answer_text(const char* text, size_t size, void* value, size_t* size_ret);

double toy_now(void);
QDMI_Job_Status toy_status(const Record* record);
bool toy_is_busy(void);

/* Whether a program can run, as a state when there are no shots. */
int toy_check_program(const Program* program, size_t shots);
int toy_results(const Record* record, size_t index, QDMI_Job_Result result, size_t size, void* data, size_t* size_ret);

#endif
