# SPDX-License-Identifier: Apache-2.0
"""The life of a job, from submission to deletion."""

from __future__ import annotations

import datetime as dt
import json
import threading
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from iqm_mock_server import ManualClock, serve

if TYPE_CHECKING:
    from tests.mockserver.conftest import Api, Circuits, Connect

JOBS = "/api/v1/jobs"
STATION_STEPS = [
    "received",
    "validation_started",
    "validation_ended",
    "fetch_calibration_started",
    "fetch_calibration_ended",
    "compilation_started",
    "compilation_ended",
    "save_sweep_metadata_started",
    "save_sweep_metadata_ended",
    "pending_execution",
    "execution_started",
    "execution_ended",
    "post_processing_pending",
    "post_processing_started",
    "post_processing_ended",
    "ready",
    "completed",
]


def assert_complete_object(job: dict[str, Any]) -> None:
    """Check what the strictest client needs in every job object it gets."""
    assert str(uuid.UUID(job["id"])) == job["id"]
    assert job["type"] == "circuit"
    assert job["status"] in {"waiting", "processing", "completed", "failed", "cancelled"}
    assert str(uuid.UUID(job["qc"]["id"])) == job["qc"]["id"]
    for name in ("artifacts", "messages", "timeline", "errors"):
        assert isinstance(job[name], list)
    for entry in job["timeline"]:
        assert dt.datetime.fromisoformat(entry["timestamp"]).utcoffset() == dt.timedelta(0)
    for progress in job["execution"]["progress"].values():
        assert type(progress["value"]) is type(progress["max_value"]) is int
    assert job.get("queue_position", 0) is not None


def test_submit_get_and_cancel_answer_the_full_object(connect: Connect, circuits: Circuits) -> None:
    with serve(duration=100, clock=ManualClock()) as server:
        api = connect(server)
        submitted = api.submit(circuits.ghz("QB1", "QB2")).json
        shown = api.job(submitted["id"])
        cancelled = api.request("POST", f"{JOBS}/{submitted['id']}/cancel")
        assert cancelled.headers["Content-Type"] == "application/json"
        for job in (submitted, shown, cancelled.json):
            assert_complete_object(job)
        assert cancelled.json["status"] == "cancelled"


def test_a_completed_job_tells_every_step_in_order(api: Api, circuits: Circuits) -> None:
    job = api.ended(api.accepted(circuits.ghz("QB1", "QB2")))
    assert_complete_object(job)
    assert job["status"] == "completed"
    steps = [(entry["source"], entry["status"]) for entry in job["timeline"]]
    assert [status for source, status in steps if source == "iqm-station-control"] == STATION_STEPS
    assert steps[0] == ("iqm-server", "created")
    assert steps[-1] == ("iqm-server", "ready")
    times = [entry["timestamp"] for entry in job["timeline"]]
    assert times == sorted(times)
    assert job["artifacts"] == [{"type": "measurements"}, {"type": "measurement_counts"}]
    assert job["execution"]["progress"] == {"circuits": {"value": 1, "max_value": 1}}
    assert job["errors"] == []
    assert "queue_position" not in job
    assert any("qiskit-aer" in message["message"] for message in job["messages"])


def test_a_job_names_the_calibration_set_it_ran_with(api: Api, circuits: Circuits) -> None:
    default = api.get("/api/v1/calibration-sets/garnet/default").json["observation_set_id"]
    for given in (None, default):
        job = api.ended(api.accepted(circuits.ghz("QB1", "QB2"), calibration_set_id=given))
        assert job["compilation"]["calibration_set_id"] == default


def test_a_batch_gives_one_result_per_circuit_in_order(api: Api, circuits: Circuits) -> None:
    zero = [circuits.measure("QB3", key="a")]
    one = [circuits.x("QB3"), circuits.measure("QB3", key="b")]
    job_id = api.completed(zero, one, zero, shots=200)
    counts = api.artifact(job_id, "measurement_counts")
    assert [each["measurement_keys"] for each in counts] == [["a"], ["b"], ["a"]]
    assert [max(each["counts"], key=lambda k: each["counts"][k]) for each in counts] == ["0", "1", "0"]
    assert [list(each) for each in api.artifact(job_id, "measurements")] == [["a"], ["b"], ["a"]]
    assert api.job(job_id)["execution"]["progress"]["circuits"] == {"value": 3, "max_value": 3}


