# SPDX-License-Identifier: Apache-2.0
"""Servers of other generations, each as a client sees it on the wire."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from iqm_mock_server.control import FaultPlan, Legacy

if TYPE_CHECKING:
    from tests.mockserver.conftest import Api, Circuits, Connect

    from iqm_mock_server.serving import MockServer

COMPUTER = "/api/v1/quantum-computers/garnet"
SET = "/api/v1/calibration-sets/garnet/default"

slow = pytest.mark.iqm_mock_server(duration=1000.0)


def use(server: MockServer, *modes: Legacy) -> None:
    server.faults.use(FaultPlan(legacy=frozenset(modes)))


@pytest.mark.parametrize(
    ("mode", "path"),
    [
        (Legacy.NO_LIMITS, f"{COMPUTER}/limits"),
        (Legacy.NO_METRICS, f"{SET}/metrics"),
        (Legacy.NO_HEALTH, f"{COMPUTER}/health"),
        (Legacy.NO_QUEUE_AVAILABILITY, f"{COMPUTER}/queue-availability"),
        (Legacy.NO_CALIBRATION_SETS, SET),
        (Legacy.NO_CALIBRATION_SERVICE, "/cocos/health"),
    ],
)
def test_an_endpoint_is_missing_and_no_other(
    iqm_mock_server: MockServer, api: Api, mode: Legacy, path: str
) -> None:
    assert api.get(path).status == 200
    use(iqm_mock_server, mode)
    reply = api.get(path)
    assert (reply.status, reply.json["error_code"]) == (404, "not_found")
    assert api.get(COMPUTER).status == 200
    assert api.get(f"{SET}/dynamic-quantum-architecture").status == 200


@pytest.mark.iqm_mock_server(token="s3cret")  # noqa: S106 - the mock's
def test_what_is_missing_is_missing_to_those_with_a_token_only(
    iqm_mock_server: MockServer, connect: Connect
) -> None:
    use(iqm_mock_server, Legacy.NO_LIMITS)
    stranger = connect(iqm_mock_server, token="wr0ng")  # noqa: S106 - on purpose
    assert stranger.get(f"{COMPUTER}/limits").status == 401
    assert connect(iqm_mock_server).get(f"{COMPUTER}/limits").status == 404


@slow
def test_a_server_without_payloads(iqm_mock_server: MockServer, api: Api, circuits: type[Circuits]) -> None:
    job = api.accepted([circuits.measure("QB1")])
    assert api.get(f"/api/v1/jobs/{job}/payload").status == 200
    use(iqm_mock_server, Legacy.NO_PAYLOAD)
    assert api.get(f"/api/v1/jobs/{job}/payload").status == 404
    assert api.get(f"/api/v1/jobs/{job}").status == 200


@slow
def test_without_long_poll_the_answer_comes_at_once_and_says_nothing_of_it(
    iqm_mock_server: MockServer, api: Api, circuits: type[Circuits]
) -> None:
    use(iqm_mock_server, Legacy.NO_LONG_POLL)
    job = api.accepted([circuits.measure("QB1")])
    reply = api.get(f"/api/v1/jobs/{job}", wait_until_terminal="true", timeout_seconds=30)
    assert reply.json["status"] in {"waiting", "processing"}
    assert "IQM-Long-Poll-Timed-Out" not in reply.headers
    [entry] = [each for each in iqm_mock_server.ledger.requests() if each.query]
    assert entry.query == "wait_until_terminal=true&timeout_seconds=30"


@slow
def test_without_tags_jobs_have_none(iqm_mock_server: MockServer, api: Api, circuits: type[Circuits]) -> None:
    body = {"circuits": [{"name": "c", "instructions": [circuits.measure("QB1")]}]}
    path = "/api/v1/jobs/garnet/circuit"
    assert api.post(path, body, tag="mine").json["tag"] == "mine"
    use(iqm_mock_server, Legacy.NO_TAG)
    reply = api.post(path, body, tag="mine")
    assert "tag" not in reply.json
    assert iqm_mock_server.ledger.submissions()[-1].tag == "mine"


def test_old_error_bodies(iqm_mock_server: MockServer, api: Api) -> None:
    use(iqm_mock_server, Legacy.DETAIL_ERRORS)
    reply = api.get("/api/v1/quantum-computers/nope")
    assert (reply.status, reply.json) == (404, {"detail": "Quantum computer 'nope' not found"})
    use(iqm_mock_server, Legacy.LISTED_ERRORS)
    reply = api.request("GET", "/api/v1/quantum-computers/nope", headers={"Accept-Encoding": "gzip"})
    [error] = reply.json["errors"]
    assert error == {"error_code": "qc_not_found", "message": "Quantum computer 'nope' not found"}
    with pytest.raises(ValueError, match="exclude each other"):
        FaultPlan(legacy=frozenset({Legacy.DETAIL_ERRORS, Legacy.LISTED_ERRORS}))


def test_without_keep_alive_every_connection_has_one_request(iqm_mock_server: MockServer, api: Api) -> None:
    use(iqm_mock_server, Legacy.NO_KEEP_ALIVE)
    for _ in range(3):
        reply = api.get(COMPUTER)
        assert reply.headers.get_all("Connection") == ["close"]
    assert len({entry.connection for entry in iqm_mock_server.ledger.requests()}) == 3


def test_a_server_that_does_not_ask_for_the_body(iqm_mock_server: MockServer) -> None:
    def first_words() -> bytes:
        address = urlsplit(iqm_mock_server.url)
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=20) as connection:
            connection.sendall(
                b"POST /api/v1/jobs/garnet/circuit HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                b"Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n"
            )
            connection.settimeout(0.3)
            try:
                early = connection.recv(100)
            except TimeoutError:
                early = b""
            connection.settimeout(20)
            connection.sendall(b"{}")
            while connection.recv(4096):
                pass
            return early

    assert first_words().startswith(b"HTTP/1.1 100 Continue")
    use(iqm_mock_server, Legacy.NO_EXPECT_CONTINUE)
    assert first_words() == b""
