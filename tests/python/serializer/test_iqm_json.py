# SPDX-License-Identifier: Apache-2.0
"""Qiskit circuits as IQM JSON."""

import json
import math
import subprocess
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.circuit import Clbit, Gate, Instruction, Parameter, Qubit
from qiskit.circuit.classical import expr
from qiskit.circuit.library import RGate, RXGate, RYGate, SXdgGate, SXGate, XGate, YGate
from qiskit.quantum_info import Operator

from qdmikit_iqm.serializer import IqmSerializationError, circuit_to_iqm_json

PRX = Gate("prx", 1, [0.7, 1.1])
NAMES = ["QB3", "QB1", "COMP_R"]


def backend(names: list[str | None] | None = None) -> SimpleNamespace:
    """Return what the serializer needs of a backend: a device whose sites have names."""
    sites = [SimpleNamespace(name=name) for name in (names or NAMES)]
    return SimpleNamespace(device=SimpleNamespace(sites=sites))


def written(circuit: QuantumCircuit) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(circuit_to_iqm_json(circuit, backend()))
    return document


def instructions(circuit: QuantumCircuit) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = written(circuit)["instructions"]
    return entries


def refusal(circuit: QuantumCircuit, target: SimpleNamespace | None = None) -> str:
    with pytest.raises(IqmSerializationError) as caught:
        circuit_to_iqm_json(circuit, target or backend())
    assert isinstance(caught.value, ValueError)
    return str(caught.value)


def test_a_native_circuit_is_written_instruction_by_instruction() -> None:
    circuit = QuantumCircuit(3, 2, name="mine")
    circuit.r(0.5, 0.25, 0)
    circuit.cz(0, 1)
    circuit.append(Instruction("move", 2, 0, []), [1, 2])
    circuit.barrier(0, 2)
    circuit.delay(120, 1, unit="ns")
    circuit.reset(0)
    circuit.measure([0, 1], [0, 1])
    document = written(circuit)
    assert list(document) == ["name", "instructions", "metadata"]
    assert document["name"] == "mine"
    assert document["metadata"] == {"qdmikit_registers": [["c", 2]]}
    assert document["instructions"] == [
        {"name": "prx", "locus": ["QB3"], "args": {"angle": 0.5, "phase": 0.25}},
        {"name": "cz", "locus": ["QB3", "QB1"], "args": {}},
        {"name": "move", "locus": ["QB1", "COMP_R"], "args": {}},
        {"name": "barrier", "locus": ["QB3", "COMP_R"], "args": {}},
        {"name": "delay", "locus": ["QB1"], "args": {"duration": pytest.approx(120e-9)}},
        {"name": "reset", "locus": ["QB3"], "args": {}},
        {"name": "measure", "locus": ["QB3"], "args": {"key": "c_2_0_0"}},
        {"name": "measure", "locus": ["QB1"], "args": {"key": "c_2_0_1"}},
    ]


@pytest.mark.parametrize(
    "gate",
    [RGate(0.7, 1.1), RXGate(-0.4), RYGate(2.5), XGate(), YGate(), SXGate(), SXdgGate(), PRX],
    ids=lambda gate: gate.name,
)
def test_one_qubit_gates_are_prx_up_to_a_global_phase(gate: Gate) -> None:
    circuit = QuantumCircuit(1)
    circuit.append(gate, [0])
    (entry,) = instructions(circuit)
    assert entry["name"] == "prx"
    rotation = RGate(entry["args"]["angle"], entry["args"]["phase"])
    expected = RGate(*gate.params) if gate.name == "prx" else gate
    assert Operator(rotation).equiv(Operator(expected))


def test_devices_with_methods_instead_of_properties_serve_too() -> None:
    sites = [SimpleNamespace(name=lambda name=name: name) for name in NAMES]
    target = SimpleNamespace(device=SimpleNamespace(sites=lambda: sites))
    circuit = QuantumCircuit(2)
    circuit.cz(1, 0)
    assert json.loads(circuit_to_iqm_json(circuit, target))["instructions"][0]["locus"] == ["QB1", "QB3"]


def test_keys_name_register_size_position_and_bit() -> None:
    circuit = QuantumCircuit(
        QuantumRegister(2, "q"),
        ClassicalRegister(1, "a_b"),
        ClassicalRegister(4, "a"),
        ClassicalRegister(2, "z_1"),
    )
    circuit.measure(0, 3)
    circuit.measure(1, 0)
    circuit.measure(1, 6)
    assert [entry["args"]["key"] for entry in instructions(circuit)] == ["a_4_1_2", "a_b_1_0_0", "z_1_2_2_1"]
    assert written(circuit)["metadata"]["qdmikit_registers"] == [["a_b", 1], ["a", 4], ["z_1", 2]]


def test_loose_bits_make_one_register_of_all_bits() -> None:
    circuit = QuantumCircuit([Qubit()], ClassicalRegister(1, "r"), [Clbit(), Clbit()])
    circuit.measure(0, 2)
    document = written(circuit)
    assert document["metadata"]["qdmikit_registers"] == [["c", 3]]
    assert document["instructions"][0]["args"]["key"] == "c_3_0_2"


def test_shared_bits_make_one_register_of_all_bits() -> None:
    bits = [Clbit(), Clbit()]
    circuit = QuantumCircuit([Qubit()], ClassicalRegister(bits=bits, name="whole"))
    circuit.add_register(ClassicalRegister(bits=bits[1:], name="part"))
    circuit.measure(0, 1)
    document = written(circuit)
    assert document["metadata"]["qdmikit_registers"] == [["c", 2]]
    assert document["instructions"][0]["args"]["key"] == "c_2_0_1"


