# SPDX-License-Identifier: Apache-2.0
"""The job engine with executions that misbehave, and simulator processes that end."""

from __future__ import annotations

import gc
import threading
import uuid
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from iqm_mock_server.clock import SystemClock
from iqm_mock_server.errors import ApiError, IllegalJobStatus, NotFound
from iqm_mock_server.jobs.archive import JobArchive
from iqm_mock_server.jobs.engine import Execution, JobEngine
from iqm_mock_server.jobs.job import Job, JobFacts, Submission
from iqm_mock_server.jobs.packing import pack, unpack
from iqm_mock_server.jobs.results import CircuitResult
from iqm_mock_server.jobs.run import Interrupted, JobFailed, Run
from iqm_mock_server.jobs.station import Station
from iqm_mock_server.settings import Settings
from iqm_mock_server.simulator.process import SimulationError, SimulatorGone, SimulatorPool, SimulatorProcess
from iqm_mock_server.simulator.task import ControlledZ, MeasureBit, Method, Rotation, Samples, Task
from iqm_mock_server.state import Database

if TYPE_CHECKING:
    from collections.abc import Callable

    from iqm_mock_server.simulator.task import Step

SUBMISSION = Submission(uuid.uuid4(), b"", (), 1, uuid.uuid4(), None, 0, ())


def read_again(payload: bytes, facts: JobFacts) -> Submission:
    return replace(SUBMISSION, payload=payload, seed=facts.seed)


def engine_running(
    execute: Execution,
    archive: JobArchive | None = None,
    read: Callable[[bytes, JobFacts], Submission] = read_again,
    *,
    instant: bool = False,
    station: Station | None = None,
) -> JobEngine:
    return JobEngine(
        execute,
        read,
        archive=archive or JobArchive(Database(None)),
        clock=SystemClock(),
        station=station or Station(),
        settings=Settings(instant=instant),
        computer_id=SUBMISSION.computer_id,
    )


def task(*steps: Step, shots: int) -> Task:
    return Task(
        qubits_num=2,
        bits_num=2,
        opening=(),
        steps=steps,
        readout_errors=(),
        shots=shots,
        seed=5,
        method=Method.STATEVECTOR,
    )


def bell(shots: int, repetitions: int = 1) -> Task:
    steps = (
        Rotation(0, 1.5, 0.1),
        Rotation(1, 1.5, 0.1),
        ControlledZ(0, 1),
        MeasureBit(0, 0),
        MeasureBit(1, 1),
    )
    return task(*steps * repetitions, shots=shots)


@pytest.mark.parametrize("error", [JobFailed("the fridge is warm"), ZeroDivisionError("the fridge is warm")])
def test_a_job_whose_execution_fails_says_why_and_the_machine_goes_on(error: Exception) -> None:
    outcomes = [error, None]

    def execute(_submission: Submission, _run: Run) -> tuple[CircuitResult, ...]:
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome
        return ()

    with closing(engine_running(execute)) as engine:
        first, second = (uuid.UUID(engine.submit(SUBMISSION)["id"]) for _ in range(2))
        job, ended = engine.wait_until_terminal(first, 10)
        assert ended
        assert job["status"] == "failed"
        [problem] = job["errors"]
        assert problem["error_code"] == "circuit_execution_error"
        assert "the fridge is warm" in problem["message"]
        assert [entry["status"] for entry in job["timeline"]][-2:] == ["failed", "failed"]
        with pytest.raises(ApiError) as caught:
            engine.results(first)
        assert caught.value.status == 404
        assert engine.wait_until_terminal(second, 10)[0]["status"] == "completed"


def test_closing_the_engine_ends_the_wait_for_a_job() -> None:
    started, go_on = threading.Event(), threading.Event()

    def execute(_submission: Submission, run: Run) -> tuple[CircuitResult, ...]:
        run.on_interrupt(go_on.set)
        started.set()
        assert go_on.wait(10)
        run.step("never reached")
        return ()

    engine = engine_running(execute)
    job_id = uuid.UUID(engine.submit(SUBMISSION)["id"])
    assert started.wait(10)
    errors: list[ApiError] = []

    def wait() -> None:
        try:
            engine.wait_until_terminal(job_id, 30)
        except ApiError as error:
            errors.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    engine.close()
    waiting.join(10)
    assert [error.status for error in errors] == [503]
    with pytest.raises(ApiError):
        engine.submit(SUBMISSION)


STAGES = [
    "fetch_calibration_started",
    "compilation_started",
    "pending_execution",
    "execution_started",
    "post_processing_started",
]


