# SPDX-License-Identifier: Apache-2.0
"""Faults, each as a client sees it on the wire."""

from __future__ import annotations

import datetime as dt
import email.utils
import http.client
import json
import socket
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from iqm_mock_server import serve
from iqm_mock_server.clock import ManualClock
from iqm_mock_server.control import FaultPlan

if TYPE_CHECKING:
    from tests.mockserver.conftest import Api, Circuits, Connect

    from iqm_mock_server.serving import MockServer

COMPUTERS = "/api/v1/quantum-computers"


def plan(effect: dict[str, Any], **rule: Any) -> FaultPlan:  # noqa: ANN401 - of a rule
    return FaultPlan.model_validate({"rules": [{"effect": effect, **rule}]})


def json_body(reply: bytes) -> Any:  # noqa: ANN401 - JSON
    return json.loads(reply.partition(b"\r\n\r\n")[2])


def exchange(server: MockServer, request: bytes) -> tuple[bytes, bool]:
    """Send raw bytes; return what came back, and whether the connection ended in order."""
    address = urlsplit(server.url)
    received = b""
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=20) as connection:
        connection.sendall(request)
        try:
            while data := connection.recv(65536):
                received += data
        except ConnectionResetError:
            return received, False
    return received, True


GET = f"GET {COMPUTERS} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()


def test_latency_delays_the_reply_by_the_clock(connect: Connect) -> None:
    clock = ManualClock()
    with serve(clock=clock, faults=plan({"latency": 30.0})) as server:
        api = connect(server)
        api.connection.request("GET", COMPUTERS)
        deadline = time.monotonic() + 10
        while not server.ledger.requests() and time.monotonic() < deadline:
            pass
        [entry] = server.ledger.requests()
        assert entry.ended is None
        clock.advance(31.0)
        assert api.connection.getresponse().status == 200
        assert entry.fault == 0


def test_jitter_is_drawn_from_the_plans_seed() -> None:
    def latencies(seed: int) -> list[float]:
        faults = FaultPlan.model_validate(
            {"seed": seed, "rules": [{"effect": {"latency": 1.0, "jitter": 0.5}}]}
        )
        with serve() as server:
            server.faults.use(faults)
            strikes = [server.faults.draw("GET", "/api/v1/x") for _ in range(5)]
        return [strike[2] for strike in strikes if strike is not None]

    drawn = latencies(1)
    assert drawn == latencies(1) != latencies(2)
    assert all(1.0 <= latency <= 1.5 for latency in drawn)
    assert len(set(drawn)) == 5


@pytest.mark.iqm_mock_server(ideal=True)
def test_a_reply_can_be_late_though_the_server_has_acted(connect: Connect, circuits: type[Circuits]) -> None:
    clock = ManualClock()
    late = plan({"reply_latency": 30.0}, match={"method": "POST"})
    with serve(clock=clock, faults=late, ideal=True) as server:
        api = connect(server)
        body = {"circuits": [{"name": "c", "instructions": [circuits.measure("QB1")]}]}
        api.connection.request("POST", "/api/v1/jobs/garnet/circuit", json.dumps(body))
        clock.await_sleepers(1)
        [submission] = server.ledger.submissions()
        assert connect(server).ended(submission.id)["status"] == "completed"
        assert server.ledger.requests()[0].status is None
        clock.advance(31.0)
        assert json.loads(api.connection.getresponse().read())["id"] == submission.id


@pytest.mark.parametrize("code", [400, 408, 429, 500, 502, 503, 504])
def test_a_status_comes_with_an_error_body(iqm_mock_server: MockServer, api: Api, code: int) -> None:
    status = {"code": code, "message": "on purpose", "error_code": "quota_exceeded", "retry_after": 7}
    iqm_mock_server.faults.use(plan({"status": status}))
    reply = api.get(COMPUTERS)
    assert reply.status == code
    assert reply.json["message"] == "on purpose"
    assert reply.json["error_code"] == "quota_exceeded"
    assert reply.headers["Retry-After"] == "7"


def test_retry_after_can_be_a_date(iqm_mock_server: MockServer, api: Api) -> None:
    status = {"code": 503, "retry_after": 90, "retry_after_form": "date"}
    iqm_mock_server.faults.use(plan({"status": status}))
    when = email.utils.parsedate_to_datetime(api.get(COMPUTERS).headers["Retry-After"])
    assert abs((when - dt.datetime.now(dt.UTC)).total_seconds() - 90) < 15


