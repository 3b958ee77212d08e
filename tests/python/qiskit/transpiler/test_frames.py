# SPDX-License-Identifier: Apache-2.0
"""One r gate per qubit between entangling gates, and nothing else changes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qiskit import QuantumCircuit, transpile
from qiskit.circuit import Parameter
from qiskit.circuit.library import efficient_su2
from qiskit.quantum_info import Operator

from qdmikit.qiskit.transpiler import VirtualZ

Branches: TypeAlias = "dict[str, npt.NDArray[np.complex128]]"
ReadBranches: TypeAlias = Callable[[QuantumCircuit], Branches]

QUBITS = 3
ANGLES = st.one_of(
    st.sampled_from([k * math.pi / 2 for k in range(-4, 5)]),
    st.floats(-7, 7, allow_nan=False),
    st.sampled_from([1e-10, math.pi - 1e-10, 2 * math.pi + 1e-10]),
)
QUBIT = st.integers(0, QUBITS - 1)
PAIR = st.permutations(range(QUBITS)).map(lambda order: tuple(order[:2]))
GATES = st.one_of(
    st.tuples(st.just("r"), QUBIT, ANGLES, ANGLES),
    st.tuples(st.just("rz"), QUBIT, ANGLES),
    st.tuples(st.sampled_from(["h", "x", "t", "sx"]), QUBIT),
    st.tuples(st.just("cz"), PAIR),
    st.tuples(st.just("rzz"), PAIR, ANGLES),
    st.tuples(st.just("cx"), PAIR),
    st.tuples(st.just("barrier"), PAIR),
    st.tuples(st.just("delay"), QUBIT),
)
MEASURES = st.one_of(
    GATES,
    st.tuples(st.just("measure"), QUBIT, st.integers(0, 2)),
    st.tuples(st.just("reset"), QUBIT),
    st.tuples(st.just("if"), st.integers(0, 2), st.lists(GATES, max_size=4), st.lists(GATES, max_size=3)),
)


def append(circuit: QuantumCircuit, step: tuple[Any, ...]) -> None:
    name, *arguments = step
    match name, arguments:
        case "r", [qubit, theta, phi]:
            circuit.r(theta, phi, qubit)
        case "rz", [qubit, angle]:
            circuit.rz(angle, qubit)
        case ("rzz", [pair, angle]):
            circuit.rzz(angle, *pair)
        case (("cz" | "cx"), [pair]):
            getattr(circuit, str(name))(*pair)
        case "barrier", [pair]:
            circuit.barrier(*pair)
        case "delay", [qubit]:
            circuit.delay(100, qubit, unit="ns")
        case "measure", [qubit, bit]:
            circuit.measure(qubit, bit)
        case "if", [bit, body, otherwise]:
            with circuit.if_test((circuit.clbits[bit], 1)) as else_:
                for inner in body:
                    append(circuit, inner)
            with else_:
                for inner in otherwise:
                    append(circuit, inner)
        case _, [qubit]:
            getattr(circuit, str(name))(qubit)


def circuit_of(steps: list[tuple[Any, ...]], clbits: int = 0) -> QuantumCircuit:
    circuit = QuantumCircuit(QUBITS, clbits)
    for step in steps:
        append(circuit, step)
    return circuit


def assert_same_operator(one: QuantumCircuit, other: QuantumCircuit) -> None:
    np.testing.assert_allclose(Operator(other).data, Operator(one).data, atol=1e-7)


def assert_same_branches(one: Branches, other: Branches) -> None:
    assert set(one) == set(other)
    for outcome, state in one.items():
        np.testing.assert_allclose(other[outcome], state, atol=1e-6)


def assert_merged(circuit: QuantumCircuit) -> None:
    """Between two other instructions no qubit has two r gates, but where a z rotation had to be played."""
    fresh = [0] * circuit.num_qubits
    for entry in circuit.data:
        for qubit in (circuit.find_bit(bit).index for bit in entry.qubits):
            fresh[qubit] = fresh[qubit] + 1 if entry.name == "r" else 0
            assert fresh[qubit] <= (1 if entry.name == "cz" else 2)


@settings(max_examples=150, deadline=None)
@given(st.lists(GATES, max_size=25))
def test_a_circuit_that_measures_nothing_keeps_its_operator_and_global_phase(
    steps: list[tuple[Any, ...]],
) -> None:
    circuit = circuit_of(steps)
    merged = VirtualZ()(circuit)
    assert_same_operator(circuit, merged)
    assert_merged(merged)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(MEASURES, max_size=16).filter(lambda steps: sum(s[0] in {"measure", "reset"} for s in steps) < 6)
)
def test_a_circuit_that_measures_keeps_every_outcome_s_probability_and_state(
    read_branches: ReadBranches, steps: list[tuple[Any, ...]]
) -> None:
    circuit = circuit_of(steps, 3)
    assert_same_branches(read_branches(circuit), read_branches(VirtualZ()(circuit)))


def test_one_gate_is_left_between_entangling_gates() -> None:
    circuit = QuantumCircuit(2)
    for _ in range(3):
        circuit.h([0, 1])
        circuit.t([0, 1])
        circuit.rx(0.3, [0, 1])
        circuit.cz(0, 1)
    circuit.measure_all()
    assert VirtualZ()(circuit).count_ops() == {"r": 6, "cz": 3, "measure": 2, "barrier": 1}


def test_z_rotations_cost_nothing_before_a_measurement_or_a_reset() -> None:
    circuit = QuantumCircuit(2, 1)
    circuit.rz(0.4, [0, 1])
    circuit.cz(0, 1)
    circuit.rz(0.5, [0, 1])
    circuit.measure(0, 0)
    circuit.reset(1)
    assert VirtualZ()(circuit).count_ops() == {"cz": 1, "measure": 1, "reset": 1}


def test_a_z_rotation_that_stays_visible_costs_two_gates() -> None:
    circuit = QuantumCircuit(1)
    circuit.rz(0.4, 0)
    assert VirtualZ()(circuit).count_ops() == {"r": 2}
    circuit.rx(0.3, 0)
    circuit.rz(0.7, 0)
    assert VirtualZ()(circuit).count_ops() == {"r": 2}


@pytest.mark.parametrize("angle", [0.0, 2 * math.pi, -4 * math.pi])
def test_full_turns_cost_nothing(angle: float) -> None:
    circuit = QuantumCircuit(1)
    circuit.rz(angle, 0)
    merged = VirtualZ()(circuit)
    assert not merged.data
    assert_same_operator(circuit, merged)


@pytest.mark.parametrize("between", ["barrier", "delay"])
def test_gates_do_not_merge_across_barriers_and_delays_but_frames_pass(between: str) -> None:
    circuit = QuantumCircuit(1, 1)
    circuit.sx(0)
    circuit.rz(0.4, 0)
    if between == "barrier":
        circuit.barrier(0)
    else:
        circuit.delay(100, 0, unit="ns")
    circuit.sx(0)
    circuit.measure(0, 0)
    assert [entry.name for entry in VirtualZ()(circuit).data] == ["r", between, "r", "measure"]


@pytest.mark.parametrize("flipped", [[0], [1], [0, 1]])
def test_flips_pass_a_cz_with_the_right_phase(flipped: list[int]) -> None:
    circuit = QuantumCircuit(2)
    circuit.rz(0.3, [0, 1])
    circuit.x(flipped)
    circuit.cz(0, 1)
    circuit.rx(0.2, [0, 1])
    merged = VirtualZ()(circuit)
    assert_same_operator(circuit, merged)
    assert next(entry.name for entry in merged.data) == "cz"


def test_a_conditional_gate_stays_one_gate() -> None:
    circuit = QuantumCircuit(2, 2)
    circuit.h([0, 1])
    circuit.rz(0.7, 1)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)):
        circuit.sx(1)
    circuit.h(1)
    circuit.measure(1, 1)
    merged = VirtualZ()(circuit)
    (conditional,) = (entry for entry in merged.data if entry.name == "if_else")
    assert conditional.operation.blocks[0].count_ops() == {"r": 1}
    assert merged.count_ops()["r"] == 3


def test_loops_with_breaks_in_nested_branches_keep_their_meaning(read_branches: ReadBranches) -> None:
    circuit = QuantumCircuit(2, 3)
    circuit.h([0, 1])
    with circuit.for_loop(range(2)):
        circuit.rz(0.3, [0, 1])
        circuit.measure(0, 0)
        with circuit.if_test((0, 1)):
            circuit.h(0)
            circuit.break_loop()
        circuit.rz(0.9, 0)
        circuit.h(0)
        circuit.rz(0.2, 0)
    circuit.h([0, 1])
    circuit.measure([0, 1], [1, 2])
    assert_same_branches(read_branches(circuit), read_branches(VirtualZ()(circuit)))


def test_free_parameters_stay_free() -> None:
    ansatz = efficient_su2(3, reps=2)
    native = transpile(ansatz, basis_gates=["r", "cz"], optimization_level=1)
    merged = VirtualZ()(native)
    assert set(merged.parameters) == set(ansatz.parameters)
    values = np.random.default_rng(1).uniform(-3, 3, ansatz.num_parameters)
    assert_same_operator(ansatz.assign_parameters(values), merged.assign_parameters(values))
    native.measure_all()
    assert VirtualZ()(native).count_ops()["r"] <= 0.6 * native.count_ops()["r"]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_parameters_anywhere_keep_the_operator(data: st.DataObject) -> None:
    names = [Parameter(name) for name in "abc"]
    circuit = QuantumCircuit(QUBITS)
    for step in data.draw(st.lists(GATES, max_size=14)):
        kind = data.draw(st.sampled_from(["number", "number", "theta", "phi", "both"]))
        if step[0] != "r" or kind == "number":
            append(circuit, step)
            continue
        one, other = data.draw(st.permutations(names))[:2]
        theta = step[2] if kind == "phi" else one
        phi = step[3] if kind == "theta" else 2 * other
        circuit.r(theta, phi, step[1])
    merged = VirtualZ()(circuit)
    bind = {name: data.draw(ANGLES) for name in circuit.parameters}
    assert_same_operator(circuit.assign_parameters(bind), merged.assign_parameters(bind, strict=False))
