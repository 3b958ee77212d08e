# SPDX-License-Identifier: Apache-2.0
"""A Bell pair through QDMI, on a mock of an IQM computer."""

from qiskit import QuantumCircuit, transpile

import qdmikit
from iqm_mock_server import serve
from qdmikit.qiskit import QDMIBackend

with serve(machine="garnet") as server:
    device = qdmikit.open_device("qdmikit.iqm", base_url=server.url)
    backend = QDMIBackend(device)

    bell = QuantumCircuit(2)
    bell.h(0)
    bell.cx(0, 1)
    bell.measure_all()

    job = backend.run(transpile(bell, backend), shots=1000)
    print(device.name, job.job_id(), job.result(timeout=60).get_counts())
