# SPDX-License-Identifier: Apache-2.0
"""Jobs on their way: checking, waiting, cancelling, freeing."""

from __future__ import annotations

import threading
import time
from ctypes import byref, c_size_t
from typing import TYPE_CHECKING

from qdmikit.conformance.enumerators import JobProperty, JobResult, JobStatus, Status
from qdmikit.conformance.expectations import NotApplicable, Violation, expect, require
from qdmikit.conformance.item import item
from qdmikit.conformance.subject import WAIT, Job, read, sizes, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from qdmikit.conformance.subject import Subject

_EARLY = 0.001
_LATE = 0.5
"""Seconds by which a wait may end after its time; on a busy machine it takes a while to be seen."""
_HEAD_START = 0.2
"""Seconds after which another thread is surely in its call, and holds what locks it holds there."""


def in_thread(work: Callable[[], object]) -> Callable[[], None]:
    """Start work on another thread and return what waits for its end and raises what it raised."""
    problems: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as problem:  # noqa: BLE001 - raised again by join()
            problems.append(problem)

    thread = threading.Thread(target=run)
    thread.start()

    def join() -> None:
        thread.join(WAIT)
        require(not thread.is_alive(), "a call on another thread did not come back")
        for problem in problems:
            raise problem

    return join


def end(subject: Subject, job_id: bytes) -> None:
    """Cancel a job whose handle is gone, so that it does not keep the device busy."""
    if subject.profile.unknown_job_id is not None:
        answer, handle = subject.session(subject.profile.slow_session).retrieve(job_id)
        expect(answer, Status.SUCCESS, of="retrieving a job that was freed")
        expect(Job(subject, handle).call("job_cancel"), Status.SUCCESS, of="cancel")


@item(47)
def waiting_needs_a_submission(subject: Subject) -> None:
    job = subject.session().job()
    # QDMI leaves the choice.
    expect(job.wait(1), Status.BADSTATE, Status.INVALIDARGUMENT, of="wait before submit")


@item(47, 48, 50)
def waiting_succeeds_again_and_again(subject: Subject) -> None:
    job = subject.session().job()
    job.submit(subject.bell)
    while (answer := job.wait(1)) is Status.TIMEOUT:
        pass
    expect(answer, Status.SUCCESS, of="wait(1)")
    for seconds in (0, 1, 0):
        expect(job.wait(seconds), Status.SUCCESS, of=f"wait({seconds}) after the job's end")
    require(job.check() is JobStatus.DONE, f"the job is {job.check().name}")


@item(48)
def waiting_for_ever_ends_with_the_job(subject: Subject) -> None:
    job = subject.session().job()
    job.submit(subject.bell)
    expect(job.wait(0), Status.SUCCESS, of="wait(0)")
    require(job.check() is JobStatus.DONE, f"the job is {job.check().name}")


@item(48, 107)
def a_time_out_comes_at_its_time(subject: Subject) -> None:
    job = subject.slow()
    before = job.check()
    for _ in range(2):
        begin = time.monotonic()
        answer = job.wait(1)
        took = time.monotonic() - begin
        expect(answer, Status.TIMEOUT, of="wait(1) for a job that keeps running")
        require(1 - _EARLY <= took <= 1 + _LATE, f"wait(1) took {took:.3f} s")
    require(before <= job.check() < JobStatus.DONE, f"the job is {job.check().name} after a time-out")
    expect(job.call("job_cancel"), Status.SUCCESS, of="cancel")


@item(50, 60)
def a_failed_job_ends_waiting_with_success(subject: Subject) -> None:
    parameters = subject.profile.failing_session
    if parameters is None:
        raise NotApplicable("the profile has no failing session")
    job = subject.session(parameters).job()
    job.submit(subject.bell)
    job.finish(JobStatus.FAILED)
    expect(job.wait(0), Status.SUCCESS, of="wait(0) for a failed job")
    answer = job.results(JobResult.HIST_KEYS)(0, None, byref(c_size_t()))
    expect(answer, Status.BADSTATE, of="get_results of a failed job")
    expect(
        job.program_status(0)[0], Status.SUCCESS, Status.NOTSUPPORTED, of="get_program_status of a failed job"
    )


@item(53)
def a_finished_job_is_not_cancelled(subject: Subject) -> None:
    job = subject.done()
    expect(job.call("job_cancel"), Status.INVALIDARGUMENT, of="cancel after the job's end")
    require(job.check() is JobStatus.DONE, f"the job is {job.check().name} after a refused cancel")
    job.counts()


@item(53)
def a_running_job_is_cancelled(subject: Subject) -> None:
    job = subject.slow()
    expect(job.call("job_cancel"), Status.SUCCESS, of="cancel")
    job.finish(JobStatus.CANCELED)
    answer = job.results(JobResult.HIST_KEYS)(0, None, byref(c_size_t()))
    expect(answer, Status.BADSTATE, of="get_results of a cancelled job")


