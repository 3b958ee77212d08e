# SPDX-License-Identifier: Apache-2.0
"""What is refused before anything is sent, and what the refusal says."""

import re
from typing import Any

import pytest
from qiskit import QuantumCircuit
from qiskit.circuit import Parameter

import qdmikit
from iqm_mock_server import serve
from qdmikit.qiskit import CircuitValidationError, OptionError, QDMIBackend


def measured(width: int, name: str = "mine") -> QuantumCircuit:
    circuit = QuantumCircuit(width, 1, name=name)
    circuit.measure(0, 0)
    return circuit


def refusal(
    backend: QDMIBackend,
    circuits: QuantumCircuit | list[QuantumCircuit],
    options: dict[str, Any] | None = None,
) -> str:
    with pytest.raises((CircuitValidationError, OptionError)) as caught:
        backend.run(circuits, **options or {})
    return str(caught.value)


def test_no_circuit(simulator: QDMIBackend) -> None:
    assert refusal(simulator, []) == "there is no circuit to run: the list of circuits is empty"


@pytest.mark.parametrize(
    ("circuits", "text"), [(3, "got int"), ([measured(1), "x"], r"circuits\[1\] is a str")]
)
def test_something_else_than_a_circuit(simulator: QDMIBackend, circuits: object, text: str) -> None:
    with pytest.raises(TypeError, match=text):
        simulator.run(circuits)


def test_unbound_parameters_are_named(simulator: QDMIBackend) -> None:
    circuit = measured(2)
    circuit.rx(Parameter("beta"), 0)
    circuit.ry(Parameter("alpha"), 1)
    assert "circuit 'mine' has unbound parameters: alpha, beta; call assign_parameters()" in refusal(
        simulator, circuit
    )


def test_a_circuit_without_measurement(simulator: QDMIBackend) -> None:
    assert "circuit 'mine' measures nothing" in refusal(simulator, QuantumCircuit(1, 1, name="mine"))


def test_a_measurement_inside_a_branch_counts(simulator: QDMIBackend) -> None:
    circuit = QuantumCircuit(1, 2)
    with circuit.if_test((0, 0)):
        circuit.measure(0, 1)
    assert simulator.run(circuit, shots=5).result(timeout=60).get_counts() == {"00": 5}


def test_too_many_qubits(garnet: QDMIBackend) -> None:
    assert "circuit 'mine' has 21 qubits, the device has 20" in refusal(garnet, measured(21))


def test_a_gate_that_the_device_lacks(garnet: QDMIBackend) -> None:
    circuit = measured(3)
    circuit.rz(0.1, 2)
    text = refusal(garnet, [measured(1), circuit])
    assert text.startswith("circuit 'mine', instruction 1 'rz' on qubit 2: the device offers only cz, ")
    assert text.endswith("transpile the circuit to the backend first")


def test_a_gate_where_the_device_lacks_it(garnet: QDMIBackend) -> None:
    circuit = measured(20)
    circuit.cz(0, 19)
    assert "instruction 1 'cz' on qubits 0, 19: the device does not offer 'cz' there" in refusal(
        garnet, circuit
    )


def test_a_gate_inside_a_branch_is_checked_at_its_real_qubit(simulator: QDMIBackend) -> None:
    gate = QuantumCircuit(1, name="mystery")
    gate.h(0)
    circuit = measured(3)
    with circuit.if_test((0, 1)):
        circuit.append(gate.to_gate(), [2])
    assert re.search(
        r"inside instruction 1 'if_else', instruction 0 'mystery' on qubit 2", refusal(simulator, circuit)
    )


@pytest.mark.parametrize("shots", [0, -1, True, 1.5, "10"])
def test_unusable_shots(simulator: QDMIBackend, shots: object) -> None:
    assert (
        refusal(simulator, measured(1), {"shots": shots})
        == f"shots must be an integer of at least 1, got {shots!r}"
    )


def test_unknown_options_are_named(simulator: QDMIBackend) -> None:
    text = refusal(simulator, measured(1), {"shotz": 10, "fancy": True})
    assert text.startswith("unknown run option(s): fancy, shotz; known are custom1")


@pytest.mark.parametrize(
    ("option", "text"),
    [({"memory": 1}, "memory must be True or False"),
     ({"require_all_shots": "yes"}, "require_all_shots must be True or False"),
     ({"custom2": 5}, "custom2 must be a string"),
     ({"seed_simulator": 4}, "a QDMI device takes no seed")],
)  # fmt: skip
def test_unusable_option_values(simulator: QDMIBackend, option: dict[str, Any], text: str) -> None:
    assert text in refusal(simulator, measured(1), option)


def test_circuits_are_refused_without_asking_the_server() -> None:
    with serve(machine="garnet") as server:
        backend = QDMIBackend(qdmikit.open_device("qdmikit.iqm", base_url=server.url))
    # The server is gone; whatever were sent now would fail otherwise.
    assert "has 21 qubits" in refusal(backend, measured(21))
    assert "shots must be" in refusal(backend, measured(1), {"shots": 0})
    with pytest.raises(qdmikit.Unreachable):
        backend.run(measured(1))
