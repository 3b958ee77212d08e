/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "iqm_qdmi/extensions.h"

/* The figures look at no status. The device remembers the calling thread's last call that failed, if there was one;
 * this prints why it did. */
static bool failed(void) {
  char reason[4096] = "";
  if (IQM_QDMI_device_last_error(sizeof reason, reason, NULL) == QDMI_SUCCESS && strcmp(reason, "{}") == 0) {
    return false;
  }
  fprintf(stderr, "%s\n", reason);
  return true;
}
