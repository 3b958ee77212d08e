/* SPDX-License-Identifier: Apache-2.0 */
/* What programs give. A program is a name: there is nothing to compute. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "toy.h"

#define ZEROS_69 "000000000000000000000000000000000000000000000000000000000000000000000"

typedef struct Behaviour {
  const char* name;
  size_t count; /* of its outcomes, which are as likely as each other */
  const char* outcomes[2];
} Behaviour;

static const Behaviour kBehaviours[] = {
    {"BELL", 2, {"00", "11"}},   {"ONE", 1, {"001"}},  {"REGISTERS", 1, {"001"}},
    {"WIDE", 1, {ZEROS_69 "1"}}, {"NOTHING", 0, {""}},
};
enum { kWidestState = 3 };

/* A text or numbers that grow. */
typedef struct Buffer {
  char* data;
  size_t size;
} Buffer;

static bool append(Buffer* buffer, const void* data, size_t size) {
  char* grown = realloc(buffer->data, buffer->size + size + 1);
  if (grown == NULL) {
    return false;
  }
  memcpy(grown + buffer->size, data, size);
  buffer->data = grown;
  buffer->size += size;
  return true;
}

static const Behaviour* behaviour_of(const Program* program) {
  for (size_t number = 0; number < sizeof kBehaviours / sizeof kBehaviours[0]; ++number) {
    if (strncmp(kBehaviours[number].name, program->text, program->size) == 0) {
      return &kBehaviours[number];
    }
  }
  return NULL;
}

int toy_check_program(const Program* program, size_t shots) {
  const Behaviour* behaviour = behaviour_of(program);
  if (behaviour == NULL) {
    return toy_mutant("a malformed program is a bad state") ? QDMI_ERROR_BADSTATE : QDMI_ERROR_INVALIDARGUMENT;
  }
  const size_t width = strlen(behaviour->outcomes[0]);
  return shots == 0 && (width == 0 || width > kWidestState) ? QDMI_ERROR_NOTSUPPORTED : QDMI_SUCCESS;
}

/* Writes an outcome as a bitstring, highest bit left. */
static void write_key(const Behaviour* behaviour, size_t number, char* key) {
  strcpy(key, behaviour->outcomes[number]);
  const size_t width = strlen(key);
  const bool is_reversed = toy_mutant("bits are reversed") ||
                           (toy_mutant("the last register stands right") && strcmp(behaviour->name, "REGISTERS") == 0);
  for (size_t place = 0; is_reversed && place < width / 2; ++place) {
    const char left = key[place];
    key[place] = key[width - 1 - place];
    key[width - 1 - place] = left;
  }
  if (width > 64 && toy_mutant("keys have 64 bits")) {
    memmove(key, key + width - 64, 65);
  }
}

static bool append_key(Buffer* buffer, const Behaviour* behaviour, size_t number) {
  char key[sizeof ZEROS_69 + 1];
  write_key(behaviour, number, key);
  return (buffer->size == 0 || append(buffer, ",", 1)) && append(buffer, key, strlen(key));
}

/* The first outcome comes once more when the shots cannot be shared evenly. */
static size_t shots_of(const Behaviour* behaviour, size_t shots, size_t number) {
  return shots / behaviour->count + (number < shots % behaviour->count ? 1 : 0);
}

static bool append_sampled(Buffer* buffer, const Behaviour* behaviour, const Record* record, QDMI_Job_Result result) {
  static size_t reads = 0;
  bool is_fine = true;
  if (result == QDMI_JOB_RESULT_SHOTS) {
    for (size_t shot = 0; shot < record->shots && behaviour->count > 0; ++shot) {
      const size_t number = toy_mutant("shots are others than the histogram's") ? 0 : shot % behaviour->count;
      is_fine = is_fine && append_key(buffer, behaviour, number);
    }
    return is_fine;
  }
  const size_t turn = toy_mutant("the histogram is shuffled at each read") ? ++reads / 2 : 0;
  for (size_t number = 0; number < behaviour->count; ++number) {
    const size_t chosen = (number + turn) % behaviour->count;
    size_t shots = shots_of(behaviour, record->shots, chosen);
    if (shots == 0) {
      continue;
    }
    shots -= number == 0 && toy_mutant("the histogram lacks a shot") ? 1 : 0;
    is_fine = is_fine && (result == QDMI_JOB_RESULT_HIST_KEYS ? append_key(buffer, behaviour, chosen)
                                                              : append(buffer, &shots, sizeof shots));
  }
  return is_fine;
}

