# SPDX-License-Identifier: Apache-2.0
"""Circuits in, outcomes out, on a simulator that takes OpenQASM and on a machine with its own format."""

import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister, transpile
from qiskit.circuit import Clbit, Qubit

from qdmikit.qiskit import QDMIBackend

SHOTS = 200


@pytest.fixture(params=["simulator", pytest.param("garnet", marks=pytest.mark.iqm_mock_server(ideal=True))])
def backend(request: pytest.FixtureRequest) -> QDMIBackend:
    chosen: QDMIBackend = request.getfixturevalue(request.param)
    return chosen


def run(backend: QDMIBackend, circuit: QuantumCircuit) -> dict[str, int]:
    job = backend.run(transpile(circuit, backend, seed_transpiler=1), shots=SHOTS)
    counts: dict[str, int] = job.result(timeout=60).get_counts()
    return counts


def test_a_bell_pair_is_correlated(backend: QDMIBackend) -> None:
    bell = QuantumCircuit(2)
    bell.h(0)
    bell.cx(0, 1)
    bell.measure_all()
    counts = run(backend, bell)
    assert set(counts) == {"00", "11"}
    assert sum(counts.values()) == SHOTS


def test_the_lowest_classical_bit_stands_rightmost(backend: QDMIBackend) -> None:
    circuit = QuantumCircuit(3, 3)
    circuit.x(0)
    circuit.measure([0, 1, 2], [0, 1, 2])
    assert run(backend, circuit) == {"001": SHOTS}


def test_the_order_of_measurements_does_not_matter(backend: QDMIBackend) -> None:
    circuit = QuantumCircuit(3, 3)
    circuit.x([0, 1])
    circuit.measure([1, 2, 0], [2, 0, 1])
    assert run(backend, circuit) == {"110": SHOTS}


def test_registers_are_apart_and_later_ones_further_left(backend: QDMIBackend) -> None:
    first, second = ClassicalRegister(2, "first"), ClassicalRegister(3, "sec_ond")
    circuit = QuantumCircuit(QuantumRegister(5, "q"), first, second)
    circuit.x([0, 3])
    circuit.measure(range(2), first)
    circuit.measure(range(2, 5), second)
    assert run(backend, circuit) == {"010 01": SHOTS}


def test_a_classical_register_may_be_named_like_the_quantum_one(simulator: QDMIBackend) -> None:
    clash, other = ClassicalRegister(1, "q"), ClassicalRegister(2, "c0")
    circuit = QuantumCircuit(QuantumRegister(3, "r"), clash, other)
    circuit.x([0, 2])
    circuit.measure(range(3), [*clash, *other])
    assert simulator.run(circuit, shots=SHOTS).result(timeout=60).get_counts() == {"10 1": SHOTS}


def test_bits_that_are_never_measured_read_0(backend: QDMIBackend) -> None:
    silent, partly = ClassicalRegister(2, "silent"), ClassicalRegister(3, "partly")
    circuit = QuantumCircuit(QuantumRegister(2, "q"), silent, partly)
    circuit.x(1)
    circuit.measure(1, partly[1])
    assert run(backend, circuit) == {"010 00": SHOTS}


def test_bits_outside_any_register_keep_their_place(backend: QDMIBackend) -> None:
    circuit = QuantumCircuit([Qubit(), Qubit()], [Clbit(), Clbit(), Clbit()])
    circuit.x(1)
    circuit.measure(1, 2)
    circuit.measure(0, 0)
    assert run(backend, circuit) == {"100": SHOTS}


def test_a_bit_in_two_registers_is_one_bit(backend: QDMIBackend) -> None:
    bits = [Clbit() for _ in range(3)]
    circuit = QuantumCircuit(QuantumRegister(3, "q"), ClassicalRegister(bits=bits, name="all"))
    circuit.add_register(ClassicalRegister(bits=bits[1:], name="upper"))
    circuit.x(2)
    circuit.measure(range(3), range(3))
    assert run(backend, circuit) == {"100": SHOTS}


def test_memory_lists_every_shot(backend: QDMIBackend) -> None:
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.x(1)
    circuit.measure([0, 1], [0, 1])
    result = backend.run(transpile(circuit, backend), shots=SHOTS, memory=True).result(timeout=60)
    memory = result.get_memory()
    assert len(memory) == SHOTS
    assert set(memory) == {"10", "11"}
    assert result.get_counts() == {outcome: memory.count(outcome) for outcome in ("10", "11")}


