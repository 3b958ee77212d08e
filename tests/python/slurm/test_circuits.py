# SPDX-License-Identifier: Apache-2.0
"""Circuits as jobs on the mock server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.quantum_info import SparsePauliOp

import qdmikit
from qdmikit import slurm

if TYPE_CHECKING:
    from iqm_mock_server import MockServer

pytestmark = pytest.mark.iqm_mock_server(ideal=True)
DEVICE = "qdmikit.iqm"


@pytest.fixture(autouse=True)
def _configured(iqm_mock_server: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IQM_SERVER_URL", iqm_mock_server.url)


def ghz(qubits: int) -> QuantumCircuit:
    circuit = QuantumCircuit(qubits)
    circuit.h(0)
    for qubit in range(qubits - 1):
        circuit.cx(qubit, qubit + 1)
    return circuit


def measured(qubits: int) -> QuantumCircuit:
    circuit = ghz(qubits)
    circuit.measure_all()
    return circuit


def test_counts_of_one_circuit(executor: slurm.LocalExecutor) -> None:
    job = slurm.run(measured(3), DEVICE, executor=executor, shots=200)
    (counts,) = job.result(120)
    assert set(counts) == {"000", "111"}
    assert sum(counts.values()) == 200
    assert job.done()


def test_circuits_are_split_into_elements_and_keep_their_order(
    executor: slurm.LocalExecutor, iqm_mock_server: MockServer
) -> None:
    job = slurm.run([measured(n) for n in (1, 2, 3)], DEVICE, executor=executor, shots=50, elements=2)
    assert [len(next(iter(counts))) for counts in job.result(120)] == [1, 2, 3]
    submitted = [entry for entry in iqm_mock_server.ledger.requests() if entry.method == "POST"]
    assert len(submitted) == 2
    assert len(job.jobs) == 2


def test_samples_of_each_register(executor: slurm.LocalExecutor) -> None:
    qubits = QuantumRegister(2, "q")
    left, right = ClassicalRegister(1, "left"), ClassicalRegister(1, "right")
    circuit = QuantumCircuit(qubits, left, right)
    circuit.x(0)
    circuit.measure(0, left[0])
    circuit.measure(1, right[0])
    (registers,) = slurm.sample(circuit, DEVICE, executor=executor, shots=40).result(120)
    assert registers["left"].get_counts() == {"1": 40}
    assert registers["right"].get_counts() == {"0": 40}


def test_expectation_values(executor: slurm.LocalExecutor) -> None:
    observables = [SparsePauliOp("ZZ"), SparsePauliOp.from_list([("XX", 1.0), ("ZI", 0.5)])]
    job = slurm.estimate(ghz(2), observables, DEVICE, executor=executor, precision=0.02)
    ((values, errors),) = job.result(120)
    assert values == pytest.approx([1.0, 1.0], abs=0.1)
    assert np.all(errors <= 0.05)


def test_a_device_that_is_not_there_fails_the_job_with_its_reason(executor: slurm.LocalExecutor) -> None:
    job = slurm.run(measured(1), "no.such.device", executor=executor)
    with pytest.raises(slurm.JobFailed, match=r"no\.such\.device"):
        job.result(120)


def test_secrets_do_not_go_into_files(executor: slurm.LocalExecutor) -> None:
    with pytest.raises(qdmikit.InvalidArgument, match="token must not be written into a job's files"):
        slurm.run(measured(1), DEVICE, executor=executor, session={"token": "secret"})


@pytest.mark.parametrize(("circuits", "elements"), [([], 1), ([measured(1)], 2), ([measured(1)], 0)])
def test_circuits_that_cannot_be_split(
    executor: slurm.LocalExecutor, circuits: list[QuantumCircuit], elements: int
) -> None:
    with pytest.raises(qdmikit.InvalidArgument, match="cannot be split"):
        slurm.run(circuits, DEVICE, executor=executor, elements=elements)
