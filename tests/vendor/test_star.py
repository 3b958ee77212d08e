# SPDX-License-Identifier: Apache-2.0
"""MOVE through a computational resonator, as the vendor's own compiler uses it, on the star machine."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest
from exa.common.errors.iqm_error import InvalidOperationError
from iqm.iqm_client import (
    Circuit,
    CircuitCompilationOptions,
    CircuitOperation,
    ExistingMoveHandlingOptions,
    IQMClient,
    MoveGateFrameTrackingMode,
    MoveGateValidationMode,
)
from iqm.qiskit_iqm import IQMCircuit, transpile_to_IQM
from iqm.station_control.interface.models.circuit import CircuitJobDefinition
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector

if TYPE_CHECKING:
    from collections.abc import Sequence

Open = Any
"""Gives the Qiskit backend of a machine."""
Ghz = Any
"""Makes a GHZ circuit on so many qubits."""


@pytest.fixture
def star(ideal_server: str) -> IQMClient:
    return IQMClient.from_url(ideal_server, quantum_computer="deneb")


def prx(qubit: str, angle: float, phase: float = 0.0) -> CircuitOperation:
    return CircuitOperation(name="prx", locus=(qubit,), args={"angle": angle, "phase": phase})


def gate(name: str, *locus: str) -> CircuitOperation:
    return CircuitOperation(name=name, locus=locus, args={})


def measure(*qubits: str) -> CircuitOperation:
    return CircuitOperation(name="measure", locus=qubits, args={"key": "m"})


def circuit(instructions: Sequence[CircuitOperation]) -> Circuit:
    return Circuit(name="star", instructions=tuple(instructions), metadata={})


def test_a_state_moves_to_the_resonator_and_back_or_into_another_qubit(star: IQMClient) -> None:
    flip = prx("QB1", math.pi)
    there, back = gate("move", "QB1", "CR1"), gate("move", "QB1", "CR1")
    stays = circuit([flip, there, measure("QB1", "QB2")])
    returns = circuit([flip, there, back, measure("QB1", "QB2")])
    options = CircuitCompilationOptions(
        move_gate_validation=MoveGateValidationMode.NONE,
        move_gate_frame_tracking=MoveGateFrameTrackingMode.NONE,
    )
    elsewhere = circuit([flip, there, gate("move", "QB2", "CR1"), measure("QB1", "QB2")])
    job = star.submit_circuits([stays, returns, elsewhere], shots=2, options=options)
    assert job.result() == [{"m": [[0, 0]] * 2}, {"m": [[1, 0]] * 2}, {"m": [[0, 1]] * 2}]


def test_a_sandwich_entangles_two_qubits(star: IQMClient) -> None:
    half = math.pi / 2
    job = star.submit_circuits(
        [
            circuit(
                [
                    prx("QB1", half, half),
                    prx("QB2", -half, half),
                    gate("move", "QB2", "CR1"),
                    gate("cz", "QB1", "CR1"),
                    gate("move", "QB2", "CR1"),
                    prx("QB2", half, half),
                    measure("QB1", "QB2"),
                ]
            )
        ],
        shots=1000,
    )
    [counts] = job.result_counts()
    assert counts.counts.keys() == {"00", "11"}
    assert min(counts.counts.values()) > 400


@pytest.mark.parametrize(
    ("between", "mode"),
    [
        (gate("cz", "QB2", "CR1"), MoveGateValidationMode.ALLOW_PRX),
        (prx("QB2", 1.0), MoveGateValidationMode.STRICT),
        (gate("move", "QB3", "CR1"), MoveGateValidationMode.ALLOW_PRX),
    ],
    ids=["cz on the moved qubit", "prx on the moved qubit", "another qubit's move"],
)
def test_the_server_refuses_what_may_not_stand_in_a_sandwich(
    star: IQMClient, between: CircuitOperation, mode: MoveGateValidationMode
) -> None:
    move = gate("move", "QB2", "CR1")
    # Made here, because the client would not send it.
    submission = CircuitJobDefinition(
        circuits=[circuit([move, between, move, measure("QB1")])], shots=1, move_gate_validation=mode
    )
    with pytest.raises(InvalidOperationError, match=r"(?i)move") as caught:
        star.submit_circuit_job(submission)
    assert caught.value.error_code == "invalid_job_payload"


def test_prx_on_the_moved_qubit_is_taken_when_allowed(star: IQMClient) -> None:
    move = gate("move", "QB2", "CR1")
    job = star.submit_circuits(
        [circuit([move, prx("QB2", math.pi), move, measure("QB2")])],
        shots=1,
        options=CircuitCompilationOptions(move_gate_validation=MoveGateValidationMode.ALLOW_PRX),
    )
    assert job.update() == "completed"


@pytest.mark.parametrize("qubits", [3, 6])
def test_the_compilers_moves_make_a_ghz_state(ideal: Open, ghz: Ghz, qubits: int) -> None:
    backend = ideal("deneb")
    compiled = transpile_to_IQM(ghz(qubits), backend, seed_transpiler=1)
    assert compiled.count_ops()["move"] >= 2
    counts = backend.run(compiled, shots=1000).result().get_counts()
    assert counts.keys() == {"0" * qubits, "1" * qubits}
    assert min(counts.values()) > 400


def test_a_compiled_circuit_has_the_distribution_of_the_circuit_it_was_made_from(ideal: Open) -> None:
    backend = ideal("deneb")
    circuit = QuantumCircuit(4)
    for qubit in range(4):
        circuit.ry(0.4 + 0.5 * qubit, qubit)
    for first, second in ((0, 1), (2, 3), (1, 2), (0, 3)):
        circuit.cz(first, second)
        circuit.rx(0.3 * (first + 1), second)
    expected = Statevector(circuit).probabilities_dict()
    circuit.measure_all()
    shots = 4000
    counts = (
        backend.run(transpile_to_IQM(circuit, backend, seed_transpiler=1), shots=shots).result().get_counts()
    )
    distance = sum(abs(counts.get(key, 0) / shots - expected.get(key, 0)) for key in counts | expected) / 2
    # Sampling 16 outcomes 4000 times stays at about 0.02.
    assert distance < 0.05


def test_moves_of_the_users_own_run(ideal: Open) -> None:
    backend = ideal("deneb")
    circuit = IQMCircuit(3, 1)
    circuit.x(1)
    circuit.move(0, 2)
    circuit.move(0, 2)
    circuit.measure(1, 0)
    compiled = transpile_to_IQM(
        circuit, backend, existing_moves_handling=ExistingMoveHandlingOptions.KEEP, optimization_level=0
    )
    assert compiled.count_ops()["move"] == 2
    assert backend.run(compiled, shots=10).result().get_counts() == {"1": 10}


def test_noise_of_move_and_resonator_is_felt(noisy: Open, ghz: Ghz) -> None:
    backend = noisy("deneb")
    counts = (
        backend.run(transpile_to_IQM(ghz(4), backend, seed_transpiler=1), shots=2000).result().get_counts()
    )
    assert 0.4 < (counts["0000"] + counts["1111"]) / 2000 < 0.99
