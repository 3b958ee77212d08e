# SPDX-License-Identifier: Apache-2.0
"""The passes as stages of Qiskit's preset pass managers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from qiskit import QuantumCircuit, transpile
from qiskit.circuit import IfElseOp, Parameter
from qiskit.circuit.library import (
    CXGate,
    CZGate,
    Measure,
    QFTGate,
    RGate,
    RZGate,
    SXGate,
    XGate,
    n_local,
    quantum_volume,
)
from qiskit.quantum_info import Operator, Statevector
from qiskit.transpiler import (
    InstructionProperties,
    QubitProperties,
    Target,
    generate_preset_pass_manager,
)

from qdmikit.qiskit.transpiler import BestRouting

if TYPE_CHECKING:
    from qiskit.dagcircuit import DAGCircuit

STAGES = {"translation_method": "qdmikit", "scheduling_method": "qdmikit"}


def line(width: int, errors: list[float] | None = None) -> Target:
    """Return a chain with r and cz, one direction per pair; `errors` are those of cz."""
    target = Target(qubit_properties=[QubitProperties(t1=40e-6, t2=20e-6)] * width)
    every = {(q,): InstructionProperties(duration=20e-9, error=1e-3) for q in range(width)}
    target.add_instruction(RGate(Parameter("theta"), Parameter("phi")), every)
    target.add_instruction(
        CZGate(),
        {
            (q, q + 1): InstructionProperties(duration=40e-9, error=errors[q] if errors else 7e-3)
            for q in range(width - 1)
        },
    )
    target.add_instruction(
        Measure(), {(q,): InstructionProperties(duration=1e-6, error=0.02) for q in range(width)}
    )
    return target


def compiled(circuit: QuantumCircuit, target: Target, level: int, seed: int) -> QuantumCircuit:
    stages = generate_preset_pass_manager(level, target=target, seed_transpiler=seed, **STAGES)
    return stages.run(circuit)


def assert_native(circuit: QuantumCircuit, target: Target) -> None:
    for entry in circuit.data:
        qubits = tuple(circuit.find_bit(qubit).index for qubit in entry.qubits)
        assert entry.name == "barrier" or target.instruction_supported(entry.name, qubits), (
            entry.name,
            qubits,
        )


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[DAGCircuit]:
    """Take every new routing, better or not; they are collected."""
    found = []

    def take(_self: BestRouting, candidate: DAGCircuit, _present: DAGCircuit) -> bool:
        found.append(candidate)
        return True

    monkeypatch.setattr(BestRouting, "_is_better", take)
    return found


def test_a_new_routing_knows_where_every_qubit_went(taken: list[DAGCircuit]) -> None:
    for seed in range(10):
        circuit = quantum_volume(5, 4, seed=seed)
        circuit.swap(0, 4)
        native = compiled(circuit, line(5), 3, seed)
        assert_native(native, line(5))
        assert Operator.from_circuit(native).equiv(Operator(circuit))
    assert len(taken) >= 3


def test_a_new_routing_measures_the_right_qubits(taken: list[DAGCircuit]) -> None:
    for seed in range(10):
        assert_same_distribution(quantum_volume(4, 4, seed=seed), line(7), seed)
    assert len(taken) >= 3


def assert_same_distribution(circuit: QuantumCircuit, target: Target, seed: int) -> None:
    expected = Statevector(circuit).probabilities()
    native = compiled(circuit.measure_all(inplace=False), target, 3, seed)
    assert_native(native, target)
    wires = {
        native.find_bit(entry.clbits[0]).index: native.find_bit(entry.qubits[0]).index
        for entry in native.data
        if entry.name == "measure"
    }
    bare = native.remove_final_measurements(inplace=False)
    read = Statevector(bare).probabilities([wires[bit] for bit in range(circuit.num_qubits)])
    np.testing.assert_allclose(read, expected, atol=1e-7)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_the_circuit_stays_the_same_operator_through_layout_and_routing(level: int, seed: int) -> None:
    circuit = quantum_volume(5, 4, seed=seed)
    circuit.swap(0, 4)
    circuit.append(QFTGate(5), range(5))
    native = compiled(circuit, line(5), level, seed)
    assert_native(native, line(5))
    assert Operator.from_circuit(native).equiv(Operator(circuit))


@pytest.mark.parametrize("seed", range(4))
def test_measured_bits_keep_their_distribution_on_a_wider_device(seed: int) -> None:
    assert_same_distribution(quantum_volume(4, 4, seed=seed), line(7), seed)


@pytest.mark.parametrize("level", [2, 3])
def test_entangling_gates_are_never_more_and_sometimes_fewer(garnet_target: Target, level: int) -> None:
    fewer = 0
    circuit = n_local(6, "ry", "cx", "full", reps=3)
    circuit.assign_parameters(np.linspace(-2, 3, circuit.num_parameters), inplace=True)
    circuit.measure_all()
    for seed in range(6):
        plain = generate_preset_pass_manager(level, target=garnet_target, seed_transpiler=seed).run(circuit)
        ours = compiled(circuit, garnet_target, level, seed)
        assert ours.count_ops()["cz"] <= plain.count_ops()["cz"]
        assert ours.count_ops()["r"] < 0.7 * plain.count_ops()["r"]
        fewer += ours.count_ops()["cz"] < plain.count_ops()["cz"]
    assert fewer


def test_the_same_seed_gives_the_same_circuit(garnet_target: Target) -> None:
    circuit = quantum_volume(8, 4, seed=3)
    circuit.measure_all()
    assert compiled(circuit, garnet_target, 3, 5) == compiled(circuit, garnet_target, 3, 5)


def test_a_given_layout_is_kept(garnet_target: Target) -> None:
    circuit = quantum_volume(4, 4, seed=3)
    circuit.measure_all()
    wanted = [0, 7, 12, 19]
    native = transpile(
        circuit,
        target=garnet_target,
        initial_layout=wanted,
        seed_transpiler=1,
        optimization_level=3,
        **STAGES,
    )
    assert native.layout.initial_index_layout(filter_ancillas=True) == wanted


def test_the_best_qubits_are_chosen() -> None:
    target = line(6, [0.05, 0.05, 0.05, 0.001, 0.05])
    circuit = QuantumCircuit(2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure_all()
    native = compiled(circuit, target, 2, 1)
    assert set(native.layout.initial_index_layout(filter_ancillas=True)) == {3, 4}


def test_conditional_gates_stay_native() -> None:
    target = line(3)
    target.add_instruction(IfElseOp, name="if_else")
    circuit = QuantumCircuit(3, 3)
    circuit.h(0)
    circuit.cx(0, 2)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)):
        circuit.x(2)
        circuit.z(2)
    circuit.h(2)
    circuit.measure(2, 2)
    native = compiled(circuit, target, 3, 1)
    (conditional,) = (entry.operation for entry in native.data if entry.name == "if_else")
    assert conditional.blocks[0].count_ops() == {"r": 1}


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_other_gate_sets_get_what_qiskit_makes_by_itself(level: int) -> None:
    coupling = [(q, q + 1) for q in range(4)] + [(q + 1, q) for q in range(4)]
    target = Target(num_qubits=5)
    for gate in (RZGate(Parameter("a")), SXGate(), XGate(), Measure()):
        target.add_instruction(gate, {(q,): None for q in range(5)})
    target.add_instruction(CXGate(), dict.fromkeys(coupling))
    circuit = quantum_volume(4, 3, seed=1)
    circuit.measure_all()
    plain = generate_preset_pass_manager(level, target=target, seed_transpiler=1).run(circuit)
    assert compiled(circuit, target, level, 1) == plain


def test_gates_without_a_device_are_enough() -> None:
    circuit = quantum_volume(3, 2, seed=1)
    native = transpile(circuit, basis_gates=["r", "cz"], seed_transpiler=1, **STAGES)
    assert set(native.count_ops()) == {"r", "cz"}
    assert Operator(native).equiv(circuit)


def test_one_pass_manager_serves_several_circuits() -> None:
    stages = generate_preset_pass_manager(2, target=line(5), seed_transpiler=3, **STAGES)
    for seed in (4, 5):
        circuit = quantum_volume(5, 3, seed=seed)
        assert Operator.from_circuit(stages.run(circuit)).equiv(Operator(circuit))
