# SPDX-License-Identifier: Apache-2.0
"""Circuits on a device whose qubits meet in a resonator."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit, transpile
from qiskit.circuit.library import QFTGate, quantum_volume
from qiskit.quantum_info import Operator, Statevector, hellinger_fidelity
from qiskit.transpiler import InstructionProperties, TranspilerError

import qdmikit
from iqm_mock_server import serve
from qdmikit.qiskit import CircuitValidationError, QDMIBackend
from qdmikit.qiskit.move import MoveGate
from qdmikit.qiskit.resonators import Resonators, ResonatorTarget
from qdmikit.qiskit.transpiler import InsertMoves

if TYPE_CHECKING:
    from collections.abc import Iterator

QUBITS = 4
STAR = Resonators(
    move={(q, QUBITS): InstructionProperties(error=0.01 + 0.001 * q) for q in range(QUBITS)},
    cz={(q, QUBITS): InstructionProperties(error=0.02) for q in range(QUBITS)},
)
QUBIT = st.integers(0, QUBITS - 1)
STEPS = st.lists(
    st.one_of(
        st.permutations(range(QUBITS)).map(lambda order: ("cz", *order[:2])),
        st.permutations(range(QUBITS)).map(lambda order: ("cz", *order[:2])),
        st.tuples(st.just("r"), QUBIT),
        st.tuples(st.just("barrier"), QUBIT, QUBIT).filter(lambda step: step[1] != step[2]),
    ),
    max_size=20,
)


def circuit_of(steps: list[tuple[object, ...]]) -> QuantumCircuit:
    circuit = QuantumCircuit(QUBITS)
    for position, (name, *qubits) in enumerate(steps):
        if name == "r":
            circuit.r(0.3 + position, 0.1 * position, *qubits)
        else:
            getattr(circuit, str(name))(*qubits)
    return circuit


def assert_playable(circuit: QuantumCircuit) -> None:
    """Resonators take part in cz and move only, and nothing happens to a qubit that is away."""
    away: set[int] = set()
    for entry in circuit.data:
        qubits = [circuit.find_bit(qubit).index for qubit in entry.qubits]
        if entry.name == "move":
            assert qubits[1] >= QUBITS
            assert away in (set(), {qubits[0]})
            away ^= {qubits[0]}
        elif entry.name == "cz":
            assert qubits[1] >= QUBITS
            assert away
            assert qubits[0] not in away
        elif entry.name != "barrier":
            assert not away & set(qubits)
            assert max(qubits) < QUBITS
    assert not away


def sandwiches(circuit: QuantumCircuit) -> int:
    return len([entry for entry in circuit.data if entry.name == "move"]) // 2


@settings(max_examples=120, deadline=None)
@given(STEPS)
def test_moves_leave_the_circuit_as_it_is(steps: list[tuple[object, ...]]) -> None:
    circuit = circuit_of(steps)
    moved = InsertMoves(STAR)(circuit)
    assert_playable(moved)
    assert moved.count_ops().get("cz", 0) == circuit.count_ops().get("cz", 0)
    # The block where the resonator begins and ends in |0>, its qubit being the last one.
    whole = Operator(moved).data
    half = 2**QUBITS
    np.testing.assert_allclose(whole[:half, :half], Operator(circuit).data, atol=1e-9)


def test_a_qubit_stays_away_as_long_as_it_can() -> None:
    circuit = QuantumCircuit(QUBITS)
    for other in (1, 2, 3):
        circuit.cz(0, other)
        circuit.r(1, 0, other)
        circuit.cz(0, other)
    assert sandwiches(InsertMoves(STAR)(circuit)) == 1


def test_cz_gates_change_places_to_save_moves() -> None:
    circuit = QuantumCircuit(QUBITS)
    circuit.cz(0, 1)
    circuit.cz(2, 3)
    circuit.cz(0, 2)
    circuit.cz(1, 2)
    circuit.cz(0, 3)
    assert sandwiches(InsertMoves(STAR)(circuit)) == 2


def test_the_qubit_that_moves_best_is_moved() -> None:
    circuit = QuantumCircuit(QUBITS)
    circuit.cz(3, 1)
    moved = InsertMoves(STAR)(circuit)
    assert [moved.find_bit(qubit).index for qubit in moved.data[0].qubits] == [1, QUBITS]


def test_conditional_meetings_stay_in_their_branch() -> None:
    circuit = QuantumCircuit(QUBITS, 1)
    circuit.cz(0, 1)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)):
        circuit.cz(1, 2)
        circuit.cz(1, 3)
    circuit.cz(2, 3)
    moved = InsertMoves(STAR)(circuit)
    (branch,) = (entry for entry in moved.data if entry.name == "if_else")
    (body,) = branch.operation.blocks
    assert [entry.name for entry in body.data] == ["move", "cz", "cz", "move"]
    assert moved.count_ops() == {"move": 4, "cz": 2, "measure": 1, "if_else": 1}


def test_qubits_that_cannot_meet_are_named() -> None:
    circuit = QuantumCircuit(QUBITS)
    circuit.cz(0, 1)
    apart = Resonators(move={(2, QUBITS): None}, cz={(3, QUBITS): None})
    with pytest.raises(TranspilerError, match=r"qubits \(0, 1\) have a cz, but there is no resonator"):
        InsertMoves(apart)(circuit)


def test_moves_that_are_there_already_are_refused() -> None:
    circuit = QuantumCircuit(QUBITS)
    circuit.append(MoveGate(), [0, 1])
    with pytest.raises(TranspilerError, match="has move gates already"):
        InsertMoves(STAR)(circuit)


def test_a_target_keeps_its_resonators_in_copies() -> None:
    target = ResonatorTarget(num_qubits=QUBITS)
    target.resonators = STAR
    for twin in (copy.deepcopy(target), pickle.loads(pickle.dumps(target))):  # noqa: S301 (our own)
        assert twin.num_qubits == QUBITS
        assert set(twin.resonators.move) == set(STAR.move)


@pytest.fixture(scope="module")
def star() -> Iterator[QDMIBackend]:
    with serve(machine="deneb", ideal=True, seed=1) as server:
        yield QDMIBackend(qdmikit.open_device("qdmikit.iqm", base_url=server.url))


def test_the_target_offers_what_moves_can_do(star: QDMIBackend) -> None:
    target = star.target
    assert target.num_qubits == 6
    assert len(target["cz"]) == 30
    device = star.device
    resonator = device.sites[6]
    move = device.operation("move").fidelity(device.sites[2], resonator)
    cz = device.operation("cz").fidelity(device.sites[4], resonator)
    assert move is not None
    assert cz is not None
    assert target["cz"][2, 4].error == pytest.approx(1 - move**2 * cz)
    assert target["cz"][2, 4].duration == pytest.approx(2 * 60e-9 + 80e-9)


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_transpiled_circuits_run_on_the_device(star: QDMIBackend, level: int) -> None:
    circuit = quantum_volume(4, 3, seed=5)
    expected = Statevector(circuit).probabilities_dict()
    circuit.measure_all()
    native = transpile(circuit, star, optimization_level=level, seed_transpiler=2)
    assert native.num_qubits == 7
    counts = star.run(native, shots=20_000).result().get_counts()
    assert hellinger_fidelity(counts, expected) > 0.995


def test_a_layout_covers_the_resonators(star: QDMIBackend) -> None:
    circuit = quantum_volume(6, 3, seed=5)
    native = transpile(circuit, star, optimization_level=3, seed_transpiler=2)
    assert sorted(native.layout.initial_index_layout()) == list(range(7))
    whole = Operator.from_circuit(native).data[:64, :64]
    assert Operator(whole).equiv(circuit)


def test_few_moves_are_needed_for_a_fourier_transform(star: QDMIBackend) -> None:
    circuit = QuantumCircuit(6)
    circuit.append(QFTGate(6), range(6))
    circuit.measure_all()
    native = transpile(circuit, star, optimization_level=2, seed_transpiler=2)
    assert sandwiches(native) <= 6


def test_circuits_with_moves_of_their_own_can_be_sent(star: QDMIBackend) -> None:
    circuit = QuantumCircuit(7, 2)
    circuit.r(np.pi, 0, 0)
    circuit.append(MoveGate(), [0, 6])
    circuit.append(MoveGate(), [0, 6])
    circuit.measure([0, 1], [0, 1])
    assert star.run(circuit, shots=10).result().get_counts() == {"01": 10}


def test_a_cz_without_moves_is_not_sent(star: QDMIBackend) -> None:
    circuit = QuantumCircuit(2, 1)
    circuit.cz(0, 1)
    circuit.measure(0, 0)
    with pytest.raises(CircuitValidationError, match="does not offer 'cz' there"):
        star.run(circuit)