def test_circuits_of_differing_widths_keep_their_order_and_names(backend: QDMIBackend) -> None:
    circuits = []
    for width in (1, 3, 2):
        circuit = QuantumCircuit(width, width, name=f"wide_{width}")
        circuit.x(width - 1)
        circuit.measure(range(width), range(width))
        circuits.append(circuit)
    job = backend.run(transpile(circuits, backend), shots=SHOTS)
    result = job.result(timeout=60)
    assert result.get_counts() == [{"1": SHOTS}, {"100": SHOTS}, {"10": SHOTS}]
    assert result.get_counts("wide_3") == {"100": SHOTS}
    assert "," not in job.job_id()


def test_a_list_of_one_circuit_is_a_circuit(backend: QDMIBackend) -> None:
    circuit = QuantumCircuit(1, 1)
    circuit.x(0)
    circuit.measure(0, 0)
    assert backend.run(transpile([circuit], backend), shots=SHOTS).result(timeout=60).get_counts() == {
        "1": SHOTS
    }


def test_results_say_whose_they_are(backend: QDMIBackend) -> None:
    circuit = QuantumCircuit(1, 1, name="mine", metadata={"run": 7, "object": object()})
    circuit.x(0)
    circuit.measure(0, 0)
    job = backend.run(transpile(circuit, backend), shots=3)
    result = job.result(timeout=60)
    assert result.success
    assert result.job_id == job.job_id()
    assert result.backend_name == backend.name
    assert result.results[0].shots == 3
    assert result.results[0].header["name"] == "mine"
    assert result.results[0].header["metadata"]["run"] == 7


def test_without_shots_the_backend_s_option_counts(backend: QDMIBackend) -> None:
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    assert backend.run(circuit).result(timeout=60).get_counts() == {"0": 1024}
    backend.set_options(shots=17)
    assert backend.run(circuit).result(timeout=60).get_counts() == {"0": 17}


def test_gates_beyond_openqasm_s_library_run(simulator: QDMIBackend) -> None:
    circuit = QuantumCircuit(4, 4)
    circuit.x([0, 1])
    circuit.mcx([0, 1], 2)
    circuit.id(0)
    circuit.r(3.141592653589793, 0.0, 3)
    circuit.h(3)
    circuit.mcp(3.141592653589793, [0, 1, 2], 3)
    circuit.h(3)
    circuit.global_phase = 0.3
    circuit.measure(range(4), range(4))
    assert simulator.run(circuit, shots=SHOTS).result(timeout=60).get_counts() == {"0111": SHOTS}


def test_classical_control_runs_where_the_device_has_it(simulator: QDMIBackend) -> None:
    circuit = QuantumCircuit(2, 2)
    circuit.x(0)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)):
        circuit.x(1)
    circuit.measure(1, 1)
    assert simulator.run(circuit, shots=SHOTS).result(timeout=60).get_counts() == {"11": SHOTS}


@pytest.mark.parametrize(
    "garnet",
    [
        pytest.param(None, marks=pytest.mark.iqm_mock_server(ideal=True, key_order=order), id=order)
        for order in ("program", "reversed", "shuffled")
    ],
    indirect=True,
)
def test_the_server_s_key_order_does_not_matter(garnet: QDMIBackend) -> None:
    circuit = QuantumCircuit(3, 3)
    circuit.x(0)
    circuit.measure([0, 1, 2], [0, 1, 2])
    result = garnet.run(transpile(circuit, garnet), shots=50, memory=True).result(timeout=60)
    assert result.get_counts() == {"001": 50}
    assert set(result.get_memory()) == {"001"}


def test_noise_shows_in_the_outcomes(garnet: QDMIBackend) -> None:
    circuit = QuantumCircuit(10, 10)
    circuit.x(range(10))
    circuit.measure(range(10), range(10))
    counts = garnet.run(transpile(circuit, garnet), shots=2000).result(timeout=60).get_counts()
    assert 0.5 < counts["1" * 10] / 2000 < 1


@pytest.mark.iqm_mock_server(instant=True, seed=5)
def test_heralded_results_keep_the_shots_that_the_device_kept(garnet: QDMIBackend) -> None:
    circuit = QuantumCircuit(6, 6)
    circuit.measure(range(6), range(6))
    result = garnet.run(circuit, shots=2000, memory=True, custom1="zeros").result(timeout=60)
    kept = result.results[0].shots
    assert 1000 < kept < 2000
    assert result.success
    assert sum(result.get_counts().values()) == len(result.get_memory()) == kept
