# SPDX-License-Identifier: Apache-2.0
"""Our client and Qiskit backend on a device of somebody else: the DDSIM simulator of the mqt-core wheel."""

from __future__ import annotations

from qiskit import QuantumCircuit, transpile

import qdmikit
from qdmikit.qiskit import QDMIBackend


def ddsim() -> QDMIBackend:
    (entry,) = [entry for entry in qdmikit.devices() if entry.prefix == "MQT_DDSIM"]
    return QDMIBackend(qdmikit.open_device(entry.id))


def test_a_bell_circuit_runs_as_openqasm_3_through_the_same_backend() -> None:
    backend = ddsim()
    assert qdmikit.ProgramFormat.QASM3 in backend.device.supported_program_formats
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure([0, 1], [0, 1])
    counts = backend.run(transpile(circuit, backend), shots=1000).result().get_counts()
    assert counts["00"] + counts["11"] == 1000
    assert min(counts["00"], counts["11"]) > 400


def test_bit_zero_of_three_reads_001() -> None:
    backend = ddsim()
    circuit = QuantumCircuit(3, 3)
    circuit.x(0)
    circuit.measure([0, 1, 2], [0, 1, 2])
    assert backend.run(transpile(circuit, backend), shots=20).result().get_counts() == {"001": 20}
