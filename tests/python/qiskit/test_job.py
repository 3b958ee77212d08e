# SPDX-License-Identifier: Apache-2.0
"""A job after it was submitted: status, waiting, cancelling, failing, results."""

import re
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from qiskit import QuantumCircuit
from qiskit.exceptions import QiskitError
from qiskit.providers import JobStatus

import qdmikit
from qdmikit import ProgramFormat
from qdmikit.qiskit import (
    QDMIBackend,
    QDMIJob,
    QDMIJobError,
    QDMIJobTimeoutError,
    register_program_serializer,
    unregister_program_serializer,
)
from qdmikit.qiskit.openqasm import circuit_to_qasm3
from qdmikit.qiskit.submission import Experiment

FINAL = {JobStatus.DONE, JobStatus.CANCELLED, JobStatus.ERROR}
long_jobs = pytest.mark.iqm_mock_server(ideal=True, duration=60.0)


def flipped(name: str = "flipped") -> QuantumCircuit:
    circuit = QuantumCircuit(1, 1, name=name)
    circuit.x(0)
    circuit.measure(0, 0)
    return circuit


def measured() -> QuantumCircuit:
    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    return circuit


@pytest.fixture
def broken_circuits() -> Iterator[None]:
    """Let circuits named `broken` become programs that no device can run."""

    def serializer(circuit: QuantumCircuit, backend: QDMIBackend) -> str:
        return "OPENQASM 3.0; nonsense" if circuit.name == "broken" else circuit_to_qasm3(circuit, backend)

    register_program_serializer(ProgramFormat.QASM3, serializer, replace=True)
    yield
    unregister_program_serializer(ProgramFormat.QASM3)


def test_a_finished_job_is_done(simulator: QDMIBackend) -> None:
    job = simulator.run(flipped(), shots=5)
    job.wait_for_final_state(timeout=60)
    assert job.status() is JobStatus.DONE
    assert job.done()
    assert job.result() is job.result()


def test_a_job_is_submitted_once(simulator: QDMIBackend) -> None:
    job = simulator.run(flipped(), shots=5)
    with pytest.raises(QDMIJobError, match="has been submitted already"):
        job.submit()


@long_jobs
def test_waiting_ends_at_the_deadline_and_can_go_on(garnet: QDMIBackend) -> None:
    job = garnet.run(measured(), shots=5)
    began = time.monotonic()
    with pytest.raises(QDMIJobTimeoutError, match=job.job_id()) as caught:
        job.result(timeout=0.3)
    assert 0.3 <= time.monotonic() - began < 0.8
    assert isinstance(caught.value, TimeoutError)
    assert job.status() in {JobStatus.QUEUED, JobStatus.RUNNING}
    assert job.cancel()


@long_jobs
def test_a_cancelled_job_has_no_result(garnet: QDMIBackend) -> None:
    job = garnet.run(measured(), shots=5)
    assert job.cancel()
    assert job.status() is JobStatus.CANCELLED
    with pytest.raises(QDMIJobError, match="it was cancelled"):
        job.result(timeout=60)


def test_a_finished_job_cannot_be_cancelled(garnet: QDMIBackend) -> None:
    job = garnet.run(measured(), shots=5)
    job.wait_for_final_state(timeout=60)
    assert not job.cancel()
    assert job.status() is JobStatus.DONE


@pytest.mark.iqm_mock_server(ideal=True, duration=0.5)
def test_a_callback_sees_the_job_go_by(garnet: QDMIBackend) -> None:
    seen: list[tuple[str, JobStatus, QDMIJob]] = []
    job = garnet.run(measured(), shots=5)
    job.wait_for_final_state(timeout=60, wait=0.05, callback=lambda *call: seen.append(call))
    assert {(job_id, reported) for job_id, _, reported in seen} == {(job.job_id(), job)}
    assert [status in FINAL for _, status, _ in seen] == [False] * (len(seen) - 1) + [True]
    assert JobStatus.RUNNING in {status for _, status, _ in seen}


@pytest.mark.usefixtures("broken_circuits")
def test_a_failed_job_raises_with_its_reason(simulator: QDMIBackend) -> None:
    job = simulator.run(flipped("broken"), shots=5)
    with pytest.raises(QDMIJobError, match=rf"job {job.job_id()} on .* has no results: .+"):
        job.result(timeout=60)
    assert job.status() is JobStatus.ERROR