def test_a_status_can_come_as_a_proxy_sends_it(iqm_mock_server: MockServer, api: Api) -> None:
    iqm_mock_server.faults.use(plan({"status": {"code": 502, "body": "html"}}))
    reply = api.get(COMPUTERS)
    assert reply.headers["Content-Type"] == "text/html"
    assert b"<html>" in reply.body
    iqm_mock_server.faults.use(plan({"status": {"code": 502, "body": "empty"}}))
    assert api.get(COMPUTERS).body == b""


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("detail", {"detail": "no"}),
        ("listed", {"errors": [{"error_code": "quota_exceeded", "message": "no"}]}),
    ],
)
def test_a_status_can_come_in_the_form_of_another_generation(
    iqm_mock_server: MockServer, api: Api, form: str, body: dict[str, Any]
) -> None:
    status = {"code": 403, "body": form, "message": "no", "error_code": "quota_exceeded"}
    iqm_mock_server.faults.use(plan({"status": status}))
    assert api.get(COMPUTERS).json == body


@pytest.mark.parametrize(
    ("method", "effect"),
    [
        ("HEAD", {"status": {"code": 503}}),
        ("HEAD", {"pad_to": 5000}),
        ("HEAD", {"malformed": True}),
        ("GET", {"status": {"code": 204}}),
        ("GET", {"status": {"code": 304, "body": "html"}}),
    ],
)
def test_a_reply_without_a_body_stays_without(
    iqm_mock_server: MockServer, method: str, effect: dict[str, Any]
) -> None:
    iqm_mock_server.faults.use(plan(effect, times=1))
    first = f"{method} {COMPUTERS} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    received, _ = exchange(iqm_mock_server, first + GET)
    head, _, rest = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 ")
    assert rest.startswith(b"HTTP/1.1 200 ")
    assert json_body(rest)["quantum_computers"]


@pytest.mark.parametrize(("reset", "orderly"), [(True, False), (False, True)])
@pytest.mark.parametrize("cut", ["before", "reply_lost"])
def test_a_connection_ends_before_a_byte_of_the_reply(
    iqm_mock_server: MockServer, cut: str, reset: bool, orderly: bool
) -> None:
    iqm_mock_server.faults.use(plan({"cut": cut, "reset": reset}))
    assert exchange(iqm_mock_server, GET) == (b"", orderly)


def test_a_connection_ends_after_the_head_or_in_the_body(iqm_mock_server: MockServer) -> None:
    whole, _ = exchange(iqm_mock_server, GET)
    head, _, body = whole.partition(b"\r\n\r\n")
    iqm_mock_server.faults.use(plan({"cut": "head", "reset": False}))
    received, _ = exchange(iqm_mock_server, GET)
    assert received.endswith(b"\r\n\r\n")
    assert b"Content-Length" in received
    iqm_mock_server.faults.use(plan({"cut": "body", "reset": False}))
    received, _ = exchange(iqm_mock_server, GET)
    assert received.partition(b"\r\n\r\n")[2] == body[: len(body) // 2]
    assert head


@pytest.mark.parametrize("cut", ["head", "body"])
def test_what_left_before_a_reset_arrives(iqm_mock_server: MockServer, cut: str) -> None:
    whole, _ = exchange(iqm_mock_server, GET)
    iqm_mock_server.faults.use(plan({"cut": cut}))
    received, orderly = exchange(iqm_mock_server, GET)
    assert not orderly
    assert received.startswith(b"HTTP/1.1 200 ")
    assert len(received) < len(whole)


@pytest.mark.iqm_mock_server(ideal=True)
def test_a_lost_reply_leaves_the_job_with_the_server(
    iqm_mock_server: MockServer, api: Api, circuits: type[Circuits]
) -> None:
    iqm_mock_server.faults.use(plan({"cut": "reply_lost"}, match={"method": "POST"}, times=1))
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        api.submit([circuits.measure("QB1")])
    api.connection.close()
    [submission] = iqm_mock_server.ledger.submissions()
    assert api.ended(submission.id)["status"] == "completed"
    iqm_mock_server.faults.use(plan({"cut": "before"}, match={"method": "POST"}, times=1))
    with pytest.raises((ConnectionError, http.client.RemoteDisconnected)):
        api.submit([circuits.measure("QB1")])
    assert len(iqm_mock_server.ledger.submissions()) == 1


def test_json_can_be_malformed(iqm_mock_server: MockServer, api: Api) -> None:
    iqm_mock_server.faults.use(plan({"malformed": True}))
    reply = api.get(COMPUTERS)
    assert reply.status == 200
    assert int(reply.headers["Content-Length"]) == len(reply.body)
    with pytest.raises(ValueError, match=r"."):
        json.loads(reply.body)


def test_a_schema_can_drift(iqm_mock_server: MockServer, api: Api) -> None:
    drift = {
        "remove": ["/quantum_computers/0/display_name"],
        "rename": {"/quantum_computers/*/alias": "nickname"},
        "set": {"/quantum_computers/0/id": 5, "/extra": {"new": None}, "/quantum_computers/0/proxy_path": []},
    }
    iqm_mock_server.faults.use(plan({"drift": drift}))
    # Also where the client would take it compressed.
    reply = api.request("GET", COMPUTERS, headers={"Accept-Encoding": "gzip"})
    [computer] = reply.json["quantum_computers"]
    assert computer == {"nickname": "garnet", "id": 5, "proxy_path": []}
    assert reply.json["extra"] == {"new": None}


def test_a_whole_document_can_be_of_another_type(iqm_mock_server: MockServer, api: Api) -> None:
    iqm_mock_server.faults.use(plan({"drift": {"set": {"": ["not", "an", "object"]}}}))
    assert api.get(COMPUTERS).json == ["not", "an", "object"]


def test_a_body_can_dribble(iqm_mock_server: MockServer, api: Api) -> None:
    size = len(api.get(COMPUTERS).body)
    iqm_mock_server.faults.use(plan({"bytes_per_second": size / 0.5}))
    began = time.monotonic()
    assert api.get(COMPUTERS).json["quantum_computers"]
    assert time.monotonic() - began > 0.4


def test_each_piece_of_a_dribbling_body_leaves_at_once() -> None:
    clock = ManualClock()
    with serve(clock=clock, faults=plan({"bytes_per_second": 200.0})) as server:
        address = urlsplit(server.url)
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=20) as connection:
            connection.sendall(GET)
            received = b""
            while b"\r\n\r\n" not in received:
                received += connection.recv(65536)
            head, _, body = received.partition(b"\r\n\r\n")
            length = int(head.partition(b"Content-Length: ")[2].split()[0])
            pieces = [len(body)]
            while sum(pieces) < length:
                # The server waits for the next tenth of a second, and so does the next piece.
                clock.await_sleepers(1)
                clock.advance(0.2)
                pieces.append(len(connection.recv(65536)))
    assert set(pieces[:-1]) == {20}
    assert sum(pieces) == length


