# SPDX-License-Identifier: Apache-2.0
"""The state that a circuit prepares, on a simulator: ``amplitudes.py [DEVICE_ID]``."""

import sys

import numpy as np

import qdmikit

GHZ = """OPENQASM 3.0;
include "stdgates.inc";
qubit[3] q;
h q[0]; cx q[0], q[1]; cx q[1], q[2];
"""


def main(device_id: str = "mqt.ddsim.default") -> None:
    with qdmikit.open_device(device_id) as device:
        # The job outlives the with block: it keeps the session until it is gone.
        job = device.submit(GHZ, qdmikit.ProgramFormat.QASM3, shots=0)
    result = job.result(timeout=60)
    amplitudes = result.state_vector()
    print("norm", np.linalg.norm(amplitudes).round(12))
    for bits, amplitude in result.sparse_state_vector().items():
        print(bits, np.round(amplitude, 6))


if __name__ == "__main__":
    main(*sys.argv[1:])
