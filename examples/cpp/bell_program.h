/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A Bell pair on two neighbouring qubits, in the native gates of an IQM machine: H = prx(pi/2, pi/2) prx(pi, 0) up to a
 * phase, CNOT = H CZ H on the target. */
#define PRX(qubit, angle, phase) \
  "{\"name\":\"prx\",\"locus\":[\"" qubit "\"],\"args\":{\"angle\":" angle ",\"phase\":" phase "}}"
#define HADAMARD(qubit) \
  PRX(qubit, "1.5707963267948966", "1.5707963267948966") "," PRX(qubit, "3.141592653589793", "0.0")
#define MEASURE(qubit, key) "{\"name\":\"measure\",\"locus\":[\"" qubit "\"],\"args\":{\"key\":\"" key "\"}}"

static const char bell_program[] =
    "{\"name\":\"bell\",\"metadata\":{},\"instructions\":[" HADAMARD("QB1") "," HADAMARD("QB2")
    ",{\"name\":\"cz\",\"locus\":[\"QB1\",\"QB2\"],\"args\":{}}," HADAMARD("QB2")
    "," MEASURE("QB1", "c_2_0_0") "," MEASURE("QB2", "c_2_0_1") "]}";
