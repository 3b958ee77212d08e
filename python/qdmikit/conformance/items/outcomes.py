# SPDX-License-Identifier: Apache-2.0
"""Results."""

from __future__ import annotations

import ctypes
import struct
from collections import Counter
from ctypes import byref, c_size_t
from typing import TYPE_CHECKING

from qdmikit.conformance.enumerators import BOGUS, CUSTOM, JobResult, JobStatus, Status
from qdmikit.conformance.expectations import NotApplicable, expect, require
from qdmikit.conformance.item import item
from qdmikit.conformance.items.lifecycle import in_thread
from qdmikit.conformance.subject import read, refuses_short_buffers, split

if TYPE_CHECKING:
    from qdmikit.conformance.profile import Program
    from qdmikit.conformance.subject import Job, Subject

HISTOGRAM = (JobResult.HIST_KEYS, JobResult.HIST_VALUES)
SAMPLED = (JobResult.SHOTS, *HISTOGRAM)
STATES = tuple(kind for kind in JobResult if kind not in {*SAMPLED, JobResult.MAX})
SPARSE = (
    (JobResult.STATEVECTOR_SPARSE_KEYS, JobResult.STATEVECTOR_SPARSE_VALUES, 2),
    (JobResult.PROBABILITIES_SPARSE_KEYS, JobResult.PROBABILITIES_SPARSE_VALUES, 1),
)


def ask(job: Job, kind: int, program: int = 0) -> Status:
    return job.results(kind, program)(0, None, byref(c_size_t()))


def has(job: Job, *kinds: JobResult) -> bool:
    """Return whether a finished job has results of all kinds."""
    answers = [ask(job, kind) for kind in kinds]
    for kind, answer in zip(kinds, answers, strict=True):
        expect(answer, Status.SUCCESS, Status.NOTSUPPORTED, of=f"asking for the size of {kind.name}")
    return Status.NOTSUPPORTED not in answers


def check_outcomes(job: Job, program: Program, shots: int, index: int = 0) -> None:
    """Hold a program's results against what must come of it."""
    counts = job.counts(index)
    require(sum(counts.values()) == shots, f"the counts of {shots} shots add up to {sum(counts.values())}")
    require(len({len(key) for key in counts}) <= 1, f"the keys have several widths: {list(counts)}")
    strange = sorted(set(counts) - set(program.outcomes))
    require(not strange, f"{strange} cannot come out, only {list(program.outcomes)} can")


def doubles(data: bytes) -> tuple[float, ...]:
    return tuple(value for (value,) in struct.iter_unpack("d", data))


@item(60)
def there_are_no_results_before_the_end(subject: Subject) -> None:
    job = subject.session().job()
    job.prepare(subject.bell)
    for kind in SAMPLED:
        expect(ask(job, kind), Status.BADSTATE, Status.NOTSUPPORTED, of=f"{kind.name} before submit")


@item(60)
def there_are_no_results_while_a_job_runs(subject: Subject) -> None:
    job = subject.slow()
    for kind in SAMPLED:
        expect(ask(job, kind), Status.BADSTATE, Status.NOTSUPPORTED, of=f"{kind.name} of a running job")
    expect(job.call("job_cancel"), Status.SUCCESS, of="cancel")


@item(60, 69)
def kinds_of_results_are_supported_or_not(subject: Subject) -> None:
    job = subject.done()
    for bogus in (JobResult.MAX, *BOGUS):
        expect(ask(job, bogus), Status.INVALIDARGUMENT, of=f"result {int(bogus)}")
    for kind in CUSTOM:
        expect(ask(job, kind), Status.SUCCESS, Status.NOTSUPPORTED, of=f"result {kind}")
    for kind in STATES:
        # A simulator may give a state beside the shots; nothing else may claim to.
        allowed = (Status.INVALIDARGUMENT, Status.NOTSUPPORTED)
        if not subject.profile.states:
            expect(ask(job, kind), *allowed, of=f"{kind.name} of a job with shots")


@item(61, 109)
def results_follow_the_rules_of_sizes(subject: Subject) -> None:
    job = subject.done()
    for kind in SAMPLED:
        if not has(job, kind):
            continue
        refuses_short_buffers(job.results(kind), of=kind.name)
        room = ctypes.create_string_buffer(len(read(job.results(kind), of=kind.name)) + 8)
        answer = job.results(kind)(len(room), room, None)
        expect(answer, Status.SUCCESS, of=f"{kind.name} into a larger buffer, no size_ret")
        answer = job.results(kind)(0, None, None)
        expect(answer, Status.SUCCESS, of=f"a probe of {kind.name} without size_ret")


@item(62)
def the_histogram_adds_up(subject: Subject) -> None:
    job = subject.done()
    check_outcomes(job, subject.bell, subject.profile.shots)


@item(63)
def shots_come_one_by_one_and_match_the_histogram(subject: Subject) -> None:
    job = subject.done()
    if not has(job, JobResult.SHOTS):
        raise NotApplicable("the device has no shots")
    histogram = job.counts()
    shots = job.shots()
    require(len(shots) == subject.profile.shots, f"there are {len(shots)} shots, not {subject.profile.shots}")
    require(Counter(shots) == histogram, "shots and histogram differ")
    require(job.counts() == histogram, "the histogram changed when the shots were read")


@item(64)
def a_program_that_measures_nothing_has_empty_results(subject: Subject) -> None:
    program = subject.profile.unmeasured
    if program is None:
        raise NotApplicable("the profile has no program without measurements")
    job = subject.done(program)
    keys = read(job.results(JobResult.HIST_KEYS), of="HIST_KEYS")
    require(keys in {b"", b"\0"}, f"HIST_KEYS of a program that measures nothing is {keys!r}")


