# SPDX-License-Identifier: Apache-2.0
"""The job engine with executions that misbehave, and simulator processes that end."""

from __future__ import annotations

import threading
import uuid
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from iqm_mock_server.clock import SystemClock
from iqm_mock_server.errors import ApiError
from iqm_mock_server.jobs.engine import Execution, JobEngine
from iqm_mock_server.jobs.job import Submission
from iqm_mock_server.jobs.run import JobFailed, Run
from iqm_mock_server.simulator.process import SimulationError, SimulatorGone, SimulatorPool, SimulatorProcess
from iqm_mock_server.simulator.task import ControlledZ, MeasureBit, Method, Rotation, Task

if TYPE_CHECKING:
    from iqm_mock_server.jobs.results import CircuitResult

SUBMISSION = Submission(uuid.uuid4(), b"", (), 1, uuid.uuid4(), None, 0, ())


def engine_running(execute: Execution) -> JobEngine:
    return JobEngine(execute, SystemClock(), 0.0, "test machine")


def bell(shots: int, repetitions: int = 1) -> Task:
    step = (
        Rotation(0, 1.5, 0.1),
        Rotation(1, 1.5, 0.1),
        ControlledZ(0, 1),
        MeasureBit(0, 0),
        MeasureBit(1, 1),
    )
    return Task(2, 2, step * repetitions, (), shots, 5, Method.STATEVECTOR)


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
            process.run(Task(1, 1, (Rotation(4, 1.0, 0.0), MeasureBit(0, 0)), (), 1, 1, Method.STATEVECTOR))
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
