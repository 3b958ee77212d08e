# SPDX-License-Identifier: Apache-2.0
"""Jobs that are being prepared: parameters and programs."""

from __future__ import annotations

import ctypes
from ctypes import byref, c_int, c_size_t
from typing import TYPE_CHECKING

from qdmikit.conformance.enumerators import (
    BOGUS,
    CUSTOM,
    RESERVED_JOB_PARAMETERS,
    RESERVED_JOB_PROPERTIES,
    JobParameter,
    JobProperty,
    JobStatus,
    ProgramFormat,
    Status,
)
from qdmikit.conformance.expectations import NotApplicable, expect, require
from qdmikit.conformance.item import item
from qdmikit.conformance.subject import SIZE, read, refuses_short_buffers, sizes

if TYPE_CHECKING:
    from qdmikit.conformance.subject import Job, Subject


def programs_number(job: Job) -> int:
    (value,) = sizes(read(job.property(JobProperty.PROGRAMSNUM), of="PROGRAMSNUM"))
    return value


@item(33, 34, 49, 60, 109)
def null_jobs_are_refused(subject: Subject) -> None:
    call, size, status = subject.library.call, c_size_t(), c_int()
    session = subject.session()
    for name, arguments in (
        ("session_create_device_job", (None, byref(ctypes.c_void_p()))),
        ("session_create_device_job", (session.value, None)),
        ("job_set_parameter", (None, JobParameter.SHOTSNUM, SIZE, bytes(c_size_t(1)))),
        ("job_set_programs", (None, ProgramFormat.QASM3, 1, None, None)),
        ("job_get_program", (None, 0, 0, None, byref(size))),
        ("job_get_program_status", (None, 0, byref(status))),
        ("job_query_property", (None, JobProperty.ID, 0, None, byref(size))),
        ("job_submit", (None,)),
        ("job_cancel", (None,)),
        ("job_check", (None, byref(status))),
        ("job_wait", (None, 1)),
        ("job_get_results", (None, 0, 0, 0, None, byref(size))),
        ("job_check", (session.job().value, None)),
    ):
        expect(call(name, *arguments), Status.INVALIDARGUMENT, of=f"{name} with NULL")


@item(34)
def job_parameters_that_do_not_exist_are_refused(subject: Subject) -> None:
    job = subject.session().job()
    for number in (JobParameter.MAX, *BOGUS):
        for value in (None, b"x\0"):
            expect(job.set(number, value), Status.INVALIDARGUMENT, of=f"job parameter {int(number)}")


@item(108)
def reserved_numbers_of_jobs_are_not_supported(subject: Subject) -> None:
    job = subject.session().job()
    for reserved in RESERVED_JOB_PARAMETERS:
        for value in (None, b"x\0"):
            expect(job.set(reserved, value), Status.NOTSUPPORTED, of=f"the reserved job parameter {reserved}")
    for reserved in RESERVED_JOB_PROPERTIES:
        answer = job.property(reserved)(0, None, byref(c_size_t()))
        expect(answer, Status.NOTSUPPORTED, of=f"the reserved job property {reserved}")


@item(34, 49)
def job_properties_that_do_not_exist_are_refused(subject: Subject) -> None:
    job = subject.session().job()
    for number in (JobProperty.MAX, *BOGUS):
        answer = job.property(number)(0, None, byref(c_size_t()))
        expect(answer, Status.INVALIDARGUMENT, of=f"job property {int(number)}")
    for number in CUSTOM:
        answer = job.property(number)(0, None, byref(c_size_t()))
        allowed = (Status.SUCCESS, Status.NOTSUPPORTED, Status.BADSTATE)
        expect(answer, *allowed, of=f"job property {number}")


@item(34, 109)
def properties_of_jobs_follow_the_rules_of_sizes(subject: Subject) -> None:
    job = subject.done()
    for prop in (number for number in JobProperty if number is not JobProperty.MAX):
        if job.property(prop)(0, None, byref(c_size_t())) is Status.SUCCESS:
            refuses_short_buffers(job.property(prop), of=prop.name)


@item(35)
def shots_are_what_was_set(subject: Subject) -> None:
    job = subject.session().job()
    expect(job.set(JobParameter.SHOTSNUM, None), Status.SUCCESS, of="a probe of SHOTSNUM")
    for shots in (1, 17, 1000):
        expect(job.set_shots(shots), Status.SUCCESS, of=f"SHOTSNUM {shots}")
        got = sizes(read(job.property(JobProperty.SHOTSNUM), of="SHOTSNUM"))
        require(got == [shots], f"SHOTSNUM is {got} after {shots}")
    expect(job.set(JobParameter.SHOTSNUM, None), Status.SUCCESS, of="a probe of SHOTSNUM")
    require(
        sizes(read(job.property(JobProperty.SHOTSNUM), of="SHOTSNUM")) == [1000], "a probe changed SHOTSNUM"
    )


