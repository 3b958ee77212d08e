# SPDX-License-Identifier: Apache-2.0
"""Waiting for jobs without waiting in a call: await, as_completed and callbacks."""

import asyncio
import gc
import queue
import sys
import threading
import weakref
from collections.abc import Awaitable, Callable

import pytest

import qdmikit
from qdmikit import JobStatus, ProgramFormat

Scripted = Callable[..., qdmikit.Device]


def submit(device: qdmikit.Device) -> qdmikit.Job:
    return device.submit("OPENQASM 3.0;", ProgramFormat.QASM3)


def pollers() -> list[threading.Thread]:
    """List the threads that ask devices about jobs."""
    return [thread for thread in threading.enumerate() if thread.name == "qdmikit-poller"]


def all_end(threads: list[threading.Thread]) -> bool:
    for thread in threads:
        thread.join(10)
    return not any(thread.is_alive() for thread in threads)


UNREACHABLE = {
    "stays": True,
    "answers": {"job_check": -1},
    "last_error": {"kind": "Unreachable", "message": "the cable is cut"},
}


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
        while not pollers() or rounds < 100:
            rounds += 1
            await asyncio.sleep(0)
        assert len(pollers()) <= 8, "for all jobs of the session"
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
        await asyncio.wait_for(awaited(job), 0.05)

    with pytest.raises(TimeoutError):
        asyncio.run(main())
    assert job.status is JobStatus.RUNNING
    job.cancel()


async def cancelled(job: qdmikit.Job) -> None:
    task = asyncio.ensure_future(awaited(job))
    while not pollers():
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def timed_out(job: qdmikit.Job) -> None:
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(awaited(job), 0.05)


async def aborted(job: qdmikit.Job) -> None:
    async def fail() -> None:
        while not pollers():
            await asyncio.sleep(0)
        raise LookupError

    async def both() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(awaited(job))
            group.create_task(fail())

    with pytest.raises(ExceptionGroup):
        await both()


async def awaited(job: qdmikit.Job) -> qdmikit.Result:
    return await job


@pytest.mark.parametrize("give_up", [cancelled, timed_out, aborted])
@pytest.mark.parametrize(
    "script", [{"stays": True}, UNREACHABLE], ids=["a job that runs", "a device that is away"]
)
def test_nobody_asks_about_a_job_that_nobody_awaits_any_more(
    scripted: Scripted, give_up: Callable[[qdmikit.Job], Awaitable[None]], script: dict[str, object]
) -> None:
    job = submit(scripted(**script))
    lives = weakref.ref(job)

    async def main(job: qdmikit.Job) -> list[threading.Thread]:
        await give_up(job)
        return pollers()

    threads = asyncio.run(main(job))
    assert all_end(threads)
    del job
    gc.collect()  # the traceback of what aborted the group
    assert lives() is None, "and nobody holds it"


def test_a_device_that_is_away_is_asked_again(scripted: Scripted) -> None:
    job = submit(scripted(**UNREACHABLE))
    with pytest.raises(qdmikit.Timeout, match="1 of 1 jobs"):
        list(qdmikit.as_completed([job], timeout=0.2))
    assert all_end(pollers())


def test_those_who_stop_iterating_leave_no_thread_behind(scripted: Scripted) -> None:
    device = scripted(stays=True)
    jobs = [submit(device) for _ in range(40)]
    ended = qdmikit.as_completed(jobs)
    jobs[7].cancel()
    assert next(ended) is jobs[7]
    threads = pollers()
    assert 1 <= len(threads) <= 8
    del ended
    assert all_end(threads)


def test_callbacks_of_a_session_are_called_one_at_a_time(scripted: Scripted) -> None:
    device = scripted(stays=True)
    jobs = [submit(device) for _ in range(40)]
    inside = threading.Lock()
    heard: queue.SimpleQueue[bool] = queue.SimpleQueue()

    def listen(update: qdmikit.JobUpdate) -> None:
        alone = inside.acquire(blocking=False)
        update.job.cancel()
        heard.put(alone)
        inside.release()

    for job in jobs:
        job.on_update(listen)
    assert all(heard.get(timeout=60) for _ in jobs)


@pytest.mark.parametrize("leave", [sys.exit, lambda: asyncio.get_running_loop()], ids=["exit", "error"])
def test_a_callback_that_leaves_does_not_take_the_others_along(
    scripted: Scripted, monkeypatch: pytest.MonkeyPatch, leave: Callable[[], object]
) -> None:
    reported: queue.Queue[object] = queue.Queue()
    monkeypatch.setattr("sys.excepthook", lambda *details: reported.put(details[0]))
    device = scripted(stays=True)
    leaving, staying = submit(device), submit(device)
    leaving.on_update(lambda _: leave())
    assert reported.get(timeout=60) in (SystemExit, RuntimeError)
    staying.cancel()
    assert next(qdmikit.as_completed([staying], timeout=60)) is staying


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
