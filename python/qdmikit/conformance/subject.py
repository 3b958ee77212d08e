# SPDX-License-Identifier: Apache-2.0
"""The device under test, with shorthands for what most items need."""

from __future__ import annotations

import ctypes
from ctypes import byref, c_int, c_size_t, c_void_p, create_string_buffer
from typing import TYPE_CHECKING, Any

from qdmikit.conformance.enumerators import (
    DeviceProperty,
    JobParameter,
    JobProperty,
    JobResult,
    JobStatus,
    ProgramFormat,
    SessionParameter,
    Status,
)
from qdmikit.conformance.expectations import NotApplicable, Violation, expect, require
from qdmikit.conformance.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from qdmikit.conformance.profile import Profile, Program

    Query = Callable[..., Status]
    """A function of the library with all arguments given but size, value and size_ret."""

SIZE = ctypes.sizeof(c_size_t)
POINTER_SIZE = ctypes.sizeof(c_void_p)
WAIT = 60
"""Seconds that any job of a profile may take, slow ones excepted."""

_GUARD = 16
_PATTERN = 0xA5


class Subject:
    """A device under test: its library is loaded and initialized.

    Parameters
    ----------
    profile
        What is known about it.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.library = Library(profile.library, profile.prefix)
        expect(self.library.call("initialize"), Status.SUCCESS, of="initialize")

    @property
    def bell(self) -> Program:
        """The program that most items run."""
        if self.profile.bell is None:
            raise NotApplicable("the profile has no program `bell`")
        return self.profile.bell

    def session(self, parameters: Mapping[SessionParameter, str] | None = None) -> Session:
        """Open a session.

        Parameters
        ----------
        parameters
            They take the place of those of the profile.
        """
        session = Session.allocate(self)
        session.set_all({**self.profile.session, **(parameters or {})})
        expect(session.call("session_init"), Status.SUCCESS, of="session_init")
        return session

    def done(self, program: Program | None = None, count: int = 1) -> Job:
        """Run a program, `bell` when left out, to its end."""
        job = self.session().job()
        job.submit(*[program or self.bell] * count)
        job.finish()
        return job

    def slow(self) -> Job:
        """Submit a job that keeps running."""
        parameters = self.profile.slow_session
        if parameters is None:
            raise NotApplicable("the profile has no slow session")
        job = self.session(parameters).job()
        job.submit(self.bell)
        return job


class Handle:
    """Something of the library that has a handle, which comes first in every call.

    Parameters
    ----------
    subject
        The device.
    value
        The handle.
    """

    def __init__(self, subject: Subject, value: c_void_p) -> None:
        self.subject = subject
        self.value = value

    def call(self, name: str, *arguments: Any) -> Status:  # noqa: ANN401 - whatever ctypes takes
        """Call a function of the library on it."""
        return self.subject.library.call(name, self.value, *arguments)


class Session(Handle):
    """A session."""

    @classmethod
    def allocate(cls, subject: Subject) -> Session:
        """Make one that is not initialized."""
        handle = c_void_p()
        expect(subject.library.call("session_alloc", byref(handle)), Status.SUCCESS, of="session_alloc")
        require(handle.value, "session_alloc gave a null handle")
        return cls(subject, handle)

    def set(self, parameter: int, value: bytes | None, size: int | None = None) -> Status:
        """Set a parameter to bytes, of which none is added."""
        return _set(self, "session_set_parameter", parameter, value, size)

    def set_all(self, parameters: Mapping[SessionParameter, str]) -> None:
        """Set parameters to text."""
        for parameter, text in parameters.items():
            expect(self.set(parameter, text.encode() + b"\0"), Status.SUCCESS, of=f"setting {parameter.name}")

    def device(self, prop: int) -> Query:
        """Return the query of a property of the device."""
        return lambda *rest: self.call("session_query_device_property", prop, *rest)

    def site(self, site: int | None, prop: int) -> Query:
        """Return the query of a property of a site."""
        return lambda *rest: self.call("session_query_site_property", site, prop, *rest)

    def operation(self, operation: int | None, prop: int, sites: Sequence[int] = ()) -> Query:
        """Return the query of a property of an operation, on sites when some are given."""
        array = (c_void_p * len(sites))(*sites) if sites else None
        return lambda *rest: self.call(
            "session_query_operation_property", operation, len(sites), array, 0, None, prop, *rest
        )

    def sites(self) -> list[int]:
        """Return the handles of the sites."""
        return handles(read(self.device(DeviceProperty.SITES), of="SITES"))

    def operations(self) -> list[int]:
        """Return the handles of the operations."""
        return handles(read(self.device(DeviceProperty.OPERATIONS), of="OPERATIONS"))

    def formats(self) -> list[int]:
        """Return the numbers of the program formats that are supported."""
        data = read(self.device(DeviceProperty.SUPPORTEDPROGRAMFORMATS), of="SUPPORTEDPROGRAMFORMATS")
        return list((c_int * (len(data) // ctypes.sizeof(c_int))).from_buffer_copy(data))

    def job(self) -> Job:
        """Create a job."""
        handle = c_void_p()
        expect(self.call("session_create_device_job", byref(handle)), Status.SUCCESS, of="create_device_job")
        require(handle.value, "create_device_job gave a null handle")
        return Job(self.subject, handle)

    def retrieve(self, job_id: bytes | None) -> tuple[Status, c_void_p]:
        """Retrieve a job; the handle is not null before the call."""
        handle = c_void_p(1)
        return self.call("session_retrieve_device_job_by_id", job_id, byref(handle)), handle


class Job(Handle):
    """A job."""

    def set(self, parameter: int, value: bytes | None, size: int | None = None) -> Status:
        """Set a parameter to bytes."""
        return _set(self, "job_set_parameter", parameter, value, size)

    def set_shots(self, shots: int) -> Status:
        """Set the number of shots."""
        return self.set(JobParameter.SHOTSNUM, bytes(c_size_t(shots)))

    def set_programs(self, format: int, *programs: bytes) -> Status:  # noqa: A002 - QDMI's word
        """Set programs; nothing is added to them."""
        pointers = (c_void_p * len(programs))()
        # The buffers are copies of their own, and gone when this returns, as QDMI allows.
        buffers = [create_string_buffer(program, len(program)) for program in programs]
        for number, buffer in enumerate(buffers):
            pointers[number] = ctypes.addressof(buffer)
        sizes = (c_size_t * len(programs))(*map(len, programs))
        answer = self.call("job_set_programs", format, len(programs), sizes, pointers)
        for buffer in buffers:
            ctypes.memset(buffer, ord("x"), len(buffer))
        return answer

    def probe(self, format: int, count: int = 1) -> Status:  # noqa: A002
        """Ask whether so many programs of a format are supported."""
        return self.call("job_set_programs", format, count, None, None)

    def prepare(self, *programs: Program, shots: int | None = None) -> None:
        """Set programs of one format, and shots."""
        expect(
            self.set_programs(programs[0].format, *[program.data for program in programs]),
            Status.SUCCESS,
            of="set_programs",
        )
        expect(
            self.set_shots(self.subject.profile.shots if shots is None else shots),
            Status.SUCCESS,
            of="setting SHOTSNUM",
        )

    def submit(self, *programs: Program, shots: int | None = None) -> None:
        """Set programs and shots, and submit them."""
        self.prepare(*programs, shots=shots)
        expect(self.call("job_submit"), Status.SUCCESS, of="submit")

    def check(self) -> JobStatus:
        """Return the job's status."""
        status = c_int(-1)
        expect(self.call("job_check", byref(status)), Status.SUCCESS, of="check")
        try:
            return JobStatus(status.value)
        except ValueError:
            raise Violation(f"check gave the status {status.value}, which QDMI does not have") from None

    def wait(self, seconds: int = WAIT) -> Status:
        """Wait for the job's end."""
        return self.call("job_wait", seconds)

    def finish(self, status: JobStatus = JobStatus.DONE) -> None:
        """Wait for the job's end, which must be `status`."""
        expect(self.wait(), Status.SUCCESS, of=f"wait({WAIT})")
        ended = self.check()
        require(ended is status, f"the job ended as {ended.name}, expected {status.name}")

    def property(self, prop: int) -> Query:
        """Return the query of a property."""
        return lambda *rest: self.call("job_query_property", prop, *rest)

    def id(self) -> bytes:
        """Return the job's id."""
        return text(read(self.property(JobProperty.ID), of="the job's ID"))

    def results(self, kind: int, program: int = 0) -> Query:
        """Return the query of a result."""
        return lambda *rest: self.call("job_get_results", program, kind, *rest)

    def program(self, index: int = 0) -> Query:
        """Return the query of a program."""
        return lambda *rest: self.call("job_get_program", index, *rest)

    def program_status(self, index: int) -> tuple[Status, int]:
        """Return what became of a program."""
        status = c_int(-1)
        return self.call("job_get_program_status", index, byref(status)), status.value

    def counts(self, program: int = 0) -> dict[str, int]:
        """Return the histogram of a program."""
        keys = split(read(self.results(JobResult.HIST_KEYS, program), of="HIST_KEYS"))
        values = sizes(read(self.results(JobResult.HIST_VALUES, program), of="HIST_VALUES"))
        require(len(keys) == len(values), f"there are {len(keys)} keys and {len(values)} values")
        require(len(set(keys)) == len(keys), "a key occurs twice in the histogram")
        return dict(zip(keys, values, strict=True))

    def shots(self, program: int = 0) -> list[str]:
        """Return the shots of a program."""
        return split(read(self.results(JobResult.SHOTS, program), of="SHOTS"))


