# SPDX-License-Identifier: Apache-2.0
"""Waiting for a job on the server's side."""

from __future__ import annotations

import datetime as dt
import threading
import time
from typing import TYPE_CHECKING

import pytest

from iqm_mock_server import ManualClock, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mockserver.conftest import Api, Circuits, Connect, Reply

    from iqm_mock_server import MockServer

TIMED_OUT = "IQM-Long-Poll-Timed-Out"


class Poll(threading.Thread):
    """A poll on a connection and a thread of its own."""

    def __init__(self, api: Api, job_id: str, **query: object) -> None:
        super().__init__()
        self._api, self._job_id = api, job_id
        self._query: dict[str, object] = {"wait_until_terminal": "true", **query}
        self.replies: list[Reply] = []
        self.moment: dt.datetime | None = None
        self.start()

    def run(self) -> None:
        self.replies.append(self._api.get(f"/api/v1/jobs/{self._job_id}", **self._query))
        self.moment = dt.datetime.now(dt.UTC)

    def reply(self) -> Reply:
        self.join(30)
        [reply] = self.replies
        return reply


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def server(clock: ManualClock) -> Iterator[MockServer]:
    """Run a server whose jobs take 100 s of a time that only the test moves."""
    with serve(duration=100, clock=clock) as running:
        yield running


def test_a_poll_that_times_out_shows_the_job_and_says_so(
    server: MockServer, clock: ManualClock, connect: Connect, circuits: Circuits
) -> None:
    job_id = connect(server).accepted(circuits.ghz("QB1", "QB2"))
    clock.await_sleepers(1)
    poll = Poll(connect(server), job_id, timeout_seconds=7)
    clock.await_sleepers(2)
    clock.advance(6.9)
    clock.await_sleepers(2)
    assert poll.is_alive()
    clock.advance(0.1)
    reply = poll.reply()
    assert (reply.status, reply.json["status"]) == (200, "processing")
    assert reply.headers[TIMED_OUT] == "true"


def test_a_poll_lasts_ten_seconds_unless_told_otherwise(
    server: MockServer, clock: ManualClock, connect: Connect, circuits: Circuits
) -> None:
    job_id = connect(server).accepted(circuits.ghz("QB1", "QB2"))
    clock.await_sleepers(1)
    poll = Poll(connect(server), job_id)
    clock.await_sleepers(2)
    clock.advance(9.9)
    assert poll.is_alive()
    clock.advance(0.1)
    assert poll.reply().headers[TIMED_OUT] == "true"


def test_a_poll_ends_when_its_job_does(
    server: MockServer, clock: ManualClock, connect: Connect, circuits: Circuits
) -> None:
    job_id = connect(server).accepted(circuits.ghz("QB1", "QB2"))
    clock.await_sleepers(1)
    clock.advance(80)
    poll = Poll(connect(server), job_id, timeout_seconds=30)
    clock.await_sleepers(2)
    clock.advance(20)
    reply = poll.reply()
    assert reply.json["status"] == "completed"
    assert TIMED_OUT not in reply.headers


@pytest.mark.parametrize("position", [0, 1])
def test_a_poll_ends_when_its_job_is_cancelled(
    server: MockServer, clock: ManualClock, connect: Connect, circuits: Circuits, position: int
) -> None:
    api = connect(server)
    job_id = [api.accepted(circuits.ghz("QB1", "QB2")) for _ in range(2)][position]
    clock.await_sleepers(1)
    poll = Poll(connect(server), job_id, timeout_seconds=30)
    clock.await_sleepers(2)
    api.request("POST", f"/api/v1/jobs/{job_id}/cancel")
    reply = poll.reply()
    assert reply.json["status"] == "cancelled"
    assert TIMED_OUT not in reply.headers


def test_a_poll_for_a_deleted_job_is_404(
    server: MockServer, clock: ManualClock, connect: Connect, circuits: Circuits
) -> None:
    api = connect(server)
    job_id = api.accepted(circuits.ghz("QB1", "QB2"))
    clock.await_sleepers(1)
    poll = Poll(connect(server), job_id, timeout_seconds=30)
    clock.await_sleepers(2)
    api.request("DELETE", f"/api/v1/jobs/{job_id}")
    assert poll.reply().status == 404


