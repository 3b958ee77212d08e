# SPDX-License-Identifier: Apache-2.0
"""Jobs of another process, and metadata of another day."""

import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister
from qiskit.providers import JobStatus

import qdmikit
from qdmikit.qiskit import QDMIBackend, QDMIJobError

ideal = pytest.mark.iqm_mock_server(ideal=True, instant=True)


def two_registers() -> QuantumCircuit:
    low, high = ClassicalRegister(1, "low"), ClassicalRegister(2, "high")
    circuit = QuantumCircuit(QuantumRegister(3, "q"), low, high, name="two")
    circuit.r(3.141592653589793, 0, 0)
    circuit.measure(0, low[0])
    circuit.measure([1, 2], high)
    return circuit


@ideal
def test_a_job_comes_back_with_the_registers_of_its_circuits(garnet: QDMIBackend) -> None:
    job_id = garnet.run([two_registers(), two_registers()], shots=7).job_id()
    found = garnet.retrieve_job(job_id, [two_registers(), two_registers()])
    assert found.job_id() == job_id
    assert found.result(timeout=60).get_counts() == [{"00 1": 7}] * 2
    assert found.status() is JobStatus.DONE
    assert found.queue_position() is None


@ideal
def test_without_circuits_an_outcome_is_one_string(garnet: QDMIBackend) -> None:
    job_id = garnet.run(two_registers(), shots=7).job_id()
    result = garnet.retrieve_job(job_id, memory=True).result(timeout=60)
    assert result.get_counts() == {"001": 7}
    assert result.get_memory() == ["001"] * 7


@ideal
def test_the_wrong_number_of_circuits_is_refused(garnet: QDMIBackend) -> None:
    job_id = garnet.run(two_registers(), shots=7).job_id()
    with pytest.raises(QDMIJobError, match=rf"job {job_id} has 1 circuit\(s\), but 2 were given"):
        garnet.retrieve_job(job_id, [two_registers(), two_registers()])


@ideal
def test_an_unknown_job_is_not_found(garnet: QDMIBackend) -> None:
    with pytest.raises(qdmikit.NotFound):
        garnet.retrieve_job("00000000-0000-4000-8000-000000000000")


def test_a_device_that_retrieves_no_jobs_says_so(simulator: QDMIBackend) -> None:
    with pytest.raises(qdmikit.Error) as caught:
        simulator.retrieve_job("1")
    assert isinstance(caught.value, qdmikit.NotSupported | qdmikit.NotFound | qdmikit.NotImplementedByDevice)


@pytest.mark.iqm_mock_server(ideal=True, duration=60.0)
def test_the_queue_is_told(garnet: QDMIBackend) -> None:
    running, waiting = garnet.run(two_registers(), shots=1), garnet.run(two_registers(), shots=1)
    while running.status() is not JobStatus.RUNNING:
        pass
    assert running.queue_position() is None
    assert waiting.queue_position() is not None
    for job in (waiting, running):
        job.cancel()


@pytest.mark.iqm_mock_server(ideal=True, instant=True, calibration_duration=0.1)
def test_a_refresh_reads_the_new_calibration(garnet: QDMIBackend) -> None:
    before = garnet.target
    t1 = [qubit.t1 for qubit in before.qubit_properties]
    calibration = garnet.device.submit_calibration("{}", qdmikit.ProgramFormat.IQMJSON)
    calibration.wait(60)
    calibration.raw_result(qdmikit.JobResult.CUSTOM1)  # with it the device takes the new figures over
    assert garnet.target is before
    garnet.refresh()
    assert [qubit.t1 for qubit in garnet.target.qubit_properties] != t1
    assert garnet.run(two_registers(), shots=1).result(timeout=60).success