@pytest.mark.usefixtures("broken_circuits")
def test_siblings_of_a_failed_circuit_keep_their_results(simulator: QDMIBackend) -> None:
    result = simulator.run([flipped("good"), flipped("broken")], shots=5).result(timeout=60)
    assert not result.success
    assert result.get_counts("good") == {"1": 5}
    assert [entry.success for entry in result.results] == [True, False]
    with pytest.raises(QiskitError, match=re.escape(result.results[1].status)):
        result.get_counts("broken")


class OneProgramAtATime:
    """A real device that, as some do, takes a single program per job."""

    def __init__(self, device: qdmikit.Device) -> None:
        self._device = device
        self.submissions: list[int] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._device, name)

    def submit(self, programs: list[str], program_format: ProgramFormat, shots: int) -> qdmikit.Job:
        self.submissions.append(len(programs))
        if len(programs) > 1:
            raise qdmikit.NotSupported("no lists", function="MQT_DDSIM_QDMI_device_job_set_programs")
        return self._device.submit(programs, program_format, shots)


def test_circuits_go_one_by_one_where_a_job_holds_one(simulator_device: qdmikit.Device) -> None:
    device = OneProgramAtATime(simulator_device)
    backend = QDMIBackend(device)  # type: ignore[arg-type]
    job = backend.run([flipped("first"), measured()], shots=5)
    assert device.submissions == [2, 1, 1]
    assert job.result(timeout=60).get_counts() == [{"1": 5}, {"0": 5}]
    assert job.status() is JobStatus.DONE
    assert len(set(job.job_id().split(","))) == 2


def test_another_refusal_is_no_reason_to_try_again(simulator_device: qdmikit.Device) -> None:
    class RefusesShots(OneProgramAtATime):
        def submit(self, programs: list[str], _format: ProgramFormat, _shots: int) -> qdmikit.Job:
            self.submissions.append(len(programs))
            raise qdmikit.NotSupported("no shots", function="MQT_DDSIM_QDMI_device_job_set_parameter")

    device = RefusesShots(simulator_device)
    with pytest.raises(qdmikit.NotSupported):
        QDMIBackend(device).run([flipped(), flipped()])  # type: ignore[arg-type]
    assert device.submissions == [2]


@long_jobs
def test_circuits_before_a_refused_one_are_cancelled(garnet: QDMIBackend) -> None:
    class RefusesTheThird(OneProgramAtATime):
        def submit(self, programs: list[str], program_format: ProgramFormat, shots: int) -> qdmikit.Job:
            if len(self.submissions) == 3:
                raise qdmikit.PermissionDenied("no more today")
            accepted.append(super().submit(programs, program_format, shots))
            return accepted[-1]

    accepted: list[qdmikit.Job] = []
    backend = QDMIBackend(RefusesTheThird(garnet.device))  # type: ignore[arg-type]
    with pytest.raises(qdmikit.PermissionDenied, match="no more today") as caught:
        backend.run([measured(), measured(), measured()], shots=5)
    assert [job.status for job in accepted] == [qdmikit.JobStatus.CANCELED] * 2
    [note] = caught.value.__notes__
    assert note == "circuits from 2 on, of 3, were refused; those before them were cancelled"


def finished(simulator: QDMIBackend, counts: dict[str, int]) -> QDMIJob:
    """Return a job whose device answers with the given counts."""
    native = SimpleNamespace(
        id="j1",
        status=qdmikit.JobStatus.DONE,
        wait=lambda _timeout: qdmikit.JobStatus.DONE,
        counts=lambda _index: counts,
    )
    header = {"name": "c", "memory_slots": 2, "creg_sizes": [["c", 2]], "metadata": {}}
    return QDMIJob(simulator, [Experiment(header, native, 0)], memory=False)  # type: ignore[arg-type]


def test_fewer_shots_than_asked_for_are_a_result(simulator: QDMIBackend) -> None:
    result = finished(simulator, {"00": 3, "11": 4}).result()
    assert result.success
    assert result.results[0].shots == 7
    assert result.get_counts() == {"00": 3, "11": 4}


def test_outcomes_of_the_wrong_width_are_refused(simulator: QDMIBackend) -> None:
    with pytest.raises(QDMIJobError, match=r"the outcome '011' \(3 bits\) for circuit 'c', which has 2"):
        finished(simulator, {"011": 3}).result()
