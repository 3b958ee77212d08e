/* SPDX-License-Identifier: Apache-2.0 */
/* What the device is: three qubits in a row, with x, cz and measure. */
#include <stdint.h>
#include <string.h>

#include "toy.h"

typedef struct Gate {
  const char* name;
  size_t width;
  size_t loci;
  size_t sites[4]; /* locus by locus */
  uint64_t duration;
  double fidelity;
} Gate;

static const Gate kGates[kOperations] = {
    {"x", 1, 3, {0, 1, 2}, 40, 0.999},
    {"cz", 2, 2, {0, 1, 1, 2}, 60, 0.99},
    {"measure", 1, 3, {0, 1, 2}, 1000, 0.97},
};

static int answer_size(size_t number, size_t size, void* value, size_t* size_ret) {
  return toy_answer(&number, sizeof number, size, value, size_ret);
}

static int answer_double(double number, size_t size, void* value, size_t* size_ret) {
  return toy_answer(&number, sizeof number, size, value, size_ret);
}

/* Hands out handles of sites by their numbers. */
static int answer_sites(Session* session, const size_t* numbers, size_t count, size_t size, void* value,
                        size_t* size_ret) {
  const Site* sites[8];
  for (size_t place = 0; place < count; ++place) {
    sites[place] = &session->sites[numbers[place]];
  }
  return toy_answer((const void*)sites, count * sizeof sites[0], size, value, size_ret);
}

