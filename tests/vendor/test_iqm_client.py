# SPDX-License-Identifier: Apache-2.0
"""The vendor's `IQMClient` against the mock server: jobs."""

from __future__ import annotations

import math
import time
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from exa.common.errors.iqm_error import ForbiddenError, InvalidOperationError, NotFoundError
from iqm.iqm_client import Circuit, CircuitCompilationOptions, CircuitOperation, IQMClient
from iqm.station_control.interface.models.circuit import CircuitJobDefinition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iqm.station_control.client.job_trackers import CircuitJobTracker


Run = Any
"""Runs a server for the length of a `with` and gives its URL."""


def prx(qubit: str, angle: float, phase: float = 0.0) -> CircuitOperation:
    return CircuitOperation(name="prx", locus=(qubit,), args={"angle": angle, "phase": phase})


def measure(*qubits: str, key: str = "m") -> CircuitOperation:
    return CircuitOperation(name="measure", locus=qubits, args={"key": key})


def circuit(*instructions: CircuitOperation, name: str = "circuit", **metadata: object) -> Circuit:
    return Circuit(name=name, instructions=instructions, metadata=metadata)


def flip(*qubits: str, measured: tuple[str, ...]) -> Circuit:
    return circuit(*(prx(qubit, math.pi) for qubit in qubits), measure(*measured))


def bell(first: str = "QB1", second: str = "QB2") -> Circuit:
    return circuit(
        prx(first, math.pi / 2, math.pi / 2),
        prx(second, -math.pi / 2, math.pi / 2),
        CircuitOperation(name="cz", locus=(first, second), args={}),
        prx(second, math.pi / 2, math.pi / 2),
        measure(first, second),
    )


def test_a_bell_circuit_gives_correlated_bits(client: IQMClient) -> None:
    job = client.submit_circuits([bell()], shots=1000)
    [counts] = job.result_counts()
    assert counts.measurement_keys == ["m"]
    assert set(counts.counts) == {"00", "11"}
    assert sum(counts.counts.values()) == 1000
    assert min(counts.counts.values()) > 400
    [rows] = job.result()
    assert [rows["m"].count(row) for row in ([0, 0], [1, 1])] == [counts.counts["00"], counts.counts["11"]]


def test_a_job_that_is_not_instant_is_waited_for(run: Run) -> None:
    with run("--ideal", "--duration", "0.5") as url:
        job = IQMClient.from_url(url).submit_circuits([bell()], shots=10)
        assert job.status in {"waiting", "processing"}
        assert job.result() is None
        assert job.wait_for_completion(timeout_secs=60, polling_interval=0.1) == "completed"
        assert job.job_data.execution.progress["circuits"].value == 1
        [rows] = job.result()
        assert len(rows["m"]) == 10


def test_the_order_of_a_measurements_qubits_is_the_order_of_its_bits(client: IQMClient) -> None:
    job = client.submit_circuits([flip("QB1", measured=("QB3", "QB1"))], shots=3)
    assert job.result() == [{"m": [[0, 1]] * 3}]
    assert job.result_counts()[0].counts == {"01": 3}


def test_a_batch_gives_one_result_for_each_circuit_in_order(client: IQMClient) -> None:
    job = client.submit_circuits([flip(measured=("QB1",)), flip("QB1", measured=("QB1",))], shots=2)
    assert job.result() == [{"m": [[0], [0]]}, {"m": [[1], [1]]}]
    assert [each.counts for each in job.result_counts()] == [{"0": 2}, {"1": 2}]


def test_the_artifacts_can_be_asked_for_by_id(client: IQMClient) -> None:
    job = client.submit_circuits([flip("QB2", measured=("QB2",))], shots=2)
    assert client.get_job_measurements(job.job_id) == [{"m": [[1], [1]]}]
    assert client.get_job_measurement_counts(job.job_id)[0].counts == {"1": 2}


def test_logical_qubits_are_mapped_to_physical_ones(client: IQMClient) -> None:
    job = client.submit_circuits(
        [flip("bob", measured=("alice", "bob"))], shots=2, qubit_mapping={"alice": "QB7", "bob": "QB12"}
    )
    assert job.result() == [{"m": [[0, 1]] * 2}]


def test_a_job_found_by_its_id_has_the_payload_that_was_submitted(client: IQMClient) -> None:
    sent = flip("QB1", measured=("QB1",))
    options = CircuitCompilationOptions(max_circuit_duration_over_t2=0.0)
    submitted = client.submit_circuits([sent], shots=7, options=options)
    found = client.get_job(submitted.job_id)
    payload = found.payload()
    assert list(payload.circuits) == [sent]
    assert payload.shots == 7
    assert payload.max_circuit_duration_over_t2 == 0.0
    assert found.result() == [{"m": [[1]] * 7}]


def test_a_circuits_metadata_survives_the_round_trip(client: IQMClient) -> None:
    job = client.submit_circuits([circuit(measure("QB1"), name="mine", author="me", run=3)])
    [read] = client.get_job(job.job_id).payload().circuits
    assert (read.name, read.metadata) == ("mine", {"author": "me", "run": 3})


def test_a_job_names_its_calibration_set_and_tells_its_steps(client: IQMClient) -> None:
    job = client.submit_circuits([bell()], shots=10)
    default = client.get_dynamic_quantum_architecture().calibration_set_id
    assert job.job_data.compilation.calibration_set_id == default
    for status, source in (
        ("created", "iqm-server"),
        ("received", "iqm-station-control"),
        ("completed", "iqm-station-control"),
        ("ready", "iqm-server"),
    ):
        assert job.find_timeline_entry(status, source=source) is not None
    moments = [entry.timestamp for entry in job.job_data.timeline]
    assert moments == sorted(moments)


