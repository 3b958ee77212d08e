# SPDX-License-Identifier: Apache-2.0
"""mqt-core's own driver and Qiskit backend on our device, found in the installed wheel without a path."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from mqt.core import qdmi
from mqt.core.plugins.qiskit import QDMIBackend
from mqt.core.qdmi import builtin_driver
from qiskit import QuantumCircuit, transpile

if TYPE_CHECKING:
    from iqm_mock_server import MockServer

DEVICE = "qdmikit.iqm"
T = TypeVar("T")


@pytest.fixture
def device(iqm_mock_server: MockServer) -> qdmi.Device:
    return builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, token=iqm_mock_server.token)


def known(value: T | None) -> T:
    assert value is not None
    return value


def program(*instructions: dict[str, Any]) -> str:
    return json.dumps({"name": "circuit", "instructions": list(instructions), "metadata": {}})


def prx(qubit: str, angle: float, phase: float) -> dict[str, Any]:
    return {"name": "prx", "locus": [qubit], "args": {"angle": angle, "phase": phase}}


def measure(qubit: str, key: str) -> dict[str, Any]:
    return {"name": "measure", "locus": [qubit], "args": {"key": key}}


def test_the_driver_lists_the_device_of_the_wheel() -> None:
    assert DEVICE in builtin_driver.registered_device_ids()


@pytest.mark.iqm_mock_server(token="s3cret")  # noqa: S106 - the mock's
def test_the_driver_opens_the_device_and_reads_its_metadata(device: qdmi.Device) -> None:
    assert device.qubits_num() == 20
    sites = device.sites()
    assert [site.name() for site in sites] == [f"QB{i}" for i in range(1, 21)]
    assert [site.index() for site in sites] == list(range(20))
    assert device.duration_unit() == "ns"
    assert all(1_000 < known(site.t1()) < 1_000_000 for site in sites)
    assert len(known(device.coupling_map())) == 60
    operations = {operation.name(): operation for operation in device.operations()}
    assert {"prx", "cz", "measure"} <= operations.keys()
    assert all(0.9 < known(operations["prx"].fidelity([site])) < 1 for site in sites)
    for first, second in known(operations["cz"].site_pairs()):
        assert 0.9 < known(operations["cz"].fidelity([first, second])) < 1
        assert operations["cz"].fidelity([second, first]) == operations["cz"].fidelity([first, second])


@pytest.mark.iqm_mock_server(token="s3cret")  # noqa: S106 - the mock's
def test_a_wrong_token_is_permission_denied(iqm_mock_server: MockServer) -> None:
    with pytest.raises(RuntimeError, match="Permission denied"):
        builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, token="wr0ng")  # noqa: S106 - on purpose


@pytest.mark.iqm_mock_server(ideal=True)
def test_a_bell_circuit_runs_through_its_qiskit_backend(device: qdmi.Device) -> None:
    backend = QDMIBackend(device, device_id=DEVICE)
    circuit = QuantumCircuit(2, 2)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure([0, 1], [0, 1])
    counts = backend.run(transpile(circuit, backend, seed_transpiler=1), shots=1000).result().get_counts()
    assert counts["00"] + counts["11"] == 1000
    assert min(counts["00"], counts["11"]) > 400


@pytest.mark.parametrize(
    "key_order",
    [
        pytest.param(order, marks=pytest.mark.iqm_mock_server(ideal=True, key_order=order), id=order)
        for order in ("program", "reversed", "shuffled")
    ],
)
def test_bit_zero_of_three_reads_001_in_every_key_order(device: qdmi.Device, key_order: str) -> None:
    assert key_order
    backend = QDMIBackend(device, device_id=DEVICE)
    circuit = QuantumCircuit(3, 3)
    circuit.x(0)
    circuit.measure([0, 1, 2], [0, 1, 2])
    job = backend.run(transpile(circuit, backend, seed_transpiler=1), shots=20, memory=True)
    assert job.result().get_counts() == {"001": 20}
    assert job.result().get_memory() == ["001"] * 20


@pytest.mark.iqm_mock_server(ideal=True)
def test_several_programs_are_one_job(device: qdmi.Device) -> None:
    flipped = program(prx("QB1", 3.141592653589793, 0.0), measure("QB1", "c_1_0_0"))
    idle = program(measure("QB1", "c_1_0_0"))
    job = device.submit_job([flipped, idle], qdmi.ProgramFormat.IQM_JSON, 50)
    assert job.wait(30)
    assert job.check() == qdmi.Job.Status.DONE
    assert job.get_counts(0) == {"1": 50}
    assert job.get_counts(1) == {"0": 50}
    assert job.get_shots(1) == ["0"] * 50


@pytest.mark.iqm_mock_server(ideal=True, duration=30.0)
def test_wait_times_out_and_the_job_can_be_cancelled(device: qdmi.Device) -> None:
    job = device.submit_job(program(measure("QB1", "c_1_0_0")), qdmi.ProgramFormat.IQM_JSON, 1)
    assert not job.wait(1)
    job.cancel()
    assert job.wait(5)
    assert job.check() == qdmi.Job.Status.CANCELED