@item(6, 35)
def shots_are_a_size_t(subject: Subject) -> None:
    job = subject.session().job()
    for size in (0, 1, SIZE - 1, SIZE + 1, 2 * SIZE):
        answer = job.set(JobParameter.SHOTSNUM, bytes(c_size_t(5)) * 2, size)
        expect(answer, Status.INVALIDARGUMENT, of=f"SHOTSNUM of {size} bytes")
    if subject.profile.shots_required:
        expect(job.set_shots(0), Status.INVALIDARGUMENT, of="SHOTSNUM 0")


@item(44, 46)
def options_of_jobs_are_checked(subject: Subject) -> None:
    options = subject.profile.options
    if options is None:
        raise NotApplicable("the profile does not list the parameters of jobs")
    job = subject.session().job()
    known = {option.parameter for option in options}
    for number in CUSTOM:
        expect(
            job.set(number, None),
            Status.SUCCESS if number in known else Status.NOTSUPPORTED,
            of=f"a probe of job parameter {number}",
        )
        if number not in known:
            expect(job.set(number, b"x\0"), Status.NOTSUPPORTED, of=f"job parameter {number}")
    for option in options:
        expect(
            job.set(option.parameter, option.good, 0),
            Status.INVALIDARGUMENT,
            of=f"{option.parameter.name} of size 0",
        )
        for bad in option.bad:
            expect(
                job.set(option.parameter, bad), Status.INVALIDARGUMENT, of=f"{option.parameter.name} {bad!r}"
            )
        expect(
            job.set(option.parameter, option.good),
            Status.SUCCESS,
            of=f"{option.parameter.name} {option.good!r}",
        )


@item(36, 38)
def programs_are_copied(subject: Subject) -> None:
    bell = subject.bell
    job = subject.session().job()
    # set_programs() of this suite wipes what it passed as soon as it is back.
    expect(job.set_programs(bell.format, bell.data), Status.SUCCESS, of="set_programs")
    require(read(job.program(), of="the program") == bell.data, "the program is not the one that was set")


@item(38)
def a_program_is_read_like_any_value(subject: Subject) -> None:
    bell = subject.bell
    job = subject.session().job()
    size = c_size_t()
    expect(job.program()(0, None, byref(size)), Status.BADSTATE, of="get_program before set_programs")
    expect(job.set_programs(bell.format, bell.data), Status.SUCCESS, of="set_programs")
    refuses_short_buffers(job.program(), of="the program")
    room = ctypes.create_string_buffer(len(bell.data) + 10)
    expect(
        job.program()(len(bell.data) + 10, room, None), Status.SUCCESS, of="get_program into a larger buffer"
    )
    expect(job.program(1)(0, None, byref(size)), Status.OUTOFRANGE, of="get_program(1) of one program")


@item(37, 111)
def the_last_list_of_programs_counts(subject: Subject) -> None:
    bell, one = subject.bell, subject.profile.one
    if one is None or one.format is not bell.format:
        raise NotApplicable("the profile has no second program of the same format")
    job = subject.session().job()
    expect(job.set_programs(bell.format, bell.data, bell.data), Status.SUCCESS, of="set_programs")
    require(programs_number(job) == 2, f"PROGRAMSNUM is {programs_number(job)}, not 2")
    job.submit(one)
    require(programs_number(job) == 1, f"PROGRAMSNUM is {programs_number(job)}, not 1")
    require(read(job.program(), of="the program") == one.data, "the program is not the last one that was set")
    job.finish()
    require(
        set(job.counts()) <= set(one.outcomes), f"the results are not of the last program: {job.counts()}"
    )


@item(39)
def text_programs_end_with_their_only_nul(subject: Subject) -> None:
    bell = subject.bell
    if not bell.is_text:
        raise NotApplicable("the profile has no program of text")
    job = subject.session().job()
    cut = len(bell.content) // 2
    for data, what in (
        (bell.content, "without NUL"),
        (bell.content[:cut] + b"\0" + bell.data[cut:], "with a NUL within"),
        (bell.data + b"\0", "with two NULs"),
    ):
        answer = job.set_programs(bell.format, data)
        expect(answer, Status.INVALIDARGUMENT, of=f"a program {what}")


@item(39, 110)
def lists_of_programs_are_checked(subject: Subject) -> None:
    bell = subject.bell
    job = subject.session().job()
    one = (c_size_t * 1)(len(bell.data))
    pointer = (ctypes.c_void_p * 1)(
        ctypes.cast(ctypes.create_string_buffer(bell.data), ctypes.c_void_p).value
    )
    for arguments, what in (
        ((0, one, pointer), "no programs"),
        ((1, None, pointer), "no sizes"),
        ((1, (c_size_t * 1)(0), pointer), "a size of 0"),
        ((1, one, (ctypes.c_void_p * 1)(None)), "a null program"),
    ):
        expect(
            job.call("job_set_programs", bell.format, *arguments),
            Status.INVALIDARGUMENT,
            of=f"set_programs with {what}",
        )
    answer = job.property(JobProperty.PROGRAMSNUM)(0, None, byref(c_size_t()))
    expect(answer, Status.BADSTATE, of="PROGRAMSNUM before set_programs")