def test_a_job_says_how_it_was_simulated(client: IQMClient) -> None:
    job = client.submit_circuits([bell()], shots=10)
    assert any("imulat" in message.message for message in job.job_data.messages)


def test_the_circuits_can_be_a_qir_program(client: IQMClient) -> None:
    program = """
%Qubit = type opaque
%Result = type opaque

define void @main() #0 {
entry:
  call void @__quantum__qis__r__body(double 3.141592653589793, double 0.0, %Qubit* null)
  call void @__quantum__qis__mz__body(%Qubit* null, %Result* null)
  call void @__quantum__qis__mz__body(%Qubit* inttoptr (i64 1 to %Qubit*), %Result* inttoptr (i64 1 to %Result*))
  ret void
}

declare void @__quantum__qis__r__body(double, double, %Qubit*)
declare void @__quantum__qis__mz__body(%Qubit*, %Result* writeonly) #1

attributes #0 = { "entry_point" "qir_profiles"="base_profile" "output_labeling_schema"="schema_id" "required_num_qubits"="2" "required_num_results"="2" }
attributes #1 = { "irreversible" }
"""  # noqa: E501 - a line of the program's own
    job = client.submit_circuits([program], shots=2)
    assert job.result() == [{"m_1_0_0": [[1], [1]], "m_1_1_0": [[0], [0]]}]


def await_start(job: CircuitJobTracker) -> None:
    deadline = time.monotonic() + 30
    while job.update() != "processing":
        assert time.monotonic() < deadline, job.job_data


@pytest.fixture
def slow_client(slow_server: str) -> IQMClient:
    return IQMClient.from_url(slow_server)


@pytest.fixture
def two_jobs(slow_client: IQMClient) -> Iterator[tuple[CircuitJobTracker, CircuitJobTracker]]:
    """Return a job that its machine is busy with and one behind it."""
    jobs = tuple(slow_client.submit_circuits([bell()]) for _ in range(2))
    yield jobs
    for job in reversed(jobs):
        if job.update() not in {"completed", "failed", "cancelled"}:
            job.cancel()


def test_a_waiting_job_knows_its_place_and_can_be_cancelled(
    two_jobs: tuple[CircuitJobTracker, CircuitJobTracker],
) -> None:
    _, behind = two_jobs
    assert behind.update() == "waiting"
    assert behind.job_data.queue_position == 1
    behind.cancel()
    assert behind.update() == "cancelled"
    assert behind.result() is None


def test_a_running_job_can_be_cancelled_and_the_next_one_gets_the_machine(
    two_jobs: tuple[CircuitJobTracker, CircuitJobTracker], slow_client: IQMClient
) -> None:
    first, behind = two_jobs
    await_start(first)
    slow_client.cancel_job(first.job_id)
    assert first.update() == "cancelled"
    await_start(behind)


def test_waiting_ends_at_the_time_limit_without_ending_the_job(
    two_jobs: tuple[CircuitJobTracker, CircuitJobTracker],
) -> None:
    first, _ = two_jobs
    assert first.wait_for_completion(timeout_secs=0.3, polling_interval=0.1) in {"waiting", "processing"}


def test_a_job_that_has_ended_cannot_be_cancelled(client: IQMClient) -> None:
    job = client.submit_circuits([bell()])
    with pytest.raises(ForbiddenError) as caught:
        client.cancel_job(job.job_id)
    assert caught.value.error_code == "illegal_job_status"
    assert job.update() == "completed"


def test_a_deleted_job_is_gone(client: IQMClient) -> None:
    job = client.submit_circuits([bell()])
    client.delete_job(job.job_id)
    with pytest.raises(NotFoundError) as caught:
        client.get_job(job.job_id)
    assert caught.value.error_code == "job_not_found"


def test_a_job_that_never_was_is_not_found(client: IQMClient) -> None:
    with pytest.raises(NotFoundError, match="not found"):
        client.get_job(uuid.uuid4())


@pytest.mark.parametrize(
    ("refused", "code", "reason"),
    [
        (circuit(prx("QB99", 1.0), measure("QB1")), "invalid_job_payload", "QB99"),
        (
            circuit(CircuitOperation(name="cz", locus=("QB1", "QB20"), args={}), measure("QB1")),
            "invalid_job_payload",
            "cz",
        ),
        (circuit(measure("QB1"), measure("QB2")), "invalid_job_payload", "not unique"),
    ],
    ids=["no such qubit", "no such coupler", "one key twice"],
)
def test_the_server_refuses_a_circuit_that_the_client_did_not_look_at(
    client: IQMClient, refused: Circuit, code: str, reason: str
) -> None:
    with pytest.raises(InvalidOperationError, match=reason) as caught:
        client.submit_circuit_job(CircuitJobDefinition(circuits=[refused], shots=1))
    assert caught.value.error_code == code


def test_the_server_refuses_a_calibration_set_that_it_does_not_have(client: IQMClient) -> None:
    submission = CircuitJobDefinition(circuits=[bell()], shots=1, calibration_set_id=uuid.UUID(int=1))
    with pytest.raises(InvalidOperationError, match="calibration_set_id") as caught:
        client.submit_circuit_job(submission)
    assert caught.value.error_code == "invalid_job_payload"