def test_one_job_runs_at_a_time_and_the_others_know_their_place(connect: Connect, circuits: Circuits) -> None:
    clock = ManualClock()
    with serve(duration=10, clock=clock) as server:
        api = connect(server)
        first, second, third = (api.accepted(circuits.ghz("QB1", "QB2")) for _ in range(3))
        clock.await_sleepers(1)  # the first one occupies the machine
        assert [api.job(job)["status"] for job in (first, second, third)] == [
            "processing",
            "waiting",
            "waiting",
        ]
        assert [api.job(job).get("queue_position") for job in (first, second, third)] == [None, 1, 2]
        assert api.get("/api/v1/quantum-computers/garnet/queue-availability").json["queue_length"] == 3
        clock.advance(10)
        assert api.ended(first)["status"] == "completed"
        clock.await_sleepers(1)
        assert [api.job(job)["status"] for job in (second, third)] == ["processing", "waiting"]
        assert api.job(third)["queue_position"] == 1


def test_a_job_occupies_the_machine_for_the_configured_time(connect: Connect, circuits: Circuits) -> None:
    clock = ManualClock()
    with serve(duration=10, clock=clock) as server:
        api = connect(server)
        job_id = api.accepted(circuits.ghz("QB1", "QB2"))
        clock.await_sleepers(1)
        clock.advance(9.999)
        assert api.job(job_id)["status"] == "processing"
        clock.advance(0.001)
        moments = {entry["status"]: entry["timestamp"] for entry in api.ended(job_id)["timeline"]}
        taken = dt.datetime.fromisoformat(moments["ready"]) - dt.datetime.fromisoformat(moments["created"])
        assert taken == dt.timedelta(seconds=10)


def test_longer_jobs_occupy_the_machine_longer_and_faster_machines_less(
    connect: Connect, circuits: Circuits
) -> None:
    clock = ManualClock()
    with serve(duration=8, duration_per_execution=0.01, speed=4, clock=clock) as server:
        api = connect(server)
        program = circuits.ghz("QB1", "QB2")
        job_id = api.accepted(program, program, program, shots=200)
        clock.await_sleepers(1)
        # (8 + 3 x 200 x 0.01) / 4
        clock.advance(3.499)
        job = api.job(job_id)
        assert job["status"] == "processing"
        assert job["compilation"]["execution_runtime_estimate_ms"] == 3500
        assert "runtime_ms" not in job
        clock.advance(0.001)
        job = api.ended(job_id)
        assert (job["status"], job["runtime_ms"]) == ("completed", 3500)


@pytest.mark.iqm_mock_server(instant=True, duration=0.05)
def test_an_instant_job_has_ended_when_its_submission_is_answered(api: Api, circuits: Circuits) -> None:
    job = api.submit(circuits.ghz("QB1", "QB2")).json
    assert_complete_object(job)
    assert job["status"] == "completed"
    assert job == api.job(job["id"])
    assert sum(api.artifact(job["id"], "measurement_counts")[0]["counts"].values()) == 100


def test_cancelling_an_instant_job_answers_its_submission(connect: Connect, circuits: Circuits) -> None:
    clock = ManualClock()
    with serve(instant=True, duration=100, clock=clock) as server:
        api = connect(server)
        replies: list[dict[str, Any]] = []
        submitting = threading.Thread(
            target=lambda: replies.append(connect(server).submit(circuits.ghz("QB1", "QB2")).json)
        )
        submitting.start()
        clock.await_sleepers(1)
        [job] = server.app.extensions["iqm_mock_server"].jobs_overview(10)
        assert api.request("POST", f"{JOBS}/{job['id']}/cancel").status == 200
        submitting.join(10)
    assert [reply["status"] for reply in replies] == ["cancelled"]