@item(66)
def results_stay_the_same(subject: Subject) -> None:
    job = subject.done()
    for kind in SAMPLED:
        if has(job, kind):
            first = read(job.results(kind), of=kind.name)
            require(
                all(read(job.results(kind), of=kind.name) == first for _ in range(3)), f"{kind.name} changed"
            )


@item(67, 114)
def threads_that_read_results_agree(subject: Subject) -> None:
    job = subject.done()
    kinds = [kind for kind in SAMPLED if kind is not JobResult.SHOTS]
    seen: list[tuple[bytes, ...]] = []
    joins = [
        in_thread(lambda: seen.append(tuple(read(job.results(kind), of=kind.name) for kind in kinds)))
        for _ in range(8)
    ]
    for join in joins:
        join()
    require(len(seen) == 8 and len(set(seen)) == 1, "threads read different results")


@item(68)
def states_are_normalized(subject: Subject) -> None:
    job = state(subject)
    vector = doubles(read(job.results(JobResult.STATEVECTOR_DENSE), of="STATEVECTOR_DENSE"))
    require(len(vector) == 8, f"the state of 2 qubits has {len(vector)} numbers")
    require(abs(sum(part**2 for part in vector) - 1) < 1e-9, "the state is not normalized")
    dense = doubles(read(job.results(JobResult.PROBABILITIES_DENSE), of="PROBABILITIES_DENSE"))
    require(len(dense) == 4, f"2 qubits have {len(dense)} probabilities")
    require(abs(sum(dense) - 1) < 1e-9, f"the probabilities add up to {sum(dense)}")
    for keys_of, values_of, width in SPARSE:
        keys = split(read(job.results(keys_of), of=keys_of.name))
        values = doubles(read(job.results(values_of), of=values_of.name))
        require(
            len(keys) * width == len(values), f"{keys_of.name} has {len(keys)} keys for {len(values)} numbers"
        )
        require(set(keys) <= set(subject.bell.outcomes), f"{keys_of.name} are {keys}")


@item(61, 68)
def states_follow_the_rules_of_sizes(subject: Subject) -> None:
    job = state(subject)
    for kind in STATES:
        refuses_short_buffers(job.results(kind), of=kind.name)


@item(69)
def a_state_has_no_histogram(subject: Subject) -> None:
    job = state(subject)
    for kind in SAMPLED:
        expect(ask(job, kind), Status.INVALIDARGUMENT, Status.NOTSUPPORTED, of=f"{kind.name} without shots")


def state(subject: Subject) -> Job:
    if not subject.profile.states:
        raise NotApplicable("the device gives no states")
    job = subject.session().job()
    job.submit(subject.bell, shots=0)
    job.finish()
    return job


@item(112)
def the_lowest_bit_stands_right(subject: Subject) -> None:
    program = subject.profile.one
    if program is None:
        raise NotApplicable("the profile has no program for it")
    check_outcomes(subject.done(program), program, subject.profile.shots)


@item(112)
def the_last_register_stands_left(subject: Subject) -> None:
    program = subject.profile.registers
    if program is None:
        raise NotApplicable("the profile has no program with several registers")
    check_outcomes(subject.done(program), program, subject.profile.shots)


@item(112)
def more_than_64_bits_keep_their_places(subject: Subject) -> None:
    program = subject.profile.wide
    if program is None:
        raise NotApplicable("the profile has no program with more than 64 bits")
    require(all(len(key) > 64 for key in program.outcomes), "the profile's wide program has at most 64 bits")
    check_outcomes(subject.done(program), program, subject.profile.shots)


@item(26, 112)
def every_format_of_the_profile_runs(subject: Subject) -> None:
    for program in subject.profile.more:
        check_outcomes(subject.done(program), program, subject.profile.shots)


@item(111)
def programs_of_one_job_keep_their_order(subject: Subject) -> None:
    bell, one = subject.bell, subject.profile.one
    if one is None or one.format is not bell.format:
        raise NotApplicable("the profile has no second program of the same format")
    session = subject.session()
    job = session.job()
    answer = job.probe(bell.format, 3)
    if answer is Status.NOTSUPPORTED:
        raise NotApplicable("the device takes one program in a job")
    expect(answer, Status.SUCCESS, of="a probe of three programs")
    programs = (bell, one, one)  # not the same backwards
    job.submit(*programs)
    job.finish()
    for index, program in enumerate(programs):
        check_outcomes(job, program, subject.profile.shots, index)
        require(read(job.program(index), of="a program") == program.data, f"program {index} is another one")


@item(111)
def programs_are_counted_from_0(subject: Subject) -> None:
    job = subject.done(count=2)
    size = c_size_t()
    for index in (2, 3, 2**64 - 1):
        expect(ask(job, JobResult.HIST_KEYS, index), Status.OUTOFRANGE, of=f"results of program {index} of 2")
        expect(job.program(index)(0, None, byref(size)), Status.OUTOFRANGE, of=f"program {index} of 2")
        expect(job.program_status(index)[0], Status.OUTOFRANGE, of=f"the status of program {index} of 2")


@item(111)
def programs_of_a_done_job_are_done(subject: Subject) -> None:
    job = subject.session().job()
    expect(job.program_status(0)[0], Status.BADSTATE, of="a program's status before set_programs")
    job.submit(subject.bell, subject.bell)
    job.finish()
    for index in range(2):
        answer, status = job.program_status(index)
        expect(answer, Status.SUCCESS, Status.NOTSUPPORTED, of="get_program_status")
        require(
            answer is Status.NOTSUPPORTED or status == JobStatus.DONE, f"a program is {status}, its job DONE"
        )
    if answer is Status.SUCCESS:
        null = job.call("job_get_program_status", 0, None)
        expect(null, Status.INVALIDARGUMENT, of="get_program_status(NULL)")
