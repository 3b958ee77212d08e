/* SPDX-License-Identifier: Apache-2.0 */
/* The library and its sessions. */
#include <stdlib.h>
#include <string.h>

#include "toy.h"

pthread_mutex_t toy_lock = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t toy_changed; /* its clock is set by initialize() */

static Session* sessions = NULL;
static bool is_ready = false;

bool toy_mutant(const char* mistake) {
  const char* chosen = getenv("TOY_MUTATION");
  return chosen != NULL && strcmp(chosen, mistake) == 0;
}

Session* toy_session(TOY_QDMI_Device_Session handle) {
  for (Session* each = sessions; each != NULL; each = each->next) {
    if (each == (Session*)handle) {
      return each->is_freed ? NULL : each;
    }
  }
  return NULL;
}

int toy_no_handle(const void* handle) {
  return handle == NULL && toy_mutant("null is a bad state") ? QDMI_ERROR_BADSTATE : QDMI_ERROR_INVALIDARGUMENT;
}

bool toy_is_known(int number, int max) {
  return (number >= 0 && number < max) ||
         (number >= QDMI_DEVICE_PROPERTY_CUSTOM1 && number <= QDMI_DEVICE_PROPERTY_CUSTOM5) ||
         toy_mutant("unknown numbers are fine");
}

bool toy_is_text(size_t size, const void* value) {
  return size > 0 && memchr(value, '\0', size) == (const char*)value + size - 1;
}

int toy_answer(const void* data, size_t needed, size_t size, void* value, size_t* size_ret) {
  if (value != NULL && size < needed && !toy_mutant("a short buffer is overrun")) {
    if (toy_mutant("a short buffer is filled")) {
      memcpy(value, data, size);
    }
    return QDMI_ERROR_INVALIDARGUMENT;
  }
  if (value != NULL) {
    memcpy(value, data, needed);
  }
  if (size_ret != NULL) {
    const bool is_more = value == NULL && needed > 0 && toy_mutant("size_ret is one more");
    *size_ret = value != NULL && toy_mutant("size_ret is the buffer's") ? size : needed + (is_more ? 1 : 0);
  }
  return QDMI_SUCCESS;
}

int toy_answer_text(const char* text, size_t size, void* value, size_t* size_ret) {
  const size_t nul = toy_mutant("text has no NUL") ? 0 : 1;
  return toy_answer(text, strlen(text) + nul, size, value, size_ret);
}

int TOY_QDMI_device_initialize(void) {
  pthread_mutex_lock(&toy_lock);
  if (!is_ready) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&toy_changed, &attributes);
    pthread_condattr_destroy(&attributes);
    is_ready = true;
  }
  pthread_mutex_unlock(&toy_lock);
  return QDMI_SUCCESS;
}

int TOY_QDMI_device_finalize(void) {
  if (toy_mutant("finalize is not there")) {
    return QDMI_ERROR_NOTIMPLEMENTED;
  }
  pthread_mutex_lock(&toy_lock);
  toy_forget_jobs();
  while (sessions != NULL) {
    Session* next = sessions->next;
    free(sessions);
    sessions = next;
  }
  if (is_ready) {
    pthread_cond_destroy(&toy_changed);
    is_ready = false;
  }
  pthread_mutex_unlock(&toy_lock);
  return QDMI_SUCCESS;
}

int TOY_QDMI_device_session_alloc(TOY_QDMI_Device_Session* session) {
  if (session == NULL) {
    return toy_no_handle(NULL);
  }
  Session* made = calloc(1, sizeof(Session));
  if (made == NULL) {
    return QDMI_ERROR_OUTOFMEM;
  }
  for (size_t number = 0; number < kQubits; ++number) {
    made->sites[number].index = number;
  }
  for (size_t number = 0; number < kOperations; ++number) {
    made->operations[number].number = number;
  }
  pthread_mutex_lock(&toy_lock);
  made->next = sessions;
  sessions = made;
  pthread_mutex_unlock(&toy_lock);
  *session = (TOY_QDMI_Device_Session)made;
  return QDMI_SUCCESS;
}