@pytest.mark.parametrize("stage", STAGES)
def test_a_job_can_be_cancelled_at_every_stage_and_the_next_one_runs(stage: str) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def execute(_submission: Submission, run: Run) -> tuple[CircuitResult, ...]:
        for step in STAGES:
            run.step(step)
            if step == stage and not reached.is_set():
                reached.set()
                assert go_on.wait(10)
        return ()

    with closing(engine_running(execute)) as engine:
        first, second = (uuid.UUID(engine.submit(SUBMISSION)["id"]) for _ in range(2))
        assert reached.wait(10)
        cancelled = engine.cancel(first)
        go_on.set()
        assert engine.wait_until_terminal(second, 10)[0]["status"] == "completed"
        assert engine.document(first) == cancelled
    assert cancelled["status"] == "cancelled"
    assert [entry["status"] for entry in cancelled["timeline"]][-3:] == [stage, "aborted", "cancelled"]


def test_a_job_waits_while_something_else_holds_the_station_and_can_be_cancelled() -> None:
    station = Station()
    with closing(engine_running(lambda *_: (), station=station)) as engine:
        with station.hold(lambda: False) as held:
            assert held
            first, second = (uuid.UUID(engine.submit(SUBMISSION)["id"]) for _ in range(2))
            job, ended = engine.wait_until_terminal(first, 0.05)
            assert (job["status"], job["queue_position"], ended) == ("waiting", 0, False)
            assert engine.cancel(first)["status"] == "cancelled"
            assert engine.document(second)["queue_position"] == 0
        assert engine.wait_until_terminal(second, 10)[0]["status"] == "completed"


def test_an_engine_closes_while_something_else_holds_the_station() -> None:
    station = Station()
    engine = engine_running(lambda *_: (), station=station)
    with station.hold(lambda: False):
        engine.submit(SUBMISSION)
        engine.close()
    assert engine.queue_length() == 1


def test_jobs_and_others_get_the_station_in_the_order_in_which_they_asked() -> None:
    station = Station()
    order: list[str] = []
    running, asked, go_on = threading.Event(), threading.Event(), threading.Event()

    def execute(submission: Submission, _run: Run) -> tuple[CircuitResult, ...]:
        order.append(str(submission.tag))
        running.set()
        assert go_on.wait(10)
        return ()

    def calibrate() -> None:
        def not_yet() -> bool:
            asked.set()
            return False

        with station.hold(not_yet):
            order.append("calibration")

    with closing(engine_running(execute, station=station)) as engine:
        jobs = [uuid.UUID(engine.submit(replace(SUBMISSION, tag=tag))["id"]) for tag in ("first", "second")]
        assert running.wait(10)
        calibration = threading.Thread(target=calibrate)
        calibration.start()
        assert asked.wait(10)
        go_on.set()
        assert engine.wait_until_terminal(jobs[1], 10)[1]
        calibration.join(10)
    assert order == ["first", "calibration", "second"]


def test_jobs_far_behind_in_the_queue_are_read_again_when_their_turn_comes() -> None:
    first_runs, go_on = threading.Event(), threading.Event()
    payloads: list[bytes] = []
    seeds: list[int] = []

    def execute(submission: Submission, _run: Run) -> tuple[CircuitResult, ...]:
        first_runs.set()
        assert go_on.wait(10)
        seeds.append(submission.seed)
        return ()

    def read(payload: bytes, facts: JobFacts) -> Submission:
        payloads.append(payload)
        return read_again(payload, facts)

    with closing(engine_running(execute, read=read)) as engine:
        jobs = []
        for number in range(100):
            submission = replace(SUBMISSION, seed=number, payload=str(number).encode())
            jobs.append(uuid.UUID(engine.submit(submission)["id"]))
            assert number or first_runs.wait(10)
        go_on.set()
        assert {engine.wait_until_terminal(job, 10)[0]["status"] for job in jobs} == {"completed"}
    assert seeds == list(range(100))
    assert payloads == [str(number).encode() for number in range(65, 100)]


def test_jobs_that_have_ended_take_no_memory() -> None:
    def jobs_in_memory() -> int:
        gc.collect()
        return sum(isinstance(each, Job) for each in gc.get_objects())

    before = jobs_in_memory()
    with closing(engine_running(lambda *_: (), instant=True)) as engine:
        jobs = [engine.submit(SUBMISSION) for _ in range(50)]
        assert {job["status"] for job in jobs} == {"completed"}
        # The thread may still be about to let go of the last one.
        assert jobs_in_memory() - before <= 1
        assert engine.document(uuid.UUID(jobs[0]["id"])) == jobs[0]


