# SPDX-License-Identifier: Apache-2.0
"""What the server writes down about what was asked of it."""

from __future__ import annotations

import gzip
import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from iqm_mock_server.control.ledger import Ledger, Submission

if TYPE_CHECKING:
    from tests.mockserver.conftest import Api, Circuits, Connect

    from iqm_mock_server.serving import MockServer

COMPUTERS = "/api/v1/quantum-computers"


def test_requests_are_listed_in_order_with_what_became_of_them(iqm_mock_server: MockServer, api: Api) -> None:
    api.get(COMPUTERS)
    api.get(f"{COMPUTERS}/nope", verbose="yes")
    first, second = iqm_mock_server.ledger.requests()
    assert (first.number, first.method, first.path, first.status) == (1, "GET", COMPUTERS, 200)
    assert (second.path, second.query, second.status) == (f"{COMPUTERS}/nope", "verbose=yes", 404)
    assert first.connection == second.connection
    assert first.reply_bytes > 100
    assert first.ended is not None
    assert first.started <= first.ended <= second.started
    assert not first.tls
    assert iqm_mock_server.ledger.requests(since=1) == [second]


def test_other_spellings_of_a_path_are_written_down_as_one(iqm_mock_server: MockServer, api: Api) -> None:
    api.request("GET", "//api/v1/quantum-computers")
    api.get("/api/latest/quantum-computers")
    assert [entry.path for entry in iqm_mock_server.ledger.requests()] == [COMPUTERS, COMPUTERS]


@pytest.mark.iqm_mock_server(ideal=True)
def test_a_submission_is_what_the_server_has_taken(
    iqm_mock_server: MockServer, api: Api, circuits: type[Circuits]
) -> None:
    body = {"circuits": [{"name": "c", "instructions": [circuits.measure("QB1")]}]}
    path = "/api/v1/jobs/garnet/circuit"
    accepted = api.post(path, body, tag="mine").json["id"]
    assert api.post(path, {"circuits": []}).status == 400
    run = api.request("POST", "/cocos/api/v4/calibration/runs", b"{}").json["id"]
    job, calibration = iqm_mock_server.ledger.submissions()
    assert (job.kind, job.id, job.tag, job.request) == ("job", accepted, "mine", 1)
    assert job.body_sha256 == hashlib.sha256(json.dumps(body).encode()).hexdigest()
    assert (calibration.kind, calibration.id, calibration.request) == ("calibration", run, 3)
    assert iqm_mock_server.ledger.requests()[0].request_bytes == len(json.dumps(body))


@pytest.mark.iqm_mock_server(ideal=True, instant=True)
def test_a_submission_is_written_down_also_when_its_reply_is_compressed(
    iqm_mock_server: MockServer, api: Api, circuits: type[Circuits]
) -> None:
    body = {"circuits": [{"name": "c", "instructions": [circuits.measure("QB1")]}]}
    reply = api.request(
        "POST", "/api/v1/jobs/garnet/circuit", json.dumps(body).encode(), {"Accept-Encoding": "gzip"}
    )
    assert reply.headers["Content-Encoding"] == "gzip"
    [submission] = iqm_mock_server.ledger.submissions()
    assert submission.id == json.loads(gzip.decompress(reply.body))["id"]


@pytest.mark.iqm_mock_server(duration=1000.0)
def test_a_cancellation_is_no_submission(
    iqm_mock_server: MockServer, api: Api, circuits: type[Circuits]
) -> None:
    job = api.accepted([circuits.measure("QB1")])
    assert api.request("POST", f"/api/v1/jobs/{job}/cancel").status == 200
    assert [each.id for each in iqm_mock_server.ledger.submissions()] == [job]


def test_what_is_kept_of_a_long_path_is_bounded(iqm_mock_server: MockServer, api: Api) -> None:
    assert api.get(f"/api/v1/{'x' * 50_000}?{'y' * 10_000}").status == 404
    [entry] = iqm_mock_server.ledger.requests()
    assert len(entry.path) == len(entry.query) == 1000


def test_a_ledger_that_is_full_says_how_much_it_has_forgotten() -> None:
    ledger = Ledger(kept=3)
    for number in range(1, 6):
        ledger.begin(
            method="GET",
            path="/api/v1/about",
            query="",
            connection="127.0.0.1:1",
            tls=False,
            started="2026-01-01T00:00:00.000000Z",
            started_monotonic=0.0,
        )
        ledger.accepted(Submission(number, "job", str(number), "", None, "2026-01-01T00:00:00.000000Z"))
    assert [entry.number for entry in ledger.requests()] == [3, 4, 5]
    assert [each.id for each in ledger.submissions()] == ["3", "4", "5"]
    assert ledger.forgotten == {"requests": 2, "submissions": 2}
    ledger.clear()
    assert ledger.forgotten == {"requests": 0, "submissions": 0}


@pytest.mark.iqm_mock_server(token="s3cret-token")  # noqa: S106 - the mock's
def test_no_token_is_written_down(iqm_mock_server: MockServer, connect: Connect) -> None:
    connect(iqm_mock_server).get(COMPUTERS)
    connect(iqm_mock_server, token="wr0ng-token").get(COMPUTERS)  # noqa: S106 - on purpose
    text = json.dumps(iqm_mock_server.ledger.document())
    assert [entry.status for entry in iqm_mock_server.ledger.requests()] == [200, 401]
    assert "token" not in text


def test_the_servers_own_pages_are_not_written_down(iqm_mock_server: MockServer, api: Api) -> None:
    assert api.get("/").status == 200
    assert api.get("/dashboard/api/machines").status == 200
    assert iqm_mock_server.ledger.requests() == []


def test_clearing_forgets_and_counts_on(iqm_mock_server: MockServer, api: Api) -> None:
    api.get(COMPUTERS)
    iqm_mock_server.ledger.clear()
    api.get(COMPUTERS)
    assert [entry.number for entry in iqm_mock_server.ledger.requests()] == [2]
