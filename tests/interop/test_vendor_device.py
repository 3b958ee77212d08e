# SPDX-License-Identifier: Apache-2.0
"""The device library of the vendor's own wheel on the mock server, through mqt-core's driver and Qiskit."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from iqm.qdmi.gates import MoveGate
from iqm.qdmi.qiskit import IQMBackend
from mqt.core import qdmi
from mqt.core.plugins.qiskit.exceptions import JobSubmissionError
from mqt.core.qdmi import builtin_driver
from qiskit import QuantumCircuit, transpile

from iqm_mock_server.computers import Condition

if TYPE_CHECKING:
    from iqm_mock_server import MockServer
    from iqm_mock_server.computers import QuantumComputer, QuantumComputers

DEVICE = "iqm.default"
TOKEN = "s3cret"  # noqa: S105 - the mock's
T = TypeVar("T")

Instruction = dict[str, Any]


@pytest.fixture(autouse=True)
def _no_settings_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SERVER_URL", "BASE_URL", "TOKEN", "TOKENS_FILE", "QC_ID", "QUANTUM_COMPUTER", "QC_ALIAS"):
        monkeypatch.delenv(f"IQM_{name}", raising=False)


@pytest.fixture
def device(iqm_mock_server: MockServer) -> qdmi.Device:
    return builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, token=iqm_mock_server.token)


@pytest.fixture
def computer(iqm_mock_server: MockServer) -> QuantumComputer:
    """Return the only machine of a server."""
    computers: QuantumComputers = iqm_mock_server.app.extensions["iqm_mock_server"]
    [only] = computers
    return only


@pytest.fixture
def backend(iqm_mock_server: MockServer) -> IQMBackend:
    return IQMBackend(base_url=iqm_mock_server.url)


def known(value: T | None) -> T:
    assert value is not None
    return value


def gate(name: str, *locus: str, **args: object) -> Instruction:
    return {"name": name, "locus": list(locus), "args": args}


def flip(qubit: str) -> Instruction:
    return gate("prx", qubit, angle=math.pi, phase=0.0)


def program(*instructions: Instruction) -> str:
    return json.dumps({"name": "circuit", "instructions": list(instructions), "metadata": {}})


def submit(device: qdmi.Device, programs: str | list[str], shots: int = 10) -> qdmi.Job:
    return device.submit_job(programs, qdmi.ProgramFormat.IQM_JSON, shots)


def ghz(qubits: int) -> QuantumCircuit:
    circuit = QuantumCircuit(qubits, qubits)
    circuit.h(0)
    for qubit in range(1, qubits):
        circuit.cx(qubit - 1, qubit)
    circuit.measure(range(qubits), range(qubits))
    return circuit


def fitted(circuit: QuantumCircuit, backend: IQMBackend) -> QuantumCircuit:
    return transpile(circuit, backend, seed_transpiler=1)


@pytest.mark.iqm_mock_server(token=TOKEN)
def test_it_reads_the_machine(device: qdmi.Device) -> None:
    assert device.qubits_num() == 20
    assert [site.name() for site in device.sites()] == [f"QB{i}" for i in range(1, 21)]
    assert all(1 <= known(site.t1()) < 1000 and 1 <= known(site.t2()) < 1000 for site in device.sites())
    assert len(known(device.coupling_map())) == 60
    operations = {operation.name(): operation for operation in device.operations()}
    assert operations.keys() == {"prx", "cz", "measure"}
    for name in ("prx", "measure"):
        assert all(0.9 < known(operations[name].fidelity([site])) < 1 for site in device.sites())
    for pair in known(operations["cz"].site_pairs()):
        assert 0.9 < known(operations["cz"].fidelity(list(pair))) < 1


@pytest.mark.iqm_mock_server(token=TOKEN)
def test_a_wrong_token_is_permission_denied(iqm_mock_server: MockServer) -> None:
    with pytest.raises(RuntimeError, match="Permission denied"):
        builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, token="wr0ng")  # noqa: S106 - on purpose


@pytest.mark.iqm_mock_server(machine=["adonis", "garnet", "garnet:mock"])
def test_it_chooses_the_machine_by_alias_by_id_or_takes_the_first(iqm_mock_server: MockServer) -> None:
    computers = {
        each.machine.alias: each.machine for each in iqm_mock_server.app.extensions["iqm_mock_server"]
    }

    def opened(**selector: str) -> qdmi.Device:
        return builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, **selector)

    assert opened().name() == "adonis"
    assert opened(custom2="garnet:mock").name() == "garnet:mock"
    assert opened(custom1=str(computers["garnet"].id)).name() == "garnet"
    with pytest.raises(RuntimeError):
        opened(custom2="nowhere")


def test_the_machines_condition_is_its_status(device: qdmi.Device, computer: QuantumComputer) -> None:
    assert (device.status(), device.queue_length()) == (qdmi.Device.Status.IDLE, 0)
    with computer.station.hold(lambda: False):
        job = submit(device, program(gate("measure", "QB1", key="m")))
        assert device.status() == qdmi.Device.Status.BUSY
        assert device.queue_length() == 1
        job.cancel()
    computer.condition = Condition.MAINTENANCE
    assert device.status() == qdmi.Device.Status.MAINTENANCE


@pytest.mark.iqm_mock_server(ideal=True)
def test_a_job_gives_counts_and_shots(device: qdmi.Device) -> None:
    job = submit(device, program(flip("QB1"), gate("measure", "QB1", "QB2", key="m")))
    assert job.wait(60)
    assert job.check() == qdmi.Job.Status.DONE
    assert job.get_counts() == {"10": 10}
    assert job.get_shots() == ["10"] * 10


@pytest.mark.iqm_mock_server(ideal=True)
def test_several_programs_are_one_job(device: qdmi.Device) -> None:
    measure = gate("measure", "QB1", key="m")
    job = submit(device, [program(flip("QB1"), measure), program(measure)])
    assert job.wait(60)
    assert [job.get_counts(index) for index in range(2)] == [{"1": 10}, {"0": 10}]


@pytest.mark.iqm_mock_server(ideal=True)
def test_a_gate_follows_the_outcome_of_a_measurement_within_the_circuit(device: qdmi.Device) -> None:
    measure = gate("measure", "QB1", key="first", feedback_key="first")
    follow = gate("cc_prx", "QB2", angle=math.pi, phase=0.0, feedback_key="first", feedback_qubit="QB1")
    last = gate("measure", "QB2", key="last")
    job = submit(device, [program(flip("QB1"), measure, follow, last), program(measure, follow, last)])
    assert job.wait(60)
    assert [job.get_counts(index) for index in range(2)] == [{"11": 10}, {"00": 10}]


@pytest.mark.iqm_mock_server(ideal=True)
def test_a_job_can_be_found_again_by_its_id(device: qdmi.Device) -> None:
    job = submit(device, program(flip("QB3"), gate("measure", "QB3", key="m")), shots=7)
    assert job.wait(60)
    found = device.retrieve_job_by_id(job.id)
    assert found.check() == qdmi.Job.Status.DONE
    assert found.num_shots == 7
    assert found.get_counts() == job.get_counts() == {"1": 7}


@pytest.mark.iqm_mock_server(duration=3600.0)
def test_a_running_and_a_waiting_job_can_be_cancelled(device: qdmi.Device) -> None:
    measure = program(gate("measure", "QB1", key="m"))
    running, waiting = submit(device, measure), submit(device, measure)
    assert not running.wait(1)
    assert running.check() == qdmi.Job.Status.RUNNING
    assert waiting.check() == qdmi.Job.Status.QUEUED
    assert waiting.queue_position == 1
    for job in (waiting, running):
        job.cancel()
        assert job.check() == qdmi.Job.Status.CANCELED


def test_a_circuit_that_the_machine_cannot_run_is_refused(device: qdmi.Device) -> None:
    with pytest.raises(RuntimeError, match="fatal"):
        submit(device, program(gate("cz", "QB1", "QB20"), gate("measure", "QB1", key="m")))


@pytest.mark.parametrize(
    "machine",
    [
        pytest.param(name, marks=pytest.mark.iqm_mock_server(machine=name, ideal=True))
        for name in ("garnet", "garnet:mock", "emerald", "adonis")
    ],
)
def test_its_qiskit_backend_runs_a_ghz_circuit_on_every_square_lattice(
    backend: IQMBackend, machine: str
) -> None:
    assert backend.name == machine
    counts = backend.run(fitted(ghz(3), backend), shots=1000).result().get_counts()
    assert counts.keys() == {"000", "111"}
    assert min(counts.values()) > 400


@pytest.mark.iqm_mock_server(ideal=True)
def test_its_qiskit_backend_runs_a_batch(backend: IQMBackend) -> None:
    # Each alike in both directions: the vendor's device passes bits on in the server's order.
    flips = []
    for flipped in (0, 1):
        circuit = QuantumCircuit(2, 2)
        if flipped:
            circuit.x([0, 1])
        circuit.measure([0, 1], [0, 1])
        flips.append(fitted(circuit, backend))
    result = backend.run(flips, shots=50, memory=True).result()
    assert result.get_counts() == [{"00": 50}, {"11": 50}]
    assert result.get_memory(1) == ["11"] * 50


@pytest.mark.iqm_mock_server(ideal=True, key_order="reversed")
def test_bit_zero_of_three_reads_001_when_the_server_lists_the_last_key_first(backend: IQMBackend) -> None:
    circuit = QuantumCircuit(3, 3)
    circuit.x(0)
    circuit.measure([0, 1, 2], [0, 1, 2])
    assert backend.run(fitted(circuit, backend), shots=20).result().get_counts() == {"001": 20}


def test_its_calibration_set_is_the_servers(
    backend: IQMBackend, computer: QuantumComputer, iqm_mock_server: MockServer
) -> None:
    assert backend.calibration_set_id == str(computer.calibrations.find(None).id)
    pinned = IQMBackend(base_url=iqm_mock_server.url, calibration_set_id=backend.calibration_set_id)
    assert pinned.calibration_set_id == backend.calibration_set_id


@pytest.mark.iqm_mock_server(ideal=True)
def test_options_of_the_run_request_reach_the_server(backend: IQMBackend) -> None:
    circuit = fitted(ghz(2), backend)
    options = {"heralding_mode": "none", "dd_mode": "disabled", "active_reset_cycles": 2}
    assert backend.run(circuit, shots=10, run_request_options=options).result().success
    # The vendor's device passes on whatever it is given: it is the server that objects.
    with pytest.raises(JobSubmissionError):
        backend.run(circuit, shots=10, run_request_options={"dd_mode": "no such mode"})


class TestStar:
    """On a star: qubits around a computational resonator."""

    pytestmark = pytest.mark.iqm_mock_server(machine="deneb", ideal=True)

    def test_the_resonator_is_a_site_but_not_a_qubit(self, device: qdmi.Device) -> None:
        assert device.qubits_num() == 6
        assert [site.name() for site in device.sites()] == [*(f"QB{i}" for i in range(1, 7)), "CR1"]
        operations = {operation.name(): operation for operation in device.operations()}
        pairs = [tuple(site.name() for site in pair) for pair in known(operations["move"].site_pairs())]
        assert pairs == [(f"QB{i}", "CR1") for i in range(1, 7)]

    def test_a_sandwich_of_moves_entangles_two_qubits(self, backend: IQMBackend) -> None:
        circuit = QuantumCircuit(7, 2)
        circuit.r(math.pi / 2, math.pi / 2, 0)
        circuit.r(-math.pi / 2, math.pi / 2, 1)
        circuit.append(MoveGate(), [1, 6])
        circuit.cz(0, 6)
        circuit.append(MoveGate(), [1, 6])
        circuit.r(math.pi / 2, math.pi / 2, 1)
        circuit.measure([0, 1], [0, 1])
        counts = backend.run(circuit, shots=1000).result().get_counts()
        assert counts.keys() == {"00", "11"}
        assert min(counts.values()) > 400
