# SPDX-License-Identifier: Apache-2.0
"""Run a Bell circuit on any QDMI device, in a format that it takes: any_device.py ID [URL]."""

import sys

import qdmikit
from qdmikit import ProgramFormat

HADAMARD = """{{"name": "prx", "locus": ["{0}"], "args": {{"angle": 1.5707963267948966, "phase": 1.5707963267948966}}}},
    {{"name": "prx", "locus": ["{0}"], "args": {{"angle": 3.141592653589793, "phase": 0.0}}}}"""
MEASURE = """{{"name": "measure", "locus": ["{0}"], "args": {{"key": "c_2_0_{1}"}}}}"""

PROGRAMS = {
    ProgramFormat.IQMJSON: f"""{{"name": "bell", "metadata": {{}}, "instructions": [
    {HADAMARD.format("QB1")}, {HADAMARD.format("QB2")},
    {{"name": "cz", "locus": ["QB1", "QB2"], "args": {{}}}}, {HADAMARD.format("QB2")},
    {MEASURE.format("QB1", 0)}, {MEASURE.format("QB2", 1)}]}}""",
    ProgramFormat.QASM3: """OPENQASM 3.0; include "stdgates.inc";
    qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;""",
}

device_id, *url = sys.argv[1:]
device = qdmikit.open_device(device_id, base_url=url[0] if url else None)
print(f"{device.name}: {device.qubits_num} qubits")

takes = [format for format in PROGRAMS if format in device.supported_program_formats]
if takes:
    job = device.submit(PROGRAMS[takes[0]], takes[0], shots=1000)
    for bitstring, number in job.result(timeout=60).counts().items():
        print(f"{bitstring}: {number}")
else:
    print("takes none of our programs")
