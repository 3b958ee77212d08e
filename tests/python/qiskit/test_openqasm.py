# SPDX-License-Identifier: Apache-2.0
"""Programs in the standard formats keep to what QDMI guarantees."""

import io
from collections.abc import Callable

import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister, qpy

import qdmikit
from qdmikit.qiskit import QDMIBackend
from qdmikit.qiskit.openqasm import circuit_to_qasm2, circuit_to_qasm3, circuit_to_qpy

OPERATIONS = [
    {"name": "prx", "numQubits": 1, "numParameters": 2},
    {"name": "cnot", "numQubits": 2, "numParameters": 0},
    {"name": "measure", "numQubits": 1, "numParameters": 0},
]


@pytest.fixture
def described(described_device: Callable[..., qdmikit.Device]) -> QDMIBackend:
    """Open a device of three sites, whose names for operations differ from Qiskit's."""
    return QDMIBackend(described_device(OPERATIONS))


@pytest.fixture
def circuit() -> QuantumCircuit:
    circuit = QuantumCircuit(QuantumRegister(1, "a"), QuantumRegister(1, "b"), ClassicalRegister(2, "m"))
    circuit.r(0.5, 0.25, 0)
    circuit.cx(0, 1)
    circuit.measure([0, 1], [0, 1])
    circuit.global_phase = 1.0
    return circuit


def test_qasm3_has_one_register_as_wide_as_the_device(
    circuit: QuantumCircuit, described: QDMIBackend
) -> None:
    assert circuit_to_qasm3(circuit, described).splitlines() == [
        "OPENQASM 3.0;",
        'include "stdgates.inc";',
        "bit[2] m;",
        "qubit[3] q;",
        "prx(0.5, 0.25) q[0];",
        "cx q[0], q[1];",
        "m[0] = measure q[0];",
        "m[1] = measure q[1];",
    ]


def test_qasm2_has_one_register_as_wide_as_the_device(
    circuit: QuantumCircuit, described: QDMIBackend
) -> None:
    lines = circuit_to_qasm2(circuit, described).splitlines()
    assert "qreg q[3];" in lines
    assert "prx(0.5,0.25) q[0];" in lines
    assert "measure q[1] -> m[1];" in lines


def test_interchangeable_sites_are_not_all_allocated(circuit: QuantumCircuit, simulator: QDMIBackend) -> None:
    assert "qubit[2] q;" in circuit_to_qasm3(circuit, simulator)


def test_qasm3_writes_bits_before_they_may_be_read(simulator: QDMIBackend) -> None:
    partly = QuantumCircuit(1, 2)
    partly.measure(0, 1)
    assert "c[0] = false;" in circuit_to_qasm3(partly, simulator)
    assert "c[1] = false;" not in circuit_to_qasm3(partly, simulator)
    branching = QuantumCircuit(1, 1)
    with branching.if_test((0, 1)):
        branching.x(0)
    branching.measure(0, 0)
    assert "c[0] = false;" in circuit_to_qasm3(branching, simulator)


def test_names_are_changed_inside_branches_too(described: QDMIBackend) -> None:
    circuit = QuantumCircuit(2, 1)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)):
        circuit.r(0.5, 0.25, 1)
    assert "  prx(0.5, 0.25) q[1];" in circuit_to_qasm3(circuit, described).splitlines()


def test_qpy_reads_back_as_the_same_circuit(circuit: QuantumCircuit, described: QDMIBackend) -> None:
    (restored,) = qpy.load(io.BytesIO(circuit_to_qpy(circuit, described)))
    assert restored.num_qubits == 3
    assert restored.count_ops() == circuit.count_ops()


def test_a_qasm2_program_runs(simulator: QDMIBackend) -> None:
    circuit = QuantumCircuit(3, 3)
    circuit.x(0)
    circuit.measure(0, 1)
    job = simulator.device.submit(circuit_to_qasm2(circuit, simulator), qdmikit.ProgramFormat.QASM2, 20)
    job.wait(60)
    assert job.counts() == {"010": 20}
