# SPDX-License-Identifier: Apache-2.0
"""What notebooks show of devices, sites, operations, jobs and results.

Showing something must not fail: what cannot be read says so in its place. All text is escaped, and
credentials are not at hand here.
"""

from __future__ import annotations

import enum
from html import escape
from typing import TYPE_CHECKING

from qdmikit.errors import Error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from qdmikit._core import Operation, Site
    from qdmikit.device import Device
    from qdmikit.job import Job
    from qdmikit.result import Result

_MOST_ROWS = 200
_MOST_COUNTS = 16
_UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


def of_device(device: Device) -> str:
    """Draw a device: what it is, its status, and its sites with T1 and T2.

    Parameters
    ----------
    device
        Open or closed.

    Returns
    -------
    str
        HTML.
    """
    heading = _asked(lambda: device.id or device.name)
    facts = [
        ("name", _asked(lambda: device.name)),
        ("version", _asked(lambda: device.version)),
        ("library", device.library_path.name),
    ]
    if device.closed:
        return _card("Device", heading, [*facts, ("state", "closed")])
    facts += [
        ("qubits", _asked(lambda: device.qubits_num)),
        ("status", _asked(lambda: device.status)),
        ("jobs in the queue", _asked(lambda: device.queue_length)),
    ]
    return _card("Device", heading, facts) + _sites(device)


def of_site(site: Site) -> str:
    """Draw a site with its T1 and T2.

    Parameters
    ----------
    site
        Of any device.

    Returns
    -------
    str
        HTML.
    """
    facts = [
        ("index", str(site.index)),
        ("T1", _asked(lambda: _time(site.t1))),
        ("T2", _asked(lambda: _time(site.t2))),
    ]
    return _card("Site", site.name or str(site.index), facts)


def of_operation(operation: Operation) -> str:
    """Draw an operation with its figures for all places at once.

    Parameters
    ----------
    operation
        Of any device.

    Returns
    -------
    str
        HTML.
    """
    places = _asked(lambda: None if operation.sites is None else len(operation.sites))
    facts = [
        ("qubits", "any number" if operation.qubits_num is None else str(operation.qubits_num)),
        ("parameters", _text(operation.parameters_num)),
        ("places", places),
        ("fidelity", _asked(operation.fidelity)),
        ("duration", _asked(lambda: _time(operation.duration()))),
    ]
    return _card("Operation", operation.name, facts)


def of_job(job: Job) -> str:
    """Draw a job: where it stands and what it runs.

    Parameters
    ----------
    job
        Of any device.

    Returns
    -------
    str
        HTML.
    """
    facts = [
        ("status", _asked(lambda: job.status)),
        ("place in the queue", _asked(lambda: job.queue_position)),
        ("format", _asked(lambda: job.program_format)),
        ("programs", _asked(lambda: job.programs_num)),
        ("shots", _asked(lambda: job.shots)),
    ]
    return _card("Job", _asked(lambda: job.id), facts)


def of_result(result: Result) -> str:
    """Draw the counts of the first program, the most frequent ones first.

    Parameters
    ----------
    result
        Of any job.

    Returns
    -------
    str
        HTML.
    """
    heading = _asked(lambda: result.job_id)
    try:
        counts = result.counts()
    except Error as error:
        return _card("Result of job", heading, [("counts", _failure(error))])
    frequent = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    table = _table(("bitstring", "count"), (list(map(str, row)) for row in frequent[:_MOST_COUNTS]))
    more = f"<p>… and {len(frequent) - _MOST_COUNTS} more</p>" if len(frequent) > _MOST_COUNTS else ""
    return _card("Result of job", heading, [("shots counted", str(sum(counts.values())))]) + table + more


def _sites(device: Device) -> str:
    try:
        sites = device.sites
        rows = [
            [str(site.index), _text(site.name), _time(site.t1), _time(site.t2)] for site in sites[:_MOST_ROWS]
        ]
    except Error as error:  # the next site would fail alike, and each failure may take its time
        return f"<p>sites: {escape(_failure(error))}</p>"
    more = f"<p>… and {len(sites) - len(rows)} more</p>" if len(sites) > len(rows) else ""
    table = _table(("site", "name", "T1", "T2"), rows)
    return f"<details open><summary>{len(sites)} sites</summary>{table}{more}</details>"


def _asked(question: Callable[[], object]) -> str:
    try:
        return _text(question())
    except Error as error:
        return _failure(error)


def _failure(error: Error) -> str:
    return f"cannot be read ({error.kind})"


def _text(value: object) -> str:
    if value is None:
        return "not known"
    return value.name if isinstance(value, enum.Enum) else str(value)


def _time(seconds: float | None) -> str:
    if seconds is None:
        return "not known"
    size, unit = next((each for each in _UNITS if seconds >= each[0]), _UNITS[-1])
    return f"{seconds / size:.4g} {unit}"


def _card(kind: str, heading: str, facts: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f"<tr><th style='text-align:left'>{escape(name)}</th><td>{escape(value)}</td></tr>"
        for name, value in facts
    )
    return f"<p>{escape(kind)} <b>{escape(heading)}</b></p><table>{rows}</table>"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