def read(query: Query, *, of: str) -> bytes:
    """Ask for the size of a value, then for the value, which must be there.

    Raises
    ------
    Violation
        When either is refused, or they do not fit together.
    """
    size = c_size_t(0)
    expect(query(0, None, byref(size)), Status.SUCCESS, of=f"asking for the size of {of}")
    if size.value == 0:
        return b""
    buffer = (ctypes.c_ubyte * (size.value + _GUARD))(*[_PATTERN] * (size.value + _GUARD))
    again = c_size_t(0)
    expect(query(size.value, buffer, byref(again)), Status.SUCCESS, of=f"reading {of}")
    require(again.value == size.value, f"{of}: the size was {size.value} and then {again.value}")
    data = bytes(buffer)
    require(
        data[size.value :] == bytes([_PATTERN]) * _GUARD,
        f"{of}: bytes behind the buffer of {size.value} bytes were written",
    )
    return data[: size.value]


def refuses_short_buffers(query: Query, *, of: str) -> None:
    """Hold a value that is there against QDMI's rules for buffers that are too short, and too long.

    Raises
    ------
    Violation
        When a short one is not refused or is written to, or a long one is told another size.
    """
    data = read(query, of=of)
    if not data:
        return
    needed = len(data)
    room = create_string_buffer(bytes([_PATTERN]) * (needed + _GUARD), needed + _GUARD)
    untouched = room.raw
    for short in sorted({0, needed // 2, needed - 1}):
        told = c_size_t(0)
        what = f"reading {of} into {short} of {needed} bytes"
        expect(query(short, room, byref(told)), Status.INVALIDARGUMENT, of=what)
        # Whether size_ret is written then, QDMI does not say. When it is, it is the size needed.
        require(told.value in {0, needed}, f"{of}: size_ret says {told.value} of {needed} bytes")
        expect(query(short, room, None), Status.INVALIDARGUMENT, of=f"{what}, no size_ret")
        require(room.raw == untouched, f"{of}: a short buffer was written to")
    told = c_size_t(0)
    expect(query(len(room), room, byref(told)), Status.SUCCESS, of=f"reading {of} into a larger buffer")
    require(told.value == needed, f"{of}: size_ret is {told.value} for a buffer of {len(room)}, not {needed}")


def read_if_supported(query: Query, *, of: str) -> bytes | None:
    """Read a value that may be NOTSUPPORTED, which gives `None`."""
    answer = query(0, None, byref(c_size_t()))
    expect(answer, Status.SUCCESS, Status.NOTSUPPORTED, of=f"asking for the size of {of}")
    return read(query, of=of) if answer is Status.SUCCESS else None


def text(data: bytes) -> bytes:
    """Return text without its NUL, which must be there, once and last."""
    require(data.endswith(b"\0"), "a string does not end with a NUL")
    require(b"\0" not in data[:-1], "there is a NUL within a string")
    return data[:-1]


def split(data: bytes) -> list[str]:
    """Return the items of a comma-separated list; one that is empty has a size of 0 or a single NUL."""
    return text(data).decode().split(",") if data else []


def handles(data: bytes) -> list[int]:
    """Return handles of a list."""
    require(len(data) % POINTER_SIZE == 0, "a list of handles is not made of whole handles")
    found = list((c_void_p * (len(data) // POINTER_SIZE)).from_buffer_copy(data))
    require(None not in found, "there is a null handle in a list")
    return [int(handle) for handle in found if handle is not None]


def sizes(data: bytes) -> list[int]:
    """Return the numbers of a list of `size_t`."""
    require(len(data) % SIZE == 0, "a list of size_t is not made of whole numbers")
    return list((c_size_t * (len(data) // SIZE)).from_buffer_copy(data))


def supported(session: Session, format: ProgramFormat) -> bool:  # noqa: A002 - QDMI's word
    """Return whether the device takes a format."""
    return format in session.formats()


def _set(handle: Handle, name: str, parameter: int, value: bytes | None, size: int | None) -> Status:
    if value is None:
        return handle.call(name, parameter, size or 0, None)
    # A copy that is wiped when the call is back: a device that keeps the pointer does not keep the value.
    buffer = create_string_buffer(value, max(len(value), 1))
    answer = handle.call(name, parameter, len(value) if size is None else size, buffer)
    ctypes.memset(buffer, ord("x"), len(buffer))
    return answer