@item(40)
def the_format_is_the_one_that_was_set(subject: Subject) -> None:
    for program in (subject.bell, *subject.profile.more):
        job = subject.session().job()
        answer = job.property(JobProperty.PROGRAMFORMAT)(0, None, byref(c_size_t()))
        expect(answer, Status.BADSTATE, of="PROGRAMFORMAT before set_programs")
        expect(job.set_programs(program.format, program.data), Status.SUCCESS, of="set_programs")
        data = read(job.property(JobProperty.PROGRAMFORMAT), of="PROGRAMFORMAT")
        require(
            data == bytes(c_int(program.format)), f"PROGRAMFORMAT is {data!r} after {program.format.name}"
        )


@item(110)
def a_refused_list_keeps_the_old_one(subject: Subject) -> None:
    bell = subject.bell
    job = subject.session().job()
    expect(job.set_programs(bell.format, bell.data, bell.data), Status.SUCCESS, of="set_programs")
    bad = bell.content if bell.is_text else b""
    answer = job.set_programs(bell.format, bell.data, bell.data, bad)
    expect(answer, Status.INVALIDARGUMENT, of="set_programs with a bad third program")
    require(programs_number(job) == 2, f"PROGRAMSNUM is {programs_number(job)} after a refused list")
    require(read(job.program(1), of="the program") == bell.data, "a refused list changed a program")


@item(110)
def a_probe_changes_nothing(subject: Subject) -> None:
    bell = subject.bell
    job = subject.session().job()
    expect(job.probe(bell.format), Status.SUCCESS, of="a probe of a format")
    expect(job.probe(bell.format, 0), Status.INVALIDARGUMENT, of="a probe of no programs")
    answer = job.property(JobProperty.PROGRAMSNUM)(0, None, byref(c_size_t()))
    expect(answer, Status.BADSTATE, of="PROGRAMSNUM after a probe")
    expect(job.set_programs(bell.format, bell.data), Status.SUCCESS, of="set_programs")
    expect(job.probe(bell.format, 1), Status.SUCCESS, of="a probe of a format")
    require(programs_number(job) == 1, "a probe changed PROGRAMSNUM")
    require(job.check() is JobStatus.CREATED, "a probe changed the job's status")


@item(42)
def a_job_without_programs_is_not_submitted(subject: Subject) -> None:
    job = subject.session().job()
    expect(job.call("job_submit"), Status.BADSTATE, of="submit without programs")
    require(job.check() is JobStatus.CREATED, "a refused submission changed the job's status")
    job.submit(subject.bell)
    job.finish()


@item(41)
def a_submitted_job_is_fixed(subject: Subject) -> None:
    job = subject.done()
    refuse_changes(subject, job, "a submitted job")


@item(41, 53)
def a_cancelled_job_is_fixed(subject: Subject) -> None:
    job = subject.session().job()
    job.prepare(subject.bell)
    answer = job.call("job_cancel")
    if answer is not Status.SUCCESS:
        expect(answer, Status.INVALIDARGUMENT, Status.BADSTATE, of="cancel before submit")
        raise NotApplicable("the device does not cancel what was not submitted")
    require(job.check() is JobStatus.CANCELED, f"the job is {job.check().name} after cancel")
    refuse_changes(subject, job, "a cancelled job")


@item(43, 45)
def a_malformed_program_is_an_error_or_a_failed_job(subject: Subject) -> None:
    malformed = subject.profile.malformed
    if malformed is None:
        raise NotApplicable("the profile has no malformed program")
    job = subject.session().job()
    job.prepare(malformed)
    answer = job.call("job_submit")
    if answer is Status.SUCCESS:
        job.finish(JobStatus.FAILED)
        return
    allowed = (Status.FATAL, Status.INVALIDARGUMENT, Status.NOTSUPPORTED)
    expect(answer, *allowed, of="submitting a malformed program")
    require(job.check() in {JobStatus.CREATED, JobStatus.FAILED}, f"the job is {job.check().name}")


def refuse_changes(subject: Subject, job: Job, what: str) -> None:
    bell = subject.bell
    expect(job.set_shots(5), Status.BADSTATE, of=f"SHOTSNUM of {what}")
    expect(job.set_programs(bell.format, bell.data), Status.BADSTATE, of=f"set_programs of {what}")
    expect(job.call("job_submit"), Status.BADSTATE, of=f"submit of {what}")