static int set_parameter(Session* session, QDMI_Device_Session_Parameter param, size_t size, const void* value) {
  if (!toy_is_known((int)param, QDMI_DEVICE_SESSION_PARAMETER_MAX)) {
    return QDMI_ERROR_INVALIDARGUMENT;
  }
  if (session->is_initialized && !toy_mutant("parameters change after initialization")) {
    return QDMI_ERROR_BADSTATE;
  }
  const bool is_token = param == QDMI_DEVICE_SESSION_PARAMETER_TOKEN;
  if (!is_token && param != QDMI_DEVICE_SESSION_PARAMETER_CUSTOM1) {
    return toy_mutant("unsupported parameters are ignored") ? QDMI_SUCCESS : QDMI_ERROR_NOTSUPPORTED;
  }
  char* place = is_token ? session->token : session->mode;
  if (value == NULL) {
    if (toy_mutant("a probe clears the parameter")) {
      place[0] = '\0';
    }
    return QDMI_SUCCESS;
  }
  const bool is_text = toy_is_text(size, value) || (size > 0 && toy_mutant("text needs no NUL"));
  if (!is_text || size > kText) {
    return QDMI_ERROR_INVALIDARGUMENT;
  }
  memcpy(place, value, size);
  session->kept_token = is_token ? value : session->kept_token;
  return QDMI_SUCCESS;
}

int TOY_QDMI_device_session_set_parameter(TOY_QDMI_Device_Session session, QDMI_Device_Session_Parameter param,
                                          size_t size, const void* value) {
  pthread_mutex_lock(&toy_lock);
  Session* found = toy_session(session);
  const int status = found == NULL ? toy_no_handle(session) : set_parameter(found, param, size, value);
  pthread_mutex_unlock(&toy_lock);
  return status;
}

static int initialize(Session* session) {
  if (session->is_initialized) {
    return toy_mutant("a second initialization is fine") ? QDMI_SUCCESS : QDMI_ERROR_BADSTATE;
  }
  if (session->has_failed && toy_mutant("a failed initialization is final")) {
    return QDMI_ERROR_BADSTATE;
  }
  session->has_failed = true;
  const bool is_kept = toy_mutant("parameters are not copied") && session->kept_token != NULL;
  if (strcmp(is_kept ? session->kept_token : session->token, "toy") != 0) {
    return QDMI_ERROR_PERMISSIONDENIED;
  }
  const bool is_mode =
      session->mode[0] == '\0' || strcmp(session->mode, "slow") == 0 || strcmp(session->mode, "failing") == 0;
  if (!is_mode) {
    return QDMI_ERROR_INVALIDARGUMENT;
  }
  session->is_initialized = true;
  return QDMI_SUCCESS;
}

int TOY_QDMI_device_session_init(TOY_QDMI_Device_Session session) {
  pthread_mutex_lock(&toy_lock);
  Session* found = toy_session(session);
  const int status = found == NULL ? toy_no_handle(session) : initialize(found);
  pthread_mutex_unlock(&toy_lock);
  return status;
}

void TOY_QDMI_device_session_free(TOY_QDMI_Device_Session session) {
  if (toy_mutant("freeing null crashes")) {
    ((Session*)session)->is_freed = true;
  }
  if (toy_mutant("freeing twice crashes")) {
    pthread_mutex_lock(&toy_lock);
    for (Session** link = &sessions; *link != NULL; link = &(*link)->next) {
      if (*link == (Session*)session) {
        *link = (*link)->next;
        break;
      }
    }
    pthread_mutex_unlock(&toy_lock);
    free(session);
    return;
  }
  pthread_mutex_lock(&toy_lock);
  Session* found = toy_session(session);
  if (found != NULL) {
    found->is_freed = true;
  }
  pthread_mutex_unlock(&toy_lock);
}
