# SPDX-License-Identifier: Apache-2.0
"""Queries of the device, its sites and its operations."""

from __future__ import annotations

import ctypes
import math
import struct
import time
from ctypes import byref, c_size_t
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from qdmikit.conformance.enumerators import (
    BOGUS,
    CUSTOM,
    RESERVED_DEVICE_PROPERTIES,
    DeviceProperty,
    DeviceStatus,
    JobStatus,
    OperationProperty,
    ProgramFormat,
    SiteProperty,
    Status,
)
from qdmikit.conformance.expectations import NotApplicable, expect, require
from qdmikit.conformance.item import item
from qdmikit.conformance.subject import (
    handles,
    read,
    read_if_supported,
    refuses_short_buffers,
    sizes,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qdmikit.conformance.subject import Query, Session, Subject

_MOVING = {DeviceProperty.STATUS, DeviceProperty.QUEUELENGTH}
"""Device properties that may change from one query to the next."""


def size_of(session: Session, prop: DeviceProperty) -> int:
    (value,) = sizes(read(session.device(prop), of=prop.name))
    return value


def number(data: bytes) -> float:
    require(len(data) == 8, f"a double has {len(data)} bytes")
    return float(struct.unpack("d", data)[0])


def tuples(session: Session, operation: int) -> list[tuple[int, ...]]:
    """Return the sites of an operation, tuple by tuple; none when it is zoned or variadic."""
    width = read_if_supported(session.operation(operation, OperationProperty.QUBITSNUM), of="QUBITSNUM")
    sites = read_if_supported(
        session.operation(operation, OperationProperty.SITES), of="an operation's SITES"
    )
    zoned = read_if_supported(session.operation(operation, OperationProperty.ISZONED), of="ISZONED")
    if width is None or sites is None or (zoned and any(zoned)):
        return []
    (step,) = sizes(width)
    flat = handles(sites)
    require(step > 0 and len(flat) % step == 0, f"{len(flat)} sites are no tuples of {step}")
    return [tuple(flat[begin : begin + step]) for begin in range(0, len(flat), step)]


def every_query(session: Session) -> Iterator[tuple[str, Query]]:
    """Give every query that could be answered without sites, with a name."""
    for number_ in chain(range(DeviceProperty.MAX), CUSTOM):
        yield f"device property {number_}", session.device(number_)
    for site in session.sites():
        for number_ in chain(range(SiteProperty.MAX), CUSTOM):
            yield f"site property {number_}", session.site(site, number_)
    for operation in session.operations():
        for number_ in chain(range(OperationProperty.MAX), CUSTOM):
            yield f"operation property {number_}", session.operation(operation, number_)
        for locus in tuples(session, operation)[:1]:
            for number_ in range(OperationProperty.MAX):
                query = session.operation(operation, number_, locus)
                yield f"operation property {number_} on sites", query


@item(16)
def null_handles_and_unknown_properties_are_refused(subject: Subject) -> None:
    session = subject.session()
    call, size = subject.library.call, c_size_t()
    site, operation = session.sites()[0], session.operations()[0]
    for name, arguments in (
        ("session_query_device_property", (None, DeviceProperty.NAME)),
        ("session_query_site_property", (None, site, SiteProperty.INDEX)),
        ("session_query_operation_property", (None, operation, 0, None, 0, None, OperationProperty.NAME)),
    ):
        expect(call(name, *arguments, 0, None, byref(size)), Status.INVALIDARGUMENT, of=f"{name} of NULL")
    for query, what in (
        (session.site(None, SiteProperty.INDEX), "a property of site NULL"),
        (session.operation(None, OperationProperty.NAME), "a property of operation NULL"),
        *((session.device(bogus), f"device property {bogus}") for bogus in (DeviceProperty.MAX, *BOGUS)),
        *((session.site(site, bogus), f"site property {bogus}") for bogus in (SiteProperty.MAX, *BOGUS)),
        *(
            (session.operation(operation, bogus), f"operation property {bogus}")
            for bogus in (OperationProperty.MAX, *BOGUS)
        ),
    ):
        expect(query(0, None, byref(size)), Status.INVALIDARGUMENT, of=what)


@item(16)
def empty_lists_of_sites_and_parameters_are_refused(subject: Subject) -> None:
    session = subject.session()
    operation, one = session.operations()[0], (ctypes.c_void_p * 1)(session.sites()[0])
    angle = (ctypes.c_double * 1)(0.0)
    for arguments, what in (((0, one, 0, None), "no sites"), ((0, None, 0, angle), "no parameters")):
        answer = session.call(
            "session_query_operation_property",
            operation,
            *arguments,
            OperationProperty.NAME,
            0,
            None,
            byref(c_size_t()),
        )
        expect(answer, Status.INVALIDARGUMENT, of=f"a list of {what} that is not null")


@item(18, 109, seconds=60)
def every_answer_has_the_size_that_was_told(subject: Subject) -> None:
    session = subject.session()
    answered = 0
    for what, query in every_query(session):
        size = c_size_t(0)
        if query(0, None, byref(size)) is not Status.SUCCESS or size.value == 0:
            continue
        answered += 1
        moving = what in {f"device property {int(prop)}" for prop in _MOVING}
        first, second = read(query, of=what), read(query, of=what)
        require(moving or first == second, f"{what}: two reads differ")
        room = ctypes.create_string_buffer(size.value + 100)
        expect(
            query(size.value + 100, room, None),
            Status.SUCCESS,
            of=f"{what} into a larger buffer, no size_ret",
        )
        require(moving or room.raw[: size.value] == first, f"{what}: a larger buffer holds something else")
        expect(query(0, None, None), Status.SUCCESS, of=f"a probe of {what} without size_ret")
    require(answered >= 10, f"only {answered} queries were answered")


@item(18, 109, seconds=60)
def a_short_buffer_is_refused_and_left_alone(subject: Subject) -> None:
    session = subject.session()
    for what, query in every_query(session):
        size = c_size_t(0)
        if query(0, None, byref(size)) is not Status.SUCCESS or size.value == 0:
            continue
        refuses_short_buffers(query, of=what)


@item(27, 108, seconds=60)
def every_number_of_a_property_has_an_answer(subject: Subject) -> None:
    # Also those that are reserved or that a device defines: supported or not, but never invalid.
    for what, query in every_query(subject.session()):
        expect(query(0, None, byref(c_size_t())), Status.SUCCESS, Status.NOTSUPPORTED, of=what)


@item(108)
def reserved_device_properties_are_not_supported(subject: Subject) -> None:
    session = subject.session()
    for reserved in RESERVED_DEVICE_PROPERTIES:
        answer = session.device(reserved)(0, None, byref(c_size_t()))
        expect(answer, Status.NOTSUPPORTED, of=f"the reserved device property {reserved}")


@item(19)
def the_device_has_a_name_and_versions(subject: Subject) -> None:
    session = subject.session()
    for prop in (DeviceProperty.NAME, DeviceProperty.VERSION, DeviceProperty.LIBRARYVERSION):
        require(text(read(session.device(prop), of=prop.name)), f"{prop.name} is empty")
    version = text(read(session.device(DeviceProperty.LIBRARYVERSION), of="LIBRARYVERSION")).decode()
    require(version.startswith("1.4"), f"the library says that it implements QDMI {version}")
    for prop in (DeviceProperty.ID, DeviceProperty.LENGTHUNIT):
        data = read_if_supported(session.device(prop), of=prop.name)
        require(data is None or text(data), f"{prop.name} is empty")


@item(20, 21)
def sites_have_indices_of_their_own_and_qubits_are_among_them(subject: Subject) -> None:
    session = subject.session()
    sites = session.sites()
    qubits = size_of(session, DeviceProperty.QUBITSNUM)
    require(0 < qubits <= len(sites), f"there are {qubits} qubits and {len(sites)} sites")
    require(len(set(sites)) == len(sites), "a site occurs twice in SITES")
    indices = [read(session.site(site, SiteProperty.INDEX), of="INDEX") for site in sites]
    require(len(set(indices)) == len(indices), "two sites have one INDEX")
    for site in sites:
        name = read_if_supported(session.site(site, SiteProperty.NAME), of="NAME")
        require(name is None or text(name), "a site has an empty name")


@item(21)
def coherence_times_are_positive_or_absent(subject: Subject) -> None:
    session = subject.session()
    for site in session.sites():
        for prop in (SiteProperty.T1, SiteProperty.T2):
            data = read_if_supported(session.site(site, prop), of=prop.name)
            if data is not None:
                require(len(data) == 8, f"{prop.name} has {len(data)} bytes")
                require(int.from_bytes(data, "little") > 0, f"{prop.name} is 0")


@item(22)
def operations_have_names_and_parameter_counts(subject: Subject) -> None:
    session = subject.session()
    operations = session.operations()
    require(operations, "there are no operations")
    names = [text(read(session.operation(each, OperationProperty.NAME), of="NAME")) for each in operations]
    require(all(names), "an operation has an empty name")
    for operation in operations:
        read(session.operation(operation, OperationProperty.PARAMETERSNUM), of="PARAMETERSNUM")


@item(22, 31, seconds=60)
def fidelities_and_durations_are_possible(subject: Subject) -> None:
    session = subject.session()
    for operation in session.operations():
        for locus in [(), *tuples(session, operation)]:
            fidelity = read_if_supported(
                session.operation(operation, OperationProperty.FIDELITY, locus), of="FIDELITY"
            )
            if fidelity is not None:
                require(0 <= number(fidelity) <= 1, f"a fidelity is {number(fidelity)}")
            duration = read_if_supported(
                session.operation(operation, OperationProperty.DURATION, locus), of="DURATION"
            )
            if duration is not None:
                require(int.from_bytes(duration, "little") > 0, "a duration is 0")


@item(23)
def operations_act_on_tuples_of_sites(subject: Subject) -> None:
    session = subject.session()
    sites = set(session.sites())
    found = 0
    for operation in session.operations():
        for locus in tuples(session, operation):
            found += 1
            require(sites.issuperset(locus), "an operation acts on a site that is not among SITES")
            require(len(set(locus)) == len(locus), "an operation acts on one site twice")
    if not found:
        coupled = read_if_supported(session.device(DeviceProperty.COUPLINGMAP), of="COUPLINGMAP")
        require(coupled is None, "there is a coupling map, but no operation tells its sites")
        raise NotApplicable("every operation acts on any sites")


@item(24)
def the_coupling_map_is_made_of_pairs_of_sites(subject: Subject) -> None:
    session = subject.session()
    data = read_if_supported(session.device(DeviceProperty.COUPLINGMAP), of="COUPLINGMAP")
    if data is None:
        return  # no constraint
    flat = handles(data)
    require(len(flat) % 2 == 0, f"the coupling map has {len(flat)} sites")
    require(flat or size_of(session, DeviceProperty.QUBITSNUM) == 1, "the coupling map is empty")
    require(set(flat) <= set(session.sites()), "the coupling map has a site that is not among SITES")
    pairs = list(zip(flat[::2], flat[1::2], strict=True))
    require(all(first != second for first, second in pairs), "a site is coupled to itself")
    require(len(set(pairs)) == len(pairs), "a pair occurs twice in the coupling map")


@item(23, 24)
def two_qubit_operations_act_on_coupled_pairs(subject: Subject) -> None:
    session = subject.session()
    data = read_if_supported(session.device(DeviceProperty.COUPLINGMAP), of="COUPLINGMAP")
    if data is None:
        raise NotApplicable("the device has no coupling map")
    flat = handles(data)
    coupled = {frozenset(pair) for pair in zip(flat[::2], flat[1::2], strict=True)}
    for operation in session.operations():
        for locus in tuples(session, operation):
            require(
                len(locus) != 2 or frozenset(locus) in coupled,
                "an operation acts on a pair that is not coupled",
            )


@item(31)
def both_orders_of_a_pair_agree(subject: Subject) -> None:
    session = subject.session()
    compared = 0
    for operation in session.operations():
        loci = [locus for locus in tuples(session, operation) if len(locus) == 2]
        for first, second in loci[:5]:
            if (second, first) in loci:
                continue
            query = session.operation(operation, OperationProperty.FIDELITY, (first, second))
            swapped = session.operation(operation, OperationProperty.FIDELITY, (second, first))
            one, other = (read_if_supported(each, of="FIDELITY") for each in (query, swapped))
            # Absent for an operation with a direction, the same for one without.
            require(other is None or one == other, "a pair has another fidelity the other way round")
            compared += 1
    if not compared:
        raise NotApplicable("the device lists no pair in one order only")


@item(25)
def durations_have_a_unit(subject: Subject) -> None:
    session = subject.session()
    unit = read_if_supported(session.device(DeviceProperty.DURATIONUNIT), of="DURATIONUNIT")
    scale = read_if_supported(session.device(DeviceProperty.DURATIONSCALEFACTOR), of="DURATIONSCALEFACTOR")
    timed = any(
        read_if_supported(session.site(site, prop), of=prop.name) is not None
        for site in session.sites()
        for prop in (SiteProperty.T1, SiteProperty.T2)
    )
    require(unit is not None or not timed, "sites have coherence times, but the device has no DURATIONUNIT")
    if unit is not None:
        require(text(unit), "DURATIONUNIT is empty")
    if scale is not None:
        factor = number(scale)
        require(math.isfinite(factor) and factor > 0, f"DURATIONSCALEFACTOR is {factor}")


@item(26, 108)
def program_formats_are_supported_or_not(subject: Subject) -> None:
    session = subject.session()
    formats = session.formats()
    require(formats, "no program format is supported")
    require(len(set(formats)) == len(formats), "a program format is listed twice")
    job = session.job()
    for format_ in chain(range(ProgramFormat.MAX), CUSTOM):
        allowed = Status.SUCCESS if format_ in formats else Status.NOTSUPPORTED
        expect(job.probe(format_), allowed, of=f"a probe of program format {format_}")
        if format_ not in formats:
            answer = job.set_programs(format_, b"x\0")
            expect(answer, Status.NOTSUPPORTED, of=f"a program of format {format_}")
    for bogus in (ProgramFormat.MAX, *BOGUS):
        expect(job.probe(bogus), Status.INVALIDARGUMENT, of=f"a probe of program format {int(bogus)}")


@item(28)
def the_status_is_one_of_qdmis(subject: Subject) -> None:
    session = subject.session()
    value = int.from_bytes(read(session.device(DeviceProperty.STATUS), of="STATUS"), "little")
    require(value in list(DeviceStatus), f"the device's status is {value}")
    require(value != DeviceStatus.OFFLINE, "a device with a session is OFFLINE")


@item(28, 29)
def the_device_is_busy_while_a_job_runs(subject: Subject) -> None:
    job = subject.slow()
    session = subject.session(subject.profile.slow_session)

    def status(of: Session) -> int:
        return int.from_bytes(read(of.device(DeviceProperty.STATUS), of="STATUS"), "little")

    require(status(session) == DeviceStatus.BUSY, f"the status is {status(session)} while a job runs")
    expect(job.call("job_cancel"), Status.SUCCESS, of="cancel")
    job.finish(JobStatus.CANCELED)
    deadline = time.monotonic() + 10  # for the device to notice
    while (now := status(session)) == DeviceStatus.BUSY and time.monotonic() < deadline:
        time.sleep(0.05)
    require(now == DeviceStatus.IDLE, f"the status is {now} after the job")


@item(30)
def the_queue_has_a_length_or_none_is_told(subject: Subject) -> None:
    data = read_if_supported(subject.session().device(DeviceProperty.QUEUELENGTH), of="QUEUELENGTH")
    if data is not None:
        require(len(data) == 8, f"QUEUELENGTH has {len(data)} bytes")


@item(20)
def sites_keep_their_order(subject: Subject) -> None:
    session = subject.session()
    indices = [sizes(read(session.site(site, SiteProperty.INDEX), of="INDEX"))[0] for site in session.sites()]
    again = [sizes(read(session.site(site, SiteProperty.INDEX), of="INDEX"))[0] for site in session.sites()]
    require(indices == again, "two reads of SITES have another order")
    require(all(first != second for first, second in pairwise(sorted(indices))), "two sites have one INDEX")