def test_each_machine_works_through_a_queue_of_its_own(connect: Connect, circuits: Circuits) -> None:
    clock = ManualClock()
    with serve(machine=["garnet", "garnet:other"], duration=10, clock=clock) as server:
        api = connect(server)
        document = {"circuits": [{"name": "b", "instructions": circuits.ghz("QB1", "QB2")}]}
        jobs = {
            alias: [api.post(f"{JOBS}/{alias}/circuit", document).json["id"] for _ in range(2)]
            for alias in ("garnet", "garnet:other")
        }
        clock.await_sleepers(2)  # one job on each machine
        for first, second in jobs.values():
            assert [api.job(job)["status"] for job in (first, second)] == ["processing", "waiting"]
            assert api.job(second)["queue_position"] == 1
        ids = {alias: api.get(f"/api/v1/quantum-computers/{alias}").json["id"] for alias in jobs}
        assert len(set(ids.values())) == 2
        for alias, (first, _) in jobs.items():
            assert api.job(first)["qc"] == {"id": ids[alias]}
        # A job is found under its id, whichever machine has it.
        assert api.request("POST", f"{JOBS}/{jobs['garnet'][1]}/cancel").status == 200
        availability = [
            api.get(f"/api/v1/quantum-computers/{alias}/queue-availability").json["queue_length"]
            for alias in jobs
        ]
        assert availability == [1, 2]


def test_a_waiting_job_can_be_cancelled_and_leaves_the_queue(connect: Connect, circuits: Circuits) -> None:
    clock = ManualClock()
    with serve(duration=10, clock=clock) as server:
        api = connect(server)
        _running, waiting, last = (api.accepted(circuits.ghz("QB1", "QB2")) for _ in range(3))
        clock.await_sleepers(1)
        job = api.request("POST", f"{JOBS}/{waiting}/cancel").json
        assert job["status"] == "cancelled"
        assert [entry["status"] for entry in job["timeline"]][-2:] == ["aborted", "cancelled"]
        assert "execution_started" not in [entry["status"] for entry in job["timeline"]]
        assert api.job(last)["queue_position"] == 1


def test_cancelling_a_running_job_frees_the_machine_at_once(connect: Connect, circuits: Circuits) -> None:
    clock = ManualClock()
    with serve(duration=10, clock=clock) as server:
        api = connect(server)
        running, following = (api.accepted(circuits.ghz("QB1", "QB2")) for _ in range(2))
        clock.await_sleepers(1)
        assert api.request("POST", f"{JOBS}/{running}/cancel").json["status"] == "cancelled"
        while api.job(following)["status"] == "waiting":
            pass
        clock.await_sleepers(1)
        clock.advance(10)
        assert api.ended(following)["status"] == "completed"
        assert api.job(running)["status"] == "cancelled"


def test_cancelling_interrupts_a_simulation(connect: Connect, circuits: Circuits) -> None:
    with serve() as server:
        api = connect(server)
        line = ["QB1", "QB2", "QB5", "QB6", "QB7", "QB12", "QB11", "QB10", "QB9", "QB8", "QB3", "QB4"]
        long = circuits.ghz(*line)[:-1] * 6 + [circuits.measure(*line)]
        # About a minute of simulation: were it not interrupted, the next job would wait for it.
        running = api.accepted(long, shots=6000)
        while "execution_started" not in [entry["status"] for entry in api.job(running)["timeline"]]:
            pass
        assert api.request("POST", f"{JOBS}/{running}/cancel").json["status"] == "cancelled"
        following = api.ended(api.accepted(circuits.ghz("QB1", "QB2")))
        assert following["status"] == "completed"
        assert api.get(f"{JOBS}/{running}/artifacts/measurements").status == 404


@pytest.mark.parametrize("artifact", ["measurements", "measurement_counts"])
def test_artifacts_of_an_unfinished_or_cancelled_job_are_404(
    connect: Connect, circuits: Circuits, artifact: str
) -> None:
    with serve(duration=10, clock=ManualClock()) as server:
        api = connect(server)
        job_id = api.accepted(circuits.ghz("QB1", "QB2"))
        unfinished = api.get(f"{JOBS}/{job_id}/artifacts/{artifact}")
        api.request("POST", f"{JOBS}/{job_id}/cancel")
        cancelled = api.get(f"{JOBS}/{job_id}/artifacts/{artifact}")
        for reply in (unfinished, cancelled):
            assert (reply.status, reply.json["error_code"]) == (404, "job_artifact_not_found")
        assert api.job(job_id)["artifacts"] == []