def test_held_polls_do_not_keep_others_waiting(
    server: MockServer, clock: ManualClock, connect: Connect, circuits: Circuits
) -> None:
    api = connect(server)
    job_id = api.accepted(circuits.ghz("QB1", "QB2"))
    polls = [Poll(connect(server), job_id, timeout_seconds=30) for _ in range(50)]
    clock.await_sleepers(51)
    assert api.get("/api/v1/quantum-computers").status == 200
    assert api.job(job_id)["status"] == "processing"
    api.request("POST", f"/api/v1/jobs/{job_id}/cancel")
    assert {poll.reply().json["status"] for poll in polls} == {"cancelled"}


def test_a_held_poll_is_told_when_the_server_shuts_down(connect: Connect, circuits: Circuits) -> None:
    clock = ManualClock()
    with serve(duration=100, clock=clock) as server:
        job_id = connect(server).accepted(circuits.ghz("QB1", "QB2"))
        poll = Poll(connect(server), job_id, timeout_seconds=30)
        clock.await_sleepers(2)
    assert poll.reply().status == 503


def test_a_job_that_has_ended_is_answered_at_once(api: Api, circuits: Circuits) -> None:
    job_id = api.completed(circuits.ghz("QB1", "QB2"))
    begin = time.monotonic()
    reply = api.get(f"/api/v1/jobs/{job_id}", wait_until_terminal="true", timeout_seconds=30)
    assert time.monotonic() - begin < 5
    assert reply.json["status"] == "completed"
    assert TIMED_OUT not in reply.headers


def test_without_the_flag_the_timeout_is_ignored(
    server: MockServer, connect: Connect, circuits: Circuits
) -> None:
    api = connect(server)
    job_id = api.accepted(circuits.ghz("QB1", "QB2"))
    for query in ({"timeout_seconds": "30"}, {"wait_until_terminal": "false", "timeout_seconds": "99"}):
        reply = api.get(f"/api/v1/jobs/{job_id}", **query)
        assert reply.json["status"] in {"waiting", "processing"}
        assert TIMED_OUT not in reply.headers


def test_a_poll_of_no_seconds_times_out_at_once(
    server: MockServer, connect: Connect, circuits: Circuits
) -> None:
    api = connect(server)
    job_id = api.accepted(circuits.ghz("QB1", "QB2"))
    reply = api.get(f"/api/v1/jobs/{job_id}", wait_until_terminal="true", timeout_seconds=0)
    assert reply.headers[TIMED_OUT] == "true"


@pytest.mark.parametrize(
    "query",
    [
        {"timeout_seconds": "31"},
        {"timeout_seconds": "-1"},
        {"timeout_seconds": "1.5"},
        {"timeout_seconds": ""},
        {"timeout_seconds": "9" * 5000},
        {"wait_until_terminal": "yes"},
    ],
)
def test_bad_poll_parameters_are_refused(
    server: MockServer, connect: Connect, circuits: Circuits, query: dict[str, str]
) -> None:
    api = connect(server)
    job_id = api.accepted(circuits.ghz("QB1", "QB2"))
    reply = api.get(f"/api/v1/jobs/{job_id}", **{"wait_until_terminal": "true", **query})
    assert (reply.status, reply.json["error_code"]) == (400, "invalid_input")


@pytest.mark.iqm_mock_server(duration=0.2)
def test_a_poll_returns_within_milliseconds_of_completion(
    iqm_mock_server: MockServer, connect: Connect, circuits: Circuits
) -> None:
    delays = []
    for _ in range(5):
        api = connect(iqm_mock_server)
        poll = Poll(api, api.accepted(circuits.ghz("QB1", "QB2")), timeout_seconds=30)
        done = dt.datetime.fromisoformat(poll.reply().json["timeline"][-1]["timestamp"])
        assert poll.moment is not None
        delays.append((poll.moment - done).total_seconds())
    assert sorted(delays)[2] < 0.05