def test_metadata_that_json_can_hold_is_kept() -> None:
    circuit = QuantumCircuit(1, metadata={"who": ["me", 1], "nan": math.nan, "object": object(), 3: "number"})
    assert written(circuit)["metadata"] == {"who": ["me", 1], "qdmikit_registers": []}


def test_feedback_names_the_measurement_and_its_qubit() -> None:
    circuit = QuantumCircuit(2, 2)
    circuit.measure(0, 1)
    with circuit.if_test((1, 1)):
        circuit.r(0.5, 0.25, 1)
        circuit.x(0)
    measure, first, second = instructions(circuit)
    assert measure["args"] == {"key": "c_2_0_1", "feedback_key": "c_2_0_1"}
    feedback = {"feedback_key": "c_2_0_1", "feedback_qubit": "QB3"}
    assert first == {"name": "cc_prx", "locus": ["QB1"], "args": {"angle": 0.5, "phase": 0.25} | feedback}
    assert second == {"name": "cc_prx", "locus": ["QB3"], "args": {"angle": math.pi, "phase": 0.0} | feedback}


def test_a_one_bit_register_can_be_a_condition() -> None:
    register = ClassicalRegister(1, "flag")
    circuit = QuantumCircuit(QuantumRegister(1), register)
    circuit.measure(0, 0)
    with circuit.if_test((register, 1)):
        circuit.x(0)
    assert instructions(circuit)[1]["args"]["feedback_key"] == "flag_1_0_0"


def conditional(
    condition: Callable[[QuantumCircuit], object], *, measure_first: bool = True
) -> QuantumCircuit:
    circuit = QuantumCircuit(2, 2, name="mine")
    if measure_first:
        circuit.measure(0, 0)
    with circuit.if_test(condition(circuit)):
        circuit.x(1)
    return circuit


@pytest.mark.parametrize(
    ("circuit", "text"),
    [
        (conditional(lambda _: (0, 0)), "the condition is not that one bit reads 1"),
        (conditional(lambda c: (c.cregs[0], 1)), "the condition is not that one bit reads 1"),
        (conditional(lambda c: expr.lift(c.clbits[0])), "the condition is an expression"),
        (conditional(lambda _: (1, 1)), "the condition's bit has not been measured yet"),
        (conditional(lambda _: (0, 1), measure_first=False), "the condition's bit has not been measured yet"),
    ],
)
def test_conditions_that_hardware_cannot_take(circuit: QuantumCircuit, text: str) -> None:
    message = refusal(circuit)
    assert "'if_else' on qubit 1: " + text in message
    assert message.endswith("compare one measured classical bit with 1")


def test_an_else_branch_is_refused() -> None:
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)) as otherwise:
        circuit.x(0)
    with otherwise:
        circuit.y(0)
    assert "there is no else branch in hardware" in refusal(circuit)


def test_only_prx_can_be_conditional() -> None:
    circuit = QuantumCircuit(2, 1)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)):
        circuit.cz(0, 1)
    assert "'cz' cannot depend on a measurement, only r can" in refusal(circuit)


@pytest.mark.parametrize("name", ["rz", "h", "cx"])
def test_a_gate_that_is_not_native_is_named(name: str) -> None:
    circuit = QuantumCircuit(2, name="mine")
    circuit.x(0)
    {"rz": lambda: circuit.rz(0.1, 1), "h": lambda: circuit.h(1), "cx": lambda: circuit.cx(0, 1)}[name]()
    place = "qubits 0, 1" if name == "cx" else "qubit 1"
    assert refusal(circuit) == (
        f"circuit 'mine', instruction 1 {name!r} on {place}: IQM JSON has no such instruction; "
        "transpile the circuit to the backend first"
    )


def test_an_unbound_angle_is_named() -> None:
    circuit = QuantumCircuit(1)
    circuit.r(Parameter("theta"), 0.0, 0)
    assert "the parameter theta is not bound; call assign_parameters()" in refusal(circuit)


def test_an_angle_has_to_be_finite() -> None:
    circuit = QuantumCircuit(1)
    circuit.rx(math.inf, 0)
    assert "the parameter inf is not a finite number" in refusal(circuit)


def test_a_delay_needs_a_unit_of_time() -> None:
    circuit = QuantumCircuit(1)
    circuit.delay(100, 0, unit="dt")
    assert "a delay in 'dt' has no meaning for this device; give it in s, ms, us, ns, ps" in refusal(circuit)


def test_a_classical_bit_is_measured_into_once() -> None:
    circuit = QuantumCircuit(2, 2)
    circuit.measure(0, 1)
    circuit.measure(1, 1)
    assert (
        "instruction 1 'measure' on qubit 1: an earlier measurement writes the same classical bit, number 1"
        in (refusal(circuit))
    )


def test_more_qubits_than_sites() -> None:
    assert "circuit 'mine' has 4 qubits, the device has 3 sites" in refusal(QuantumCircuit(4, name="mine"))


def test_a_site_without_name_cannot_be_addressed() -> None:
    circuit = QuantumCircuit(2)
    circuit.x(1)
    assert "the device gives site 1 no name" in refusal(circuit, backend(["QB1", None]))


def test_importing_the_serializer_imports_neither_qiskit_nor_a_driver() -> None:
    code = (
        "import sys, qdmikit_iqm.serializer\n"
        "print(sorted({'qiskit', 'mqt', 'qdmikit'} & {name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
