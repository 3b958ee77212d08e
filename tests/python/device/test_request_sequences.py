# SPDX-License-Identifier: Apache-2.0
"""The paper's sequence diagrams, as the requests that a server gets: these, in this order, and no others."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from qdmikit import JobStatus, ProgramFormat

if TYPE_CHECKING:
    from collections.abc import Callable

    import qdmikit
    from iqm_mock_server import MockServer
    from iqm_mock_server.control.ledger import RequestEntry

COMPUTERS = "/api/v1/quantum-computers"
STATIC = f"{COMPUTERS}/garnet/artifacts/static-quantum-architectures"
DEFAULT_SET = "/api/v1/calibration-sets/garnet/default"
FIRST_TRIP = {COMPUTERS, "/cocos/health"}  # the latter answers on servers that calibrate
SECOND_TRIP = {STATIC, f"{DEFAULT_SET}/dynamic-quantum-architecture", f"{DEFAULT_SET}/metrics"}

pytestmark = pytest.mark.iqm_mock_server(ideal=True)


def ended(entry: RequestEntry) -> float:
    assert entry.seconds is not None
    return entry.started_monotonic + entry.seconds


def settled(server: MockServer, count: int) -> list[RequestEntry]:
    """Return the requests once there are so many and the last of them is answered."""
    limit = time.monotonic() + 30
    while True:
        entries = server.ledger.requests()
        if len(entries) >= count and all(entry.seconds is not None for entry in entries):
            return entries
        assert time.monotonic() < limit, [entry.path for entry in entries]
        time.sleep(0.01)


def test_setting_up_a_session_is_two_dependent_trips(
    iqm_mock_server: MockServer, open_device: Callable[[str], qdmikit.Device]
) -> None:
    device = open_device(iqm_mock_server.url)
    entries = settled(iqm_mock_server, 7)

    first = [entry for entry in entries if entry.path in FIRST_TRIP]
    second = [entry for entry in entries if entry.path in SECOND_TRIP]
    # Nothing is asked for twice. Only the list is waited for: a server that is busy may note the other one of
    # the first trip, and what is fetched in the background, in any order.
    assert (len(first), len(second), len(entries)) == (2, 3, 7)
    assert len({entry.path for entry in entries}) == 7
    (listed,) = [entry for entry in first if entry.path == COMPUTERS]
    assert all(entry.started_monotonic >= ended(listed) for entry in second)

    assert device.qubits_num == 20
    assert [site.t1 for site in device.sites]
    assert iqm_mock_server.ledger.requests() == entries, "properties are answered from the session's state"


def test_a_job_is_one_submission_one_status_request_and_one_result(
    iqm_mock_server: MockServer, open_device: Callable[[str], qdmikit.Device], flip: str
) -> None:
    device = open_device(iqm_mock_server.url)
    before = settled(iqm_mock_server, 7)[-1].number

    job = device.submit(flip, ProgramFormat.IQMJSON, 10, custom1="zeros", custom5="QB1:QB1,QB2:QB2")
    submission = iqm_mock_server.ledger.submissions()
    job.wait(60)
    assert job.status is JobStatus.DONE
    shots = job.memory()
    counts = job.counts()

    assert [each.id for each in submission] == [job.id]
    assert counts == {"01": 10}
    assert len(shots) == 10
    entries = iqm_mock_server.ledger.requests(before)
    assert [(entry.method, entry.path) for entry in entries] == [
        ("POST", "/api/v1/jobs/garnet/circuit"),
        ("GET", f"/api/v1/jobs/{job.id}"),
        ("GET", f"/api/v1/jobs/{job.id}/artifacts/measurements"),
    ], "waiting is one long poll; the end of a job is final; counts come from the shots that are here"
    assert "timeout_seconds" in entries[1].query
    assert len({entry.connection for entry in entries}) == 1


def test_polling_asks_once_for_each_check_until_the_job_has_ended(
    iqm_mock_server: MockServer, open_device: Callable[[str], qdmikit.Device], flip: str
) -> None:
    device = open_device(iqm_mock_server.url)
    before = settled(iqm_mock_server, 7)[-1].number
    job = device.submit(flip, ProgramFormat.IQMJSON, 10)
    checks = 1
    while job.status is not JobStatus.DONE:
        checks += 1
        time.sleep(0.01)
    assert job.status is JobStatus.DONE
    assert job.counts() == {"01": 10}
    paths = [entry.path for entry in iqm_mock_server.ledger.requests(before)]
    assert paths == [
        "/api/v1/jobs/garnet/circuit",
        *[f"/api/v1/jobs/{job.id}"] * checks,
        f"/api/v1/jobs/{job.id}/artifacts/measurement_counts",
    ]
