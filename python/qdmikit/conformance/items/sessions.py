# SPDX-License-Identifier: Apache-2.0
"""Sessions and their parameters."""

from __future__ import annotations

import threading
from ctypes import byref, c_size_t, c_void_p
from typing import TYPE_CHECKING

from qdmikit.conformance.enumerators import (
    BOGUS,
    DeviceProperty,
    JobStatus,
    OperationProperty,
    SessionParameter,
    SiteProperty,
    Status,
)
from qdmikit.conformance.expectations import NotApplicable, expect, require
from qdmikit.conformance.item import item
from qdmikit.conformance.subject import Session, read, text

if TYPE_CHECKING:
    from qdmikit.conformance.subject import Subject

TEXTS: list[SessionParameter] = [
    parameter
    for parameter in SessionParameter
    if parameter not in {SessionParameter.CHILDDEVICE, SessionParameter.MAX}
]


@item(1, 2, 3)
def null_sessions_are_refused(subject: Subject) -> None:
    call = subject.library.call
    expect(call("session_alloc", None), Status.INVALIDARGUMENT, of="session_alloc(NULL)")
    expect(call("session_init", None), Status.INVALIDARGUMENT, of="session_init(NULL)")
    expect(
        call("session_set_parameter", None, SessionParameter.BASEURL, 2, b"x"),
        Status.INVALIDARGUMENT,
        of="session_set_parameter(NULL)",
    )


@item(109)
def freeing_null_does_nothing(subject: Subject) -> None:
    subject.library.call("session_free", None)
    subject.library.call("job_free", None)


@item(2, 5)
def a_session_is_initialized_once_and_then_fixed(subject: Subject) -> None:
    session = subject.session()
    expect(session.call("session_init"), Status.BADSTATE, of="a second session_init")
    for parameter in subject.profile.session_parameters or {SessionParameter.BASEURL}:
        expect(session.set(parameter, b"x\0"), Status.BADSTATE, of=f"{parameter.name} after session_init")
    read(session.device(DeviceProperty.NAME), of="NAME")


@item(3)
def session_parameters_that_do_not_exist_are_refused(subject: Subject) -> None:
    session = Session.allocate(subject)
    for number in (SessionParameter.MAX, *BOGUS):
        expect(session.set(number, b"x\0"), Status.INVALIDARGUMENT, of=f"session parameter {int(number)}")
        expect(session.set(number, None), Status.INVALIDARGUMENT, of=f"a probe of parameter {int(number)}")


@item(3, 14)
def session_parameters_must_be_text_with_one_nul_at_its_end(subject: Subject) -> None:
    session = Session.allocate(subject)
    if not subject.profile.session_parameters:
        raise NotApplicable("the device has no session parameters of text")
    for parameter in sorted(subject.profile.session_parameters):
        for value, size, what in (
            (b"x", 0, "of size 0"),
            (b"x", 1, "without NUL"),
            (b"a\0b\0", 4, "with a NUL within"),
        ):
            expect(session.set(parameter, value, size), Status.INVALIDARGUMENT, of=f"{parameter.name} {what}")


@item(4)
def a_session_parameter_is_probed_with_null(subject: Subject) -> None:
    supported = subject.profile.session_parameters
    if supported is None:
        raise NotApplicable("the profile does not list the session parameters")
    session = Session.allocate(subject)
    for parameter in TEXTS:
        known = parameter in supported
        expect(
            session.set(parameter, None),
            Status.SUCCESS if known else Status.NOTSUPPORTED,
            of=f"a probe of {parameter.name}",
        )
        if not known:
            expect(session.set(parameter, b"x\0"), Status.NOTSUPPORTED, of=f"setting {parameter.name}")
    # None of that has left anything behind.
    session.set_all(subject.profile.session)
    for parameter in supported:
        expect(session.set(parameter, None), Status.SUCCESS, of=f"a probe of {parameter.name} that is set")
    expect(session.call("session_init"), Status.SUCCESS, of="session_init after probes")


