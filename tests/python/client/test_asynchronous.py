# SPDX-License-Identifier: Apache-2.0
"""Waiting for jobs without waiting in a call: await, as_completed and callbacks."""

import asyncio
import queue
import threading
from collections.abc import Callable

import pytest

import qdmikit
from qdmikit import JobStatus, ProgramFormat

Scripted = Callable[..., qdmikit.Device]


def submit(device: qdmikit.Device) -> qdmikit.Job:
    return device.submit("OPENQASM 3.0;", ProgramFormat.QASM3)


def test_a_job_can_be_awaited(scripted: Scripted) -> None:
    async def counts() -> dict[str, int]:
        return (await submit(scripted(results={"SHOTS": "1,0,1"}))).shots().counts()

    assert asyncio.run(counts()) == {"0": 1, "1": 2}


def test_the_event_loop_goes_on_while_jobs_run(scripted: Scripted) -> None:
    async def main() -> int:
        device = scripted(stays=True)
        jobs = [submit(device) for _ in range(20)]
        waiting = asyncio.gather(*map(wait, jobs))
        rounds = 0
        while threading.active_count() < 2 or rounds < 100:
            rounds += 1
            await asyncio.sleep(0)
        pollers = [thread for thread in threading.enumerate() if thread.name == "qdmikit-poller"]
        assert len(pollers) == 1, "one for the session"
        for job in jobs:
            job.cancel()
        await waiting
        return rounds

    async def wait(job: qdmikit.Job) -> None:
        with pytest.raises(qdmikit.BadState):
            await job

    assert asyncio.run(main()) >= 100


def test_a_failure_reaches_who_awaits(scripted: Scripted) -> None:
    async def main() -> None:
        await submit(scripted(answers={"job_check": -8}))

    with pytest.raises(qdmikit.PermissionDenied):
        asyncio.run(main())


def test_giving_up_leaves_the_job_alone(scripted: Scripted) -> None:
    job = submit(scripted(stays=True))

    async def main() -> None:
        await asyncio.wait_for(asyncio.ensure_future(awaited(job)), 0.05)

    async def awaited(job: qdmikit.Job) -> qdmikit.Result:
        return await job

    with pytest.raises(TimeoutError):
        asyncio.run(main())
    assert job.status is JobStatus.RUNNING
    job.cancel()


def test_jobs_come_as_they_end(scripted: Scripted) -> None:
    device = scripted(stays=True)
    slow, quick = submit(device), submit(device)
    ended = qdmikit.as_completed([slow, quick], timeout=60)
    quick.cancel()
    assert next(ended) is quick
    slow.cancel()
    assert next(ended) is slow
    assert list(ended) == []


def test_jobs_of_several_devices_can_be_waited_for_together(scripted: Scripted) -> None:
    jobs = [submit(scripted()) for _ in range(3)]
    assert {job.status for job in qdmikit.as_completed(jobs, timeout=60)} == {JobStatus.DONE}


def test_waiting_for_many_has_a_time_out(scripted: Scripted) -> None:
    job = submit(scripted(stays=True))
    with pytest.raises(qdmikit.Timeout, match=r"1 of 2 jobs are not over after 0\.1 s"):
        list(qdmikit.as_completed([job, submit(scripted())], timeout=0.1))
    assert job.status is JobStatus.RUNNING
    job.cancel()


def test_a_callback_hears_every_status_once_and_the_end_last(scripted: Scripted) -> None:
    heard: queue.Queue[qdmikit.JobUpdate] = queue.Queue()
    job = submit(scripted(stays=True))
    job.on_update(heard.put)
    first = heard.get(timeout=60)
    assert first == (job, JobStatus.RUNNING, None)
    job.cancel()
    assert heard.get(timeout=60).status is JobStatus.CANCELED
    assert heard.empty()


def test_a_callback_that_fails_is_reported_and_not_called_again(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: queue.Queue[object] = queue.Queue()
    monkeypatch.setattr("sys.excepthook", lambda *details: reported.put(details[1]))
    device = scripted(stays=True)
    failing, other = submit(device), submit(device)

    def fail(update: qdmikit.JobUpdate) -> None:
        raise ValueError(f"no interest in {update.status.name}")

    failing.on_update(fail)
    assert str(reported.get(timeout=60)) == "no interest in RUNNING"
    other.cancel()
    assert next(qdmikit.as_completed([other], timeout=60)) is other
    failing.cancel()
    assert reported.empty()