static bool append_state(Buffer* buffer, const Behaviour* behaviour, QDMI_Job_Result result) {
  const bool is_vector =
      result == QDMI_JOB_RESULT_STATEVECTOR_DENSE || result == QDMI_JOB_RESULT_STATEVECTOR_SPARSE_VALUES;
  const bool is_dense = result == QDMI_JOB_RESULT_STATEVECTOR_DENSE || result == QDMI_JOB_RESULT_PROBABILITIES_DENSE;
  const size_t width = strlen(behaviour->outcomes[0]);
  const double probability = toy_mutant("states are not normalized") ? 1.0 : 1.0 / (double)behaviour->count;
  const double number = is_vector ? sqrt(probability) : probability;
  const double nothing = 0.0;
  bool is_fine = true;
  for (size_t state = 0; state < (is_dense ? (size_t)1 << width : behaviour->count); ++state) {
    bool is_there = !is_dense;
    for (size_t each = 0; is_dense && each < behaviour->count; ++each) {
      is_there = is_there || strtoul(behaviour->outcomes[each], NULL, 2) == state;
    }
    is_fine = is_fine && append(buffer, is_there ? &number : &nothing, sizeof number) &&
              (!is_vector || append(buffer, &nothing, sizeof nothing));
  }
  return is_fine;
}

static bool is_sampled(QDMI_Job_Result result) {
  return result == QDMI_JOB_RESULT_SHOTS || result == QDMI_JOB_RESULT_HIST_KEYS ||
         result == QDMI_JOB_RESULT_HIST_VALUES;
}

int toy_results(const Record* record, size_t index, QDMI_Job_Result result, size_t size, void* data, size_t* size_ret) {
  if (result >= QDMI_JOB_RESULT_MAX) {
    return QDMI_ERROR_NOTSUPPORTED;
  }
  if ((record->shots > 0) != is_sampled(result)) {
    const bool is_histogram = is_sampled(result) && toy_mutant("a state has an empty histogram");
    return is_histogram ? toy_answer("", 0, size, data, size_ret) : QDMI_ERROR_INVALIDARGUMENT;
  }
  const size_t program = toy_mutant("programs change places") ? record->count - 1 - index : index;
  const Behaviour* behaviour = behaviour_of(&record->programs[program]);
  Buffer buffer = {.data = NULL, .size = 0};
  bool is_text = result == QDMI_JOB_RESULT_SHOTS || result == QDMI_JOB_RESULT_HIST_KEYS;
  bool is_fine = true;
  if (is_sampled(result)) {
    is_fine = append_sampled(&buffer, behaviour, record, result);
  } else if (result == QDMI_JOB_RESULT_STATEVECTOR_SPARSE_KEYS || result == QDMI_JOB_RESULT_PROBABILITIES_SPARSE_KEYS) {
    is_text = true;
    for (size_t number = 0; number < behaviour->count; ++number) {
      is_fine = is_fine && append_key(&buffer, behaviour, number);
    }
  } else {
    is_fine = append_state(&buffer, behaviour, result);
  }
  if (behaviour->count == 0 && toy_mutant("no outcome is an outcome")) {
    is_fine = is_fine && append(&buffer, "0", 1);
  }
  if (is_text && buffer.size > 0) {
    is_fine = is_fine && append(&buffer, "", 1);
  }
  const int status = is_fine ? toy_answer(buffer.data, buffer.size, size, data, size_ret) : QDMI_ERROR_OUTOFMEM;
  free(buffer.data);
  return status;
}