@item(6)
def a_child_device_is_a_handle(subject: Subject) -> None:
    session = Session.allocate(subject)
    probe = session.set(SessionParameter.CHILDDEVICE, None)
    expect(probe, Status.SUCCESS, Status.NOTSUPPORTED, of="a probe of CHILDDEVICE")
    wrong = session.set(SessionParameter.CHILDDEVICE, b"abc")
    refusals = (
        (Status.INVALIDARGUMENT,)
        if probe is Status.SUCCESS
        else (Status.INVALIDARGUMENT, Status.NOTSUPPORTED)
    )
    expect(wrong, *refusals, of="CHILDDEVICE of 3 bytes")


@item(17, 33, 71)
def nothing_works_before_initialization(subject: Subject) -> None:
    session = Session.allocate(subject)
    size = c_size_t()
    for query, what in (
        (session.device(DeviceProperty.NAME), "a device property"),
        (session.site(None, SiteProperty.INDEX), "a site property"),
        (session.operation(None, OperationProperty.NAME), "an operation property"),
    ):
        expect(query(0, None, byref(size)), Status.BADSTATE, of=f"{what} of an uninitialized session")
    job = c_void_p()
    expect(session.call("session_create_device_job", byref(job)), Status.BADSTATE, of="create_device_job")
    if subject.library.has("session_retrieve_device_job_by_id"):
        answer, retrieved = session.retrieve(b"an-id")
        never = () if subject.profile.unknown_job_id else (Status.NOTSUPPORTED,)
        expect(answer, Status.BADSTATE, *never, of="retrieve_device_job_by_id")
        require(not retrieved.value, "a job that was not retrieved has a handle")


@item(7, 9, 10)
def a_failed_initialization_has_a_status_and_can_be_put_right(subject: Subject) -> None:
    if not subject.profile.bad_sessions:
        raise NotApplicable("the profile has no bad sessions")
    for bad in subject.profile.bad_sessions:
        session = Session.allocate(subject)
        session.set_all({**subject.profile.session, **bad.parameters})
        for attempt in ("", " again"):
            expect(session.call("session_init"), *bad.statuses, of=f"session_init with {bad.name}{attempt}")
        expect(
            session.device(DeviceProperty.NAME)(0, None, byref(c_size_t())),
            Status.BADSTATE,
            of=f"a query after session_init failed with {bad.name}",
        )
        # What the profile does not set is taken back by an empty text.
        session.set_all({**dict.fromkeys(bad.parameters, ""), **subject.profile.session})
        expect(session.call("session_init"), Status.SUCCESS, of=f"session_init without {bad.name}")


@item(13)
def sessions_are_independent(subject: Subject) -> None:
    first, second = subject.session(), subject.session()
    name = text(read(first.device(DeviceProperty.NAME), of="NAME"))
    job = second.job()
    first.call("session_free")
    require(text(read(second.device(DeviceProperty.NAME), of="NAME")) == name, "the names differ")
    require(job.check() is JobStatus.CREATED, "a job changed when another session was freed")


@item(13)
def sessions_can_be_initialized_at_the_same_time(subject: Subject) -> None:
    names: list[bytes] = []
    problems: list[BaseException] = []
    start = threading.Barrier(4)

    def open_one() -> None:
        try:
            start.wait()
            names.append(read(subject.session().device(DeviceProperty.NAME), of="NAME"))
        except BaseException as problem:  # noqa: BLE001 - raised again below
            problems.append(problem)

    threads = [threading.Thread(target=open_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for problem in problems:
        raise problem
    require(len(set(names)) == 1, f"the sessions have the names {set(names)}")


@item(109)
def freed_sessions_are_refused(subject: Subject) -> None:
    if subject.profile.handles != "checked":
        raise NotApplicable("the device trusts handles, as QDMI allows")
    session = subject.session()
    site = session.sites()[0]
    session.call("session_free")
    size = c_size_t()
    for query in (session.device(DeviceProperty.NAME), session.site(site, SiteProperty.INDEX)):
        expect(query(0, None, byref(size)), Status.INVALIDARGUMENT, of="a query of a freed session")
    expect(session.call("session_init"), Status.INVALIDARGUMENT, of="session_init of a freed session")
    session.call("session_free")
    other = subject.session()
    answer = other.site(site, SiteProperty.INDEX)(0, None, byref(size))
    expect(answer, Status.INVALIDARGUMENT, of="a site of another session")