def test_a_body_can_be_larger_than_anybody_expects(iqm_mock_server: MockServer, api: Api) -> None:
    iqm_mock_server.faults.use(plan({"pad_to": 300_000}))
    reply = api.get(COMPUTERS)
    assert len(reply.body) == 300_000
    assert reply.json["quantum_computers"]


def test_headers_can_be_added(iqm_mock_server: MockServer, api: Api) -> None:
    iqm_mock_server.faults.use(plan({"headers": {"IQM-API-Deprecated": "true"}}))
    assert api.get(COMPUTERS).headers["IQM-API-Deprecated"] == "true"
    iqm_mock_server.faults.use(plan({"headers": {"content-type": "text/plain"}}))
    assert api.get(COMPUTERS).headers.get_all("Content-Type") == ["text/plain"]


@pytest.mark.parametrize(
    "effect",
    [
        {"headers": {"X-A": "b\r\nX-C: d"}},
        {"headers": {"X-A\r\n": "b"}},
        {"headers": {"X-A": "\u20ac"}},
        {"drift": {"remove": ["status"]}},
        {"drift": {"remove": [""]}},
        {"bytes_per_second": 0},
        {"latency": -1},
    ],
)
def test_an_effect_that_cannot_be_is_refused(effect: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"rules\.0\.effect"):
        plan(effect)


@pytest.mark.iqm_mock_server(token="s3cret")  # noqa: S106 - the mock's
def test_a_token_can_expire(iqm_mock_server: MockServer, api: Api) -> None:
    iqm_mock_server.faults.use(plan({"token_expired": True}, times=1))
    reply = api.get(COMPUTERS)
    assert (reply.status, reply.json["error_code"]) == (401, "unauthorized")
    assert reply.headers["WWW-Authenticate"] == "Bearer"
    assert api.get(COMPUTERS).status == 200


def test_a_rate_limit_counts_down_and_then_refuses(connect: Connect) -> None:
    clock = ManualClock()
    limit = FaultPlan.model_validate({"rate_limit": {"requests": 3, "seconds": 10.0}})
    with serve(clock=clock, faults=limit) as server:
        api = connect(server)
        for remaining in ("2", "1", "0"):
            reply = api.get(COMPUTERS)
            assert reply.status == 200
            assert reply.headers["RateLimit-Limit"] == "3"
            assert reply.headers["RateLimit-Remaining"] == remaining
            clock.advance(1.0)
        reply = api.get(COMPUTERS)
        assert (reply.status, reply.json["error_code"]) == (429, "rate_limit_exceeded")
        assert reply.headers["Retry-After"] == reply.headers["RateLimit-Reset"] == "7"
        clock.advance(7.5)
        assert api.get(COMPUTERS).status == 200
