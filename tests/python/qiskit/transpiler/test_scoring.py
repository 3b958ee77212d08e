# SPDX-License-Identifier: Apache-2.0
"""The estimated success probability of a circuit."""

from __future__ import annotations

import math

import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter
from qiskit.circuit.library import CZGate, Measure, RGate
from qiskit.converters import circuit_to_dag
from qiskit.transpiler import InstructionProperties, QubitProperties, Target

from qdmikit.qiskit.transpiler import log_success

T1, T2 = 40e-6, 20e-6


@pytest.fixture(scope="module")
def target() -> Target:
    target = Target(qubit_properties=[QubitProperties(t1=T1, t2=T2), QubitProperties(), QubitProperties()])
    target.add_instruction(
        RGate(Parameter("theta"), Parameter("phi")),
        {(q,): InstructionProperties(duration=20e-9, error=0.001) for q in range(3)},
    )
    target.add_instruction(
        CZGate(), {(0, 1): InstructionProperties(duration=50e-9, error=0.01), (1, 2): None}
    )
    target.add_instruction(
        Measure(), {(q,): InstructionProperties(duration=1e-6, error=0.02) for q in range(3)}
    )
    return target


def score(circuit: QuantumCircuit, target: Target) -> float:
    return log_success(circuit_to_dag(circuit), target)


def test_errors_of_gates_and_measurements_multiply(target: Target) -> None:
    circuit = QuantumCircuit(3, 1)
    circuit.r(1, 2, 0)
    circuit.cz(0, 1)
    circuit.measure(1, 0)
    assert score(circuit, target) == pytest.approx(math.log(0.999 * 0.99 * 0.98))


def test_a_gate_is_known_in_either_direction(target: Target) -> None:
    circuit = QuantumCircuit(3)
    circuit.cz(1, 0)
    assert score(circuit, target) == pytest.approx(math.log(0.99))


def test_waiting_costs_coherence(target: Target) -> None:
    circuit = QuantumCircuit(3)
    circuit.r(1, 0, 0)
    circuit.r(1, 0, 1)
    circuit.barrier()
    circuit.r(1, 0, 1)
    circuit.cz(0, 1)
    circuit.r(1, 0, 1)
    circuit.cz(0, 1)
    waited = 2 * 20e-9
    expected = 4 * math.log(0.999) + 2 * math.log(0.99) - waited * (1 / T1 + 1 / T2)
    assert score(circuit, target) == pytest.approx(expected)


def test_a_qubit_does_not_decay_before_it_is_used(target: Target) -> None:
    circuit = QuantumCircuit(3)
    circuit.r(1, 0, 1)
    circuit.barrier()
    circuit.cz(0, 1)
    assert score(circuit, target) == pytest.approx(math.log(0.999 * 0.99))


def test_a_run_of_r_gates_counts_as_one(target: Target) -> None:
    circuit = QuantumCircuit(3)
    for _ in range(3):
        circuit.r(1, 0, 0)
    assert score(circuit, target) == pytest.approx(math.log(0.999))


def test_what_is_unknown_is_perfect(target: Target) -> None:
    circuit = QuantumCircuit(3)
    circuit.cz(1, 2)
    assert score(circuit, target) == 0.0


def test_a_broken_gate_keeps_the_score_finite() -> None:
    target = Target(num_qubits=2)
    target.add_instruction(CZGate(), {(0, 1): InstructionProperties(error=1.0)})
    circuit = QuantumCircuit(2)
    circuit.cz(0, 1)
    assert -math.inf < score(circuit, target) < -20
