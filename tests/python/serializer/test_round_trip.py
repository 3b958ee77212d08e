# SPDX-License-Identifier: Apache-2.0
"""IQM JSON through our device to the server and back."""

import json

import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister

import qdmikit
from iqm_mock_server import MockServer
from qdmikit.qiskit import QDMIBackend
from qdmikit_iqm.serializer import circuit_to_iqm_json

pytestmark = pytest.mark.iqm_mock_server(ideal=True, key_order="shuffled")


@pytest.fixture
def backend(iqm_mock_server: MockServer) -> QDMIBackend:
    return QDMIBackend(qdmikit.open_device("qdmikit.iqm", base_url=iqm_mock_server.url))


def counts(backend: QDMIBackend, circuit: QuantumCircuit) -> dict[str, int]:
    program = circuit_to_iqm_json(circuit, backend)
    job = backend.device.submit(program, qdmikit.ProgramFormat.IQMJSON, 40)
    assert job.wait(60) is qdmikit.JobStatus.DONE
    return job.counts()


def test_sites_are_addressed_by_their_names(backend: QDMIBackend) -> None:
    circuit = QuantumCircuit(20, 1)
    circuit.x(19)
    circuit.measure(19, 0)
    (flip, _) = json.loads(circuit_to_iqm_json(circuit, backend))["instructions"]
    assert flip["locus"] == [backend.device.sites[19].name]
    assert counts(backend, circuit) == {"1": 40}


def test_unmeasured_bits_and_registers_keep_their_place(backend: QDMIBackend) -> None:
    registers = (
        ClassicalRegister(2, "never"),
        ClassicalRegister(3, "now_and_then"),
        ClassicalRegister(1, "flag"),
    )
    circuit = QuantumCircuit(QuantumRegister(3, "q"), *registers)
    circuit.x([0, 2])
    circuit.measure(2, registers[2][0])
    circuit.measure(0, registers[1][1])
    circuit.measure(1, registers[1][2])
    assert counts(backend, circuit) == {"1" + "010" + "00": 40}


@pytest.mark.parametrize("flip", [False, True])
def test_feedback_acts_on_what_was_measured(backend: QDMIBackend, *, flip: bool) -> None:
    circuit = QuantumCircuit(2, 2)
    if flip:
        circuit.x(0)
    circuit.measure(0, 0)
    with circuit.if_test((0, 1)):
        circuit.x(1)
    circuit.measure(1, 1)
    assert counts(backend, circuit) == {"11" if flip else "00": 40}
