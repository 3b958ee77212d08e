# SPDX-License-Identifier: Apache-2.0
"""Jobs that are found again by their id."""

from __future__ import annotations

from ctypes import byref, c_size_t, c_void_p
from typing import TYPE_CHECKING

from qdmikit.conformance.enumerators import JobProperty, JobResult, JobStatus, Status
from qdmikit.conformance.expectations import NotApplicable, expect, require
from qdmikit.conformance.item import item
from qdmikit.conformance.subject import Job, read, sizes

if TYPE_CHECKING:
    from qdmikit.conformance.subject import Session, Subject

RETRIEVE = "session_retrieve_device_job_by_id"


def session_that_retrieves(subject: Subject) -> tuple[Session, bytes]:
    """Return a session, and an id that no job has."""
    unknown = subject.profile.unknown_job_id
    if unknown is None:
        raise NotApplicable("the device does not retrieve jobs")
    return subject.session(), unknown.encode()


@item(70, 72)
def what_cannot_be_retrieved_gives_no_handle(subject: Subject) -> None:
    session, unknown = session_that_retrieves(subject)
    for job_id, status in (
        (None, Status.INVALIDARGUMENT),
        (b"", Status.INVALIDARGUMENT),
        (unknown, Status.NOTFOUND),
    ):
        answer, handle = session.retrieve(job_id)
        expect(answer, status, of=f"retrieving {job_id!r}")
        require(not handle.value, f"retrieving {job_id!r} left a handle")


@item(70)
def retrieval_refuses_null(subject: Subject) -> None:
    session, unknown = session_that_retrieves(subject)
    handle = c_void_p(1)
    answer = subject.library.call(RETRIEVE, None, unknown, byref(handle))
    expect(answer, Status.INVALIDARGUMENT, of="retrieving from session NULL")
    require(not handle.value, "retrieving from session NULL left a handle")
    expect(session.call(RETRIEVE, unknown, None), Status.INVALIDARGUMENT, of="retrieving to NULL")


@item(73)
def a_retrieved_job_is_the_one_it_was(subject: Subject) -> None:
    _, _ = session_that_retrieves(subject)
    original = subject.done()
    answer, handle = subject.session().retrieve(original.id())
    expect(answer, Status.SUCCESS, of="retrieving a job by its id")
    job = Job(subject, handle)
    require(job.id() == original.id(), "a retrieved job has another ID")
    require(job.check() is JobStatus.DONE, f"a retrieved job is {job.check().name}, the original DONE")
    expect(job.wait(), Status.SUCCESS, of="wait for a retrieved job")
    require(
        sizes(read(job.property(JobProperty.PROGRAMSNUM), of="PROGRAMSNUM")) == [1], "PROGRAMSNUM is not 1"
    )
    require(job.counts() == original.counts(), "a retrieved job has other results")
    if original.results(JobResult.SHOTS)(0, None, None) is Status.SUCCESS:
        require(job.shots() == original.shots(), "a retrieved job has other shots")


@item(73)
def a_retrieved_job_is_fixed(subject: Subject) -> None:
    _, _ = session_that_retrieves(subject)
    original = subject.done()
    _, handle = subject.session().retrieve(original.id())
    job = Job(subject, handle)
    bell = subject.bell
    expect(job.call("job_submit"), Status.BADSTATE, of="submit of a retrieved job")
    expect(job.set_shots(1), Status.BADSTATE, of="SHOTSNUM of a retrieved job")
    expect(job.set_programs(bell.format, bell.data), Status.BADSTATE, of="set_programs of a retrieved job")
    answer = job.program()(0, None, byref(c_size_t()))
    expect(answer, Status.SUCCESS, Status.NOTSUPPORTED, of="get_program of a retrieved job")
    expect(
        job.program(1)(0, None, byref(c_size_t())), Status.OUTOFRANGE, of="get_program(1) of a retrieved job"
    )


@item(73)
def a_running_job_is_retrieved_and_cancelled(subject: Subject) -> None:
    session_that_retrieves(subject)
    original = subject.slow()
    session = subject.session(subject.profile.slow_session)
    answer, handle = session.retrieve(original.id())
    expect(answer, Status.SUCCESS, of="retrieving a running job")
    job = Job(subject, handle)
    require(not job.check().is_terminal, f"a retrieved job is {job.check().name}, the original runs")
    expect(job.call("job_cancel"), Status.SUCCESS, of="cancel of a retrieved job")
    job.finish(JobStatus.CANCELED)
    original.finish(JobStatus.CANCELED)