@item(107)
def another_thread_can_cancel_while_one_waits(subject: Subject) -> None:
    job = subject.slow()
    begin = time.monotonic()
    join = in_thread(lambda: expect(job.wait(15), Status.SUCCESS, of="wait(15) for a cancelled job"))
    time.sleep(_HEAD_START)
    require(job.wait(1) is Status.TIMEOUT, "the slow job ended by itself")
    expect(job.call("job_cancel"), Status.SUCCESS, of="cancel")
    join()
    took = time.monotonic() - begin
    require(took < 5, f"wait ended {took:.1f} s after it began, though the job was cancelled after 1 s")
    require(job.check() is JobStatus.CANCELED, f"the job is {job.check().name}")


@item(55)
def a_running_job_is_freed(subject: Subject) -> None:
    job = subject.slow()
    job_id = job.id()
    begin = time.monotonic()
    job.call("job_free")
    took = time.monotonic() - begin
    require(took < 5, f"freeing a running job took {took:.1f} s")
    end(subject, job_id)


@item(55, 114)
def a_job_is_freed_while_another_thread_waits(subject: Subject) -> None:
    if subject.profile.handles != "checked":
        raise NotApplicable("the device trusts handles, as QDMI allows")
    job = subject.slow()
    job_id = job.id()
    join = in_thread(
        lambda: expect(job.wait(3), Status.TIMEOUT, Status.SUCCESS, of="wait for a job that is freed")
    )
    time.sleep(_HEAD_START)
    require(job.wait(1) is Status.TIMEOUT, "the slow job ended by itself")
    job.call("job_free")
    join()
    expect(job.wait(1), Status.INVALIDARGUMENT, of="wait for a freed job")
    expect(job.call("job_cancel"), Status.INVALIDARGUMENT, of="cancel of a freed job")
    job.call("job_free")
    end(subject, job_id)


@item(56)
def jobs_have_ids_of_their_own(subject: Subject) -> None:
    session = subject.session()
    ids = []
    for _ in range(3):
        job = session.job()
        job.submit(subject.bell)
        ids.append(job.id())
        job.finish()
        require(job.id() == ids[-1], "a job's ID changed")
    require(all(ids), "a submitted job has an empty ID")
    require(len(set(ids)) == 3, f"two jobs have one ID: {ids}")


@item(57)
def only_queued_jobs_have_a_place_in_the_queue(subject: Subject) -> None:
    job = subject.done()
    answer = job.property(JobProperty.QUEUEPOSITION)(0, None, byref(c_size_t()))
    expect(answer, Status.BADSTATE, Status.NOTSUPPORTED, of="QUEUEPOSITION of a finished job")


@item(57)
def a_queued_job_has_a_place(subject: Subject) -> None:
    first = subject.slow()
    second = subject.slow()
    query = second.property(JobProperty.QUEUEPOSITION)
    size = c_size_t()
    answer = query(0, None, byref(size))
    allowed = (Status.SUCCESS, Status.NOTSUPPORTED, Status.BADSTATE)
    expect(answer, *allowed, of="QUEUEPOSITION of a second job")
    if answer is Status.SUCCESS:
        (place,) = sizes(read(query, of="QUEUEPOSITION"))
        require(place < 100, f"the place in the queue is {place}")
    elif answer is Status.BADSTATE:
        require(second.check() is not JobStatus.QUEUED, "a queued job's QUEUEPOSITION is a bad state")
    for job in (second, first):
        expect(job.call("job_cancel"), Status.SUCCESS, of="cancel")


def follow(job: Job) -> JobStatus:
    """Check a job until its end; its status must not go back."""
    last = JobStatus.CREATED
    while not last.is_terminal:
        now = job.check()
        if now < last:
            raise Violation(f"a job went from {last.name} back to {now.name}")
        last = now
    return last


def use_from_four_threads(job: Job) -> None:
    """Check and wait for a job at the same time."""
    seen: list[JobStatus] = []
    works: tuple[Callable[[], object], ...] = (
        lambda: seen.append(follow(job)),
        lambda: seen.append(follow(job)),
        job.wait,
        lambda: job.wait(1),
    )
    for join in [in_thread(work) for work in works]:
        join()
    require(seen == [JobStatus.DONE] * 2, f"the threads saw the job end as {seen}")


@item(59, 114, seconds=60)
def threads_may_use_one_job(subject: Subject) -> None:
    session = subject.session()
    for _ in range(3):
        job = session.job()
        job.submit(subject.bell)
        use_from_four_threads(job)


@item(2, 55)
def jobs_outlive_the_handle_of_their_session(subject: Subject) -> None:
    if subject.profile.handles != "checked":
        raise NotApplicable("the device trusts handles, as QDMI allows")
    session = subject.session()
    job = session.job()
    session.call("session_free")
    job.submit(subject.bell)
    job.finish()


@item(47, 58)
def the_status_begins_as_created(subject: Subject) -> None:
    job = subject.session().job()
    require(job.check() is JobStatus.CREATED, f"a new job is {job.check().name}")
    job.prepare(subject.bell)
    require(job.check() is JobStatus.CREATED, f"a job with programs is {job.check().name}")
    answer = job.results(JobResult.SHOTS)(0, None, byref(c_size_t()))
    expect(answer, Status.BADSTATE, of="get_results before submit")


@item(56)
def the_id_is_text(subject: Subject) -> None:
    job = subject.done()
    require(text(read(job.property(JobProperty.ID), of="ID")), "the ID is empty")