def test_a_job_that_has_ended_cannot_be_cancelled(api: Api, circuits: Circuits) -> None:
    job_id = api.completed(circuits.ghz("QB1", "QB2"))
    reply = api.request("POST", f"{JOBS}/{job_id}/cancel")
    assert reply.status == 403
    assert (reply.json["error_code"], reply.json["message"]) == ("illegal_job_status", "Illegal job status")
    assert api.job(job_id)["status"] == "completed"


def test_a_deleted_job_is_gone(api: Api, circuits: Circuits) -> None:
    job_id = api.completed(circuits.ghz("QB1", "QB2"))
    deletion = api.request("DELETE", f"{JOBS}/{job_id}")
    assert (deletion.status, deletion.body) == (204, b"")
    for path in ("", "/payload", "/artifacts/measurements"):
        reply = api.get(f"{JOBS}/{job_id}{path}")
        assert (reply.status, reply.json["error_code"]) == (404, "job_not_found")
    assert api.request("DELETE", f"{JOBS}/{job_id}").status == 404


@pytest.mark.parametrize("job_id", ["00000000-0000-0000-0000-000000000000", "not-a-uuid"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/payload"),
        ("GET", "/artifacts/measurements"),
        ("POST", "/cancel"),
        ("DELETE", ""),
    ],
)
def test_an_unknown_job_is_404(api: Api, job_id: str, method: str, path: str) -> None:
    reply = api.request(method, f"{JOBS}/{job_id}{path}")
    assert (reply.status, reply.json["error_code"]) == (404, "job_not_found")


def test_an_unknown_artifact_is_404(api: Api, circuits: Circuits) -> None:
    job_id = api.completed(circuits.ghz("QB1", "QB2"))
    reply = api.get(f"{JOBS}/{job_id}/artifacts/sweep_results")
    assert (reply.status, reply.json["error_code"]) == (404, "job_artifact_not_found")


def test_the_payload_comes_back_byte_for_byte_with_its_job_type(api: Api, circuits: Circuits) -> None:
    payload = {
        "shots": 3,
        "circuits": [{"name": "ü", "instructions": circuits.ghz("QB1", "QB2")}],
        "other": [1.0],
    }
    body = json.dumps(payload, ensure_ascii=False, indent=3).encode()
    job = api.request("POST", f"{JOBS}/garnet/circuit", body).json
    reply = api.get(f"{JOBS}/{job['id']}/payload")
    assert reply.body == body
    assert reply.headers["IQM-Job-Type"] == "circuit"


def test_the_payload_spells_out_shots_that_were_left_out(api: Api, circuits: Circuits) -> None:
    job = api.post(
        f"{JOBS}/garnet/circuit", {"circuits": [{"name": "b", "instructions": circuits.ghz("QB1", "QB2")}]}
    )
    assert api.get(f"{JOBS}/{job.json['id']}/payload").json["shots"] == 1


def test_the_tag_is_shown_with_the_job(api: Api, circuits: Circuits) -> None:
    document = {"circuits": [{"name": "b", "instructions": circuits.ghz("QB1", "QB2")}]}
    job = api.post(f"{JOBS}/garnet/circuit", document, tag="a b+c", use_timeslot="false").json
    assert job["tag"] == api.job(job["id"])["tag"] == "a b+c"
    assert "tag" not in api.submit(circuits.ghz("QB1", "QB2")).json


def test_jobs_can_be_submitted_under_the_computers_id(api: Api, circuits: Circuits) -> None:
    computer_id = api.get("/api/v1/quantum-computers/garnet").json["id"]
    document = {"circuits": [{"name": "b", "instructions": circuits.ghz("QB1", "QB2")}]}
    job = api.post(f"{JOBS}/{computer_id}/circuit", document).json
    assert job["qc"] == {"id": computer_id}


def test_a_circuit_without_measurements_has_empty_results(api: Api, circuits: Circuits) -> None:
    job_id = api.completed([circuits.x("QB1")], circuits.ghz("QB1", "QB2"))
    assert api.artifact(job_id, "measurements")[0] == {}
    assert api.artifact(job_id, "measurement_counts")[0] == {"measurement_keys": [], "counts": {}}