static int query_device(Session* session, QDMI_Device_Property prop, size_t size, void* value, size_t* size_ret) {
  static const size_t qubits[] = {0, 1, 2};
  static const size_t twice[] = {0, 1, 1};
  static const size_t coupled[] = {0, 1, 1, 2};
  static const size_t self_coupled[] = {0, 0, 1, 2};
  switch (prop) {
    case QDMI_DEVICE_PROPERTY_NAME:
      return toy_answer_text("Toy", size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_VERSION:
      return toy_answer_text("1", size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_ID:
      return toy_answer_text("toy", size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_LIBRARYVERSION:
      return toy_answer_text(toy_mutant("the version is the library's own") ? "0.1.0" : "1.4.0", size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_STATUS: {
      const bool is_busy = toy_is_busy() && !toy_mutant("the device is always idle");
      const QDMI_Device_Status status = is_busy ? QDMI_DEVICE_STATUS_BUSY : QDMI_DEVICE_STATUS_IDLE;
      return toy_answer(&status, sizeof status, size, value, size_ret);
    }
    case QDMI_DEVICE_PROPERTY_QUBITSNUM:
      return answer_size(kQubits, size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_SITES:
      return answer_sites(session, toy_mutant("a site is listed twice") ? twice : qubits, kQubits, size, value,
                          size_ret);
    case QDMI_DEVICE_PROPERTY_OPERATIONS: {
      const Operation* operations[kOperations];
      for (size_t number = 0; number < kOperations; ++number) {
        operations[number] = &session->operations[number];
      }
      return toy_answer((const void*)operations, sizeof operations, size, value, size_ret);
    }
    case QDMI_DEVICE_PROPERTY_COUPLINGMAP:
      return answer_sites(session, toy_mutant("a site is coupled to itself") ? self_coupled : coupled, 4, size, value,
                          size_ret);
    case QDMI_DEVICE_PROPERTY_DURATIONUNIT:
      if (toy_mutant("durations have no unit")) {
        return QDMI_ERROR_NOTSUPPORTED;
      }
      return toy_answer_text("ns", size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_DURATIONSCALEFACTOR:
      return answer_double(1.0, size, value, size_ret);
    case QDMI_DEVICE_PROPERTY_SUPPORTEDPROGRAMFORMATS: {
      const QDMI_Program_Format formats[] = {QDMI_PROGRAM_FORMAT_CUSTOM1, QDMI_PROGRAM_FORMAT_QASM3};
      const size_t count = toy_mutant("a format is listed that is not taken") ? 2 : 1;
      return toy_answer(formats, count * sizeof formats[0], size, value, size_ret);
    }
    case QDMI_DEVICE_PROPERTY_QUEUELENGTH:
      return answer_size(0, size, value, size_ret);
    default:
      return toy_is_known((int)prop, QDMI_DEVICE_PROPERTY_MAX) ? QDMI_ERROR_NOTSUPPORTED : QDMI_ERROR_INVALIDARGUMENT;
  }
}

int TOY_QDMI_device_session_query_device_property(TOY_QDMI_Device_Session session, QDMI_Device_Property prop,
                                                  size_t size, void* value, size_t* size_ret) {
  pthread_mutex_lock(&toy_lock);
  Session* found = toy_session(session);
  int status = QDMI_ERROR_BADSTATE;
  if (found == NULL) {
    status = toy_no_handle(session);
  } else if (found->is_initialized || toy_mutant("queries need no initialization")) {
    status = query_device(found, prop, size, value, size_ret);
    if (status == QDMI_ERROR_NOTSUPPORTED && toy_mutant("unknown numbers are fine")) {
      status = QDMI_SUCCESS;
    }
  }
  pthread_mutex_unlock(&toy_lock);
  return status;
}

static const Site* site_of(const Session* session, TOY_QDMI_Site handle) {
  for (size_t number = 0; number < kQubits; ++number) {
    if (&session->sites[number] == (const Site*)handle) {
      return &session->sites[number];
    }
  }
  return NULL;
}

static int query_site(const Site* site, QDMI_Site_Property prop, size_t size, void* value, size_t* size_ret) {
  static const char* const kNames[kQubits] = {"Q1", "Q2", "Q3"};
  const uint64_t time = toy_mutant("times that are not known are 0") ? 0 : 30000;
  switch (prop) {
    case QDMI_SITE_PROPERTY_INDEX:
      return answer_size(site->index, size, value, size_ret);
    case QDMI_SITE_PROPERTY_NAME:
      return toy_answer_text(kNames[site->index], size, value, size_ret);
    case QDMI_SITE_PROPERTY_T1:
    case QDMI_SITE_PROPERTY_T2:
      return toy_answer(&time, sizeof time, size, value, size_ret);
    default:
      return toy_is_known((int)prop, QDMI_SITE_PROPERTY_MAX) ? QDMI_ERROR_NOTSUPPORTED : QDMI_ERROR_INVALIDARGUMENT;
  }
}

int TOY_QDMI_device_session_query_site_property(TOY_QDMI_Device_Session session, TOY_QDMI_Site site,
                                                QDMI_Site_Property prop, size_t size, void* value, size_t* size_ret) {
  pthread_mutex_lock(&toy_lock);
  const Session* found = toy_session(session);
  int status = QDMI_ERROR_INVALIDARGUMENT;
  if (found == NULL) {
    status = toy_no_handle(session);
  } else if (!found->is_initialized) {
    status = QDMI_ERROR_BADSTATE;
  } else if (site_of(found, site) != NULL) {
    status = query_site(site_of(found, site), prop, size, value, size_ret);
  }
  pthread_mutex_unlock(&toy_lock);
  return status;
}

static int query_operation(Session* session, const Gate* gate, QDMI_Operation_Property prop, bool is_backwards,
                           size_t size, void* value, size_t* size_ret) {
  const bool is_zoned = false;
  double fidelity = gate->fidelity;
  if (toy_mutant("fidelities are in percent")) {
    fidelity *= 100;
  }
  if (is_backwards && toy_mutant("pairs have a direction")) {
    fidelity -= 0.1;
  }
  switch (prop) {
    case QDMI_OPERATION_PROPERTY_NAME:
      return toy_answer_text(gate->name, size, value, size_ret);
    case QDMI_OPERATION_PROPERTY_QUBITSNUM:
      return answer_size(gate->width, size, value, size_ret);
    case QDMI_OPERATION_PROPERTY_PARAMETERSNUM:
      return answer_size(0, size, value, size_ret);
    case QDMI_OPERATION_PROPERTY_DURATION:
      return toy_answer(&gate->duration, sizeof gate->duration, size, value, size_ret);
    case QDMI_OPERATION_PROPERTY_FIDELITY:
      return answer_double(fidelity, size, value, size_ret);
    case QDMI_OPERATION_PROPERTY_ISZONED:
      return toy_answer(&is_zoned, sizeof is_zoned, size, value, size_ret);
    case QDMI_OPERATION_PROPERTY_SITES: {
      static const size_t all_to_all[] = {0, 2, 1, 2};
      const bool is_strange = gate->width == 2 && toy_mutant("an operation acts on a pair that is not coupled");
      return answer_sites(session, is_strange ? all_to_all : gate->sites, gate->loci * gate->width, size, value,
                          size_ret);
    }
    default:
      return toy_is_known((int)prop, QDMI_OPERATION_PROPERTY_MAX) ? QDMI_ERROR_NOTSUPPORTED
                                                                  : QDMI_ERROR_INVALIDARGUMENT;
  }
}

/* Whether an operation can be asked about with these sites. */
static bool are_sites(const Session* session, const Gate* gate, size_t count, const TOY_QDMI_Site* sites) {
  if (count == 0) {
    return sites == NULL || toy_mutant("empty lists are fine");
  }
  if (sites == NULL || count != gate->width) {
    return false;
  }
  for (size_t place = 0; place < count; ++place) {
    if (site_of(session, sites[place]) == NULL) {
      return false;
    }
  }
  return true;
}

int TOY_QDMI_device_session_query_operation_property(TOY_QDMI_Device_Session session, TOY_QDMI_Operation operation,
                                                     size_t num_sites, const TOY_QDMI_Site* sites, size_t num_params,
                                                     const double* params, QDMI_Operation_Property prop, size_t size,
                                                     void* value, size_t* size_ret) {
  pthread_mutex_lock(&toy_lock);
  Session* found = toy_session(session);
  const Gate* gate = NULL;
  for (size_t number = 0; found != NULL && number < kOperations; ++number) {
    if (&found->operations[number] == (const Operation*)operation) {
      gate = &kGates[number];
    }
  }
  int status = QDMI_ERROR_INVALIDARGUMENT;
  if (found == NULL) {
    status = toy_no_handle(session);
  } else if (!found->is_initialized) {
    status = QDMI_ERROR_BADSTATE;
  } else if (gate != NULL && are_sites(found, gate, num_sites, sites) && num_params == 0 && params == NULL) {
    const bool is_backwards = num_sites == 2 && ((const Site*)sites[0])->index > ((const Site*)sites[1])->index;
    status = query_operation(found, gate, prop, is_backwards, size, value, size_ret);
  }
  pthread_mutex_unlock(&toy_lock);
  return status;
}
