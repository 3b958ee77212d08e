# SPDX-License-Identifier: Apache-2.0
"""Run a Bell circuit on any QDMI device, in a format that it takes: any_device.py ID [URL]."""

import json
import math
import sys

import qdmikit
from qdmikit import ProgramFormat


def gate(name: str, *locus: str, **args: object) -> dict[str, object]:
    """Return an instruction of IQM JSON."""
    return {"name": name, "locus": locus, "args": args}


def hadamard(qubit: str) -> list[dict[str, object]]:
    """Return a Hadamard gate, up to a phase."""
    half, whole = {"angle": math.pi / 2, "phase": math.pi / 2}, {"angle": math.pi, "phase": 0.0}
    return [gate("prx", qubit, **half), gate("prx", qubit, **whole)]


BELL = [
    *hadamard("QB1"),
    *hadamard("QB2"),
    gate("cz", "QB1", "QB2"),
    *hadamard("QB2"),
    gate("measure", "QB1", key="c_2_0_0"),
    gate("measure", "QB2", key="c_2_0_1"),
]
PROGRAMS = {
    ProgramFormat.IQMJSON: json.dumps({"name": "bell", "metadata": {}, "instructions": BELL}),
    ProgramFormat.QASM3: """OPENQASM 3.0; include "stdgates.inc";
    qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;""",
}

device_id, *url = sys.argv[1:]
device = qdmikit.open_device(device_id, base_url=url[0] if url else None)
print(f"{device.name}: {device.qubits_num} qubits")

takes = [each for each in PROGRAMS if each in device.supported_program_formats]
if takes:
    job = device.submit(PROGRAMS[takes[0]], takes[0], shots=1000)
    for bitstring, number in job.result(timeout=60).counts().items():
        print(f"{bitstring}: {number}")
else:
    print("takes none of our programs")
