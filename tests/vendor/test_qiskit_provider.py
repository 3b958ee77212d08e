# SPDX-License-Identifier: Apache-2.0
"""The vendor's Qiskit provider against the mock server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from iqm.iqm_client import CircuitCompilationOptions, HeraldingMode
from iqm.qiskit_iqm import IQMProvider, transpile_to_IQM
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister, transpile
from qiskit.providers import JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from iqm.qiskit_iqm import IQMBackend

Open = Any
"""Gives the Qiskit backend of a machine."""
Ghz = Any
"""Makes a GHZ circuit on so many qubits."""

HERALDED = CircuitCompilationOptions(heralding_mode=HeraldingMode.ZEROS)


def fitted(circuit: QuantumCircuit, backend: IQMBackend) -> QuantumCircuit:
    return transpile_to_IQM(circuit, backend, seed_transpiler=1)


def assert_correlated(counts: dict[str, int], qubits: int, shots: int) -> None:
    assert counts.keys() == {"0" * qubits, "1" * qubits}
    assert sum(counts.values()) == shots
    assert min(counts.values()) > 0.4 * shots


@pytest.mark.parametrize("machine", ["garnet", "garnet:mock", "emerald", "adonis", "deneb"])
def test_a_bell_circuit_runs_on_every_machine(ideal: Open, ghz: Ghz, machine: str) -> None:
    backend = ideal(machine)
    job = backend.run(fitted(ghz(2), backend), shots=1000)
    assert_correlated(job.result().get_counts(), 2, 1000)
    assert job.status() == JobStatus.DONE
    assert job.error_message() is None


def test_qiskits_own_transpiler_serves_as_well(ideal: Open, ghz: Ghz) -> None:
    backend = ideal("garnet")
    circuit = transpile(ghz(3), backend, seed_transpiler=1, optimization_level=3)
    assert_correlated(backend.run(circuit, shots=1000).result().get_counts(), 3, 1000)


def test_a_batch_gives_one_result_for_each_circuit(ideal: Open) -> None:
    backend = ideal("garnet")
    circuits = []
    for flipped in range(3):
        circuit = QuantumCircuit(3, 3, name=f"x{flipped}")
        circuit.x(flipped)
        circuit.measure(range(3), range(3))
        circuits.append(fitted(circuit, backend))
    result = backend.run(circuits, shots=20).result()
    assert result.get_counts() == [{"001": 20}, {"010": 20}, {"100": 20}]
    assert [each.header["name"] for each in result.results] == ["x0", "x1", "x2"]


def test_registers_and_unmeasured_bits_stand_where_qiskit_has_them(ideal: Open) -> None:
    backend = ideal("garnet")
    qubits = QuantumRegister(2)
    first, second = ClassicalRegister(2, "first"), ClassicalRegister(1, "second")
    circuit = QuantumCircuit(qubits, first, second)
    circuit.x(0)
    circuit.measure(qubits[0], first[1])
    circuit.measure(qubits[1], second[0])
    job = backend.run(fitted(circuit, backend), shots=10)
    assert job.result().get_counts() == {"0 10": 10}
    assert job.result().get_memory() == ["0 10"] * 10


@pytest.mark.parametrize("outcome", [0, 1])
def test_a_gate_follows_the_outcome_of_a_measurement_within_the_circuit(ideal: Open, outcome: int) -> None:
    backend = ideal("garnet")
    circuit = QuantumCircuit(2, 2)
    if outcome:
        circuit.x(0)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(1)
    circuit.measure(1, 1)
    counts = backend.run(fitted(circuit, backend), shots=50).result().get_counts()
    assert counts == {str(outcome) * 2: 50}


def test_feedback_follows_each_shots_own_outcome(ideal: Open) -> None:
    backend = ideal("garnet")
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.measure(0, 0)
    with circuit.if_test((circuit.clbits[0], 1)):
        circuit.x(1)
    circuit.measure(1, 1)
    assert_correlated(backend.run(fitted(circuit, backend), shots=1000).result().get_counts(), 2, 1000)


def test_a_qubit_can_be_reset_and_used_again(ideal: Open) -> None:
    backend = ideal("garnet")
    circuit = QuantumCircuit(1, 2)
    circuit.x(0)
    circuit.measure(0, 0)
    circuit.reset(0)
    circuit.measure(0, 1)
    assert backend.run(fitted(circuit, backend), shots=50).result().get_counts() == {"01": 50}


def test_the_target_has_the_figures_of_the_calibration_set(noisy_server: str, ghz: Ghz) -> None:
    backend = IQMProvider(noisy_server, quantum_computer="garnet").get_backend(use_metrics=True)
    assert all(properties.t1 and properties.t2 for properties in backend.target.qubit_properties)
    for gate in ("r", "cz", "measure"):
        for properties in backend.target[gate].values():
            assert 0 < properties.error < 0.2
            assert 0 < properties.duration < 1e-4
    # The transpiler chooses by these figures, and what it chose runs.
    circuit = transpile(ghz(4), backend, seed_transpiler=1, optimization_level=3)
    counts = backend.run(circuit, shots=1000).result().get_counts()
    assert counts["0000"] + counts["1111"] > 600


def test_a_pinned_calibration_set_is_used(ideal: Open, ideal_server: str, ghz: Ghz) -> None:
    default = ideal("garnet").client.get_dynamic_quantum_architecture().calibration_set_id
    provider = IQMProvider(ideal_server, quantum_computer="garnet")
    backend = provider.get_backend(calibration_set_id=default)
    result = backend.run(fitted(ghz(2), backend), shots=10).result()
    assert result.results[0].calibration_set_id == default


def test_a_job_can_be_found_again_by_its_id(ideal: Open, ghz: Ghz) -> None:
    backend = ideal("garnet")
    circuit = fitted(ghz(3), backend)
    circuit.metadata = {"found": "again"}
    submitted = backend.run(circuit, shots=100)
    found = backend.retrieve_job(submitted.job_id())
    assert found.result().get_counts() == submitted.result().get_counts()
    assert found.result().get_memory() == submitted.result().get_memory()
    assert found.result().results[0].data.metadata == {"found": "again"}


def test_a_job_is_waited_for_and_tells_its_timeline(run: Callable[..., Any], ghz: Ghz) -> None:
    with run("--ideal", "--duration", "0.2") as url:
        backend = IQMProvider(url).get_backend()
        result = backend.run(fitted(ghz(2), backend), shots=10).result(timeout=60)
    assert result.success
    steps = [entry.status for entry in result.timeline]
    assert steps[0] == "created"
    assert steps[-1] == "ready"
    assert steps.index("execution_started") < steps.index("execution_ended")


def test_a_job_can_be_cancelled(slow_server: str, ghz: Ghz) -> None:
    backend = IQMProvider(slow_server).get_backend()
    job = backend.run(fitted(ghz(2), backend), shots=10)
    assert job.status() in {JobStatus.QUEUED, JobStatus.RUNNING}
    assert job.cancel()
    assert job.status() == JobStatus.CANCELLED
    assert not job.result().success


def test_heralding_drops_the_shots_that_did_not_start_in_zero(noisy: Open, ghz: Ghz) -> None:
    backend = noisy("garnet")
    circuits = [fitted(ghz(qubits), backend) for qubits in (1, 5)]
    job = backend.run(circuits, shots=2000, circuit_compilation_options=HERALDED)
    one, five = (len(job.result().get_memory(index)) for index in range(2))
    assert five < one < 2000
    assert sum(job.result().get_counts(1).values()) == five > 1500


def test_without_noise_heralding_drops_nothing(ideal: Open, ghz: Ghz) -> None:
    backend = ideal("garnet")
    job = backend.run(fitted(ghz(3), backend), shots=500, circuit_compilation_options=HERALDED)
    assert_correlated(job.result().get_counts(), 3, 500)


def test_a_job_that_heralding_leaves_without_a_shot_fails_and_says_why(noisy: Open) -> None:
    backend = noisy("garnet")
    circuit = QuantumCircuit(20, 20)
    circuit.measure(range(20), range(20))
    # One shot each: that all of so many survive is next to impossible, and the seed decides.
    circuits = [fitted(circuit, backend)] * 60
    job = backend.run(circuits, shots=1, circuit_compilation_options=HERALDED)
    assert not job.result().success
    assert job.status() == JobStatus.ERROR
    assert "with heralding discarded all the shots" in job.error_message()