@pytest.mark.parametrize("pages_left", [0, 20])
def test_a_job_whose_results_cannot_be_kept_fails_and_says_why(pages_left: int) -> None:
    database = Database(None)

    def execute(_submission: Submission, _run: Run) -> tuple[CircuitResult, ...]:
        with database.transaction() as connection:
            [pages] = connection.execute("PRAGMA page_count").fetchone()
            # What SQLite says then is what it says when the disk is full.
            connection.execute(f"PRAGMA max_page_count = {pages + pages_left}")
        noise = np.random.default_rng(1).integers(0, 256, (1_000_000, 1), dtype=np.uint8)
        return (CircuitResult((("m", range(8)),), Samples(noise, 8)),)

    with closing(engine_running(execute, JobArchive(database))) as engine:
        job_id = uuid.UUID(engine.submit(SUBMISSION)["id"])
        job, ended = engine.wait_until_terminal(job_id, 10)
        assert ended
        assert job["status"] == "failed"
        assert "disk is full" in job["errors"][0]["message"]
        assert job["artifacts"] == []
        assert engine.document(job_id) == job
        with pytest.raises(IllegalJobStatus):
            engine.cancel(job_id)
        with pytest.raises(NotFound):
            engine.results(job_id)
        assert engine.queue_length() == 0


def test_an_engine_takes_up_what_another_one_left() -> None:
    archive = JobArchive(Database(None))
    started = threading.Event()

    def never_ends(_submission: Submission, run: Run) -> tuple[CircuitResult, ...]:
        interrupted = threading.Event()
        run.on_interrupt(interrupted.set)
        started.set()
        assert interrupted.wait(10)
        raise Interrupted

    with closing(engine_running(never_ends, archive)) as engine:
        jobs = [uuid.UUID(engine.submit(SUBMISSION)["id"]) for _ in range(3)]
        assert started.wait(10)
        engine.cancel(jobs[1])
    with closing(engine_running(lambda *_: (), archive)) as engine:
        ends = [engine.wait_until_terminal(job, 10)[0]["status"] for job in jobs]
    assert ends == ["completed", "cancelled", "completed"]


def test_the_overview_lists_the_newest_jobs_first_where_they_stand() -> None:
    first_runs, go_on = threading.Event(), threading.Event()

    def execute(_submission: Submission, _run: Run) -> tuple[CircuitResult, ...]:
        first_runs.set()
        assert go_on.wait(10)
        return ()

    with closing(engine_running(execute)) as engine:
        jobs = [engine.submit(replace(SUBMISSION, tag="first"))["id"]]
        assert first_runs.wait(10)
        jobs += [engine.submit(replace(SUBMISSION, shots=shots))["id"] for shots in (7, 8, 9)]
        overview = engine.overview(3)
        assert [(job["id"], job["shots"]) for job in overview] == list(
            zip(jobs[:0:-1], (9, 8, 7), strict=True)
        )
        assert [job["queue_position"] for job in overview] == [3, 2, 1]
        assert [job["status"] for job in engine.overview(100)] == ["waiting"] * 3 + ["processing"]
        go_on.set()
        engine.wait_until_terminal(uuid.UUID(jobs[-1]), 10)
        everything = engine.overview(100)
        assert [job["status"] for job in everything] == ["completed"] * 4
        assert everything[-1]["tag"] == "first"


def test_packed_results_come_back_as_they_were() -> None:
    results = tuple(
        CircuitResult(
            keys, Samples(np.random.default_rng(bits).integers(0, 256, shape, dtype=np.uint8), bits)
        )
        for keys, shape, bits in [
            ((("a", range(2)), ("ü\n", range(2, 9))), (100, 2), 9),
            ((), (5, 0), 0),
            ((("none left", range(1)),), (0, 1), 1),
            ((("m", range(17)),), (3, 3), 17),
        ]
    )
    again = unpack(pack(results))
    assert [result.keys for result in again] == [result.keys for result in results]
    for old, new in zip(results, again, strict=True):
        assert new.samples.bits_num == old.samples.bits_num
        np.testing.assert_array_equal(new.samples.packed, old.samples.packed)
    assert unpack(pack(())) == ()


def test_a_killed_simulator_process_ends_its_run() -> None:
    with closing(SimulatorProcess()) as process:
        process.wait_ready()
        timer = threading.Timer(0.1, process.kill)
        timer.start()
        with pytest.raises(SimulatorGone, match="code -9"):
            process.run(bell(10_000_000, 20))
        timer.join()
        assert not process.usable


def test_a_failing_task_leaves_the_simulator_process_usable() -> None:
    with closing(SimulatorProcess()) as process:
        with pytest.raises(SimulationError, match="out of range"):
            process.run(task(Rotation(4, 1.0, 0.0), MeasureBit(0, 0), shots=1))
        assert process.run(bell(10)).packed.shape == (10, 1)
        assert process.usable


def test_the_pool_lends_an_idle_process_again_but_not_a_dead_one() -> None:
    with closing(SimulatorPool()) as pool:
        with pool.lease() as first:
            first.run(bell(1))
        with pool.lease() as again:
            assert again is first
            again.kill()
        with pool.lease() as other:
            assert other is not first
            assert other.run(bell(3)).packed.shape == (3, 1)
