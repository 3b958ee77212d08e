# SPDX-License-Identifier: Apache-2.0
"""HTTP as such: connections, headers, encodings, tokens, errors."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from iqm_mock_server import Settings, create_app, serve
from iqm_mock_server.http_server import HttpServer

if TYPE_CHECKING:
    from tests.mockserver.conftest import Api, Circuits, Connect

    from iqm_mock_server import MockServer

COMPUTERS = "/api/v1/quantum-computers"
METRICS = "/api/v1/calibration-sets/garnet/default/metrics"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def exchange(server: MockServer, *parts: bytes, wait_between: bytes = b"") -> bytes:
    """Send raw bytes on one connection, each part after `wait_between` has come back, and read to the end."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        received = b""
        for index, part in enumerate(parts):
            while index and wait_between not in received:
                received += connection.recv(65536)
            connection.sendall(part)
        while data := connection.recv(65536):
            received += data
    return received


def test_connections_stay_open(api: Api) -> None:
    api.get(COMPUTERS)
    first = api.connection.sock
    for path in (COMPUTERS, "/nope", f"{COMPUTERS}/garnet/health"):
        api.get(path)
    assert api.connection.sock is first


def test_a_body_that_nobody_read_does_not_disturb_the_next_request(api: Api) -> None:
    for method, path in (("POST", "/nope"), ("POST", COMPUTERS), ("GET", COMPUTERS)):
        api.request(method, path, b"GET /stolen HTTP/1.1\r\n\r\n" * 5000)
        first = api.connection.sock
        assert api.get(f"{COMPUTERS}/garnet").json["alias"] == "garnet"
        assert api.connection.sock is first


def test_a_small_reply_does_not_wait_for_an_acknowledgement(api: Api) -> None:
    api.get(COMPUTERS)
    times = []
    for _ in range(21):
        begin = time.perf_counter()
        api.get(f"{COMPUTERS}/garnet/health")
        times.append(time.perf_counter() - begin)
    assert sorted(times)[10] < 0.03


def test_expect_100_continue_is_answered_before_the_body(iqm_mock_server: MockServer) -> None:
    body = b'{"circuits": []}'
    head = (
        b"POST /api/v1/jobs/garnet/circuit HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body)
    )
    answer = exchange(iqm_mock_server, head, body, wait_between=b"100 Continue\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 ")
    assert answer.count(b"100 Continue") == 1


def test_cancel_needs_neither_length_nor_type_nor_body(
    iqm_mock_server: MockServer, api: Api, circuits: Circuits
) -> None:
    job_id = api.completed(circuits.ghz("QB1", "QB2"))
    for extra in (
        b"",
        b"Content-Length: 0\r\nContent-Type: application/json\r\n",
        b"Content-Length: 2\r\nContent-Type: text/plain\r\n\r\nhi",
    ):
        head = b"POST /api/v1/jobs/%b/cancel HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" % job_id.encode()
        answer = exchange(iqm_mock_server, head + extra + b"\r\n")
        assert b"HTTP/1.1 403 " in answer  # by then it has ended: the request itself was understood
        assert b"illegal_job_status" in answer


def test_a_chunked_body_is_read(iqm_mock_server: MockServer) -> None:
    head = b"POST /api/v1/jobs/garnet/circuit HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    following = b"GET /api/v1/quantum-computers HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = exchange(iqm_mock_server, head + b'4\r\n{"ci\r\n6\r\nrc": 1\r\n1\r\n}\r\n0\r\n\r\n' + following)
    assert b"circuits: Field required" in answer
    assert b"quantum_computers" in answer


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /api/v1/jobs/garnet/circuit HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /api/v1/jobs/garnet/circuit HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"POST /api/v1/jobs/garnet/circuit HTTP/1.1\r\nHost: x\r\nContent-Length: %b\r\n\r\n" % (b"9" * 5000),
        b"POST /api/v1/jobs/garnet/circuit HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b'GET "quoted\\" nonsense HTTP/1.1 extra\r\n\r\n',
        b"GET / HTTP/9\r\n\r\n",
    ],
)
def test_a_broken_request_gets_an_error_body_and_the_connection_ends(
    iqm_mock_server: MockServer, request_bytes: bytes
) -> None:
    head, _, body = exchange(iqm_mock_server, request_bytes).partition(b"\r\n\r\n")
    assert head.split()[1] in {b"400", b"505"}
    assert isinstance(json.loads(body)["message"], str)
    assert json.loads(body)["error_code"] == "bad_request"


def test_a_client_that_leaves_in_the_middle_of_its_body_leaves_the_server_well(
    iqm_mock_server: MockServer, api: Api
) -> None:
    address = urlsplit(iqm_mock_server.url)
    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(
            b"POST /api/v1/jobs/garnet/circuit HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n{"
        )
    assert api.get(COMPUTERS).status == 200


def test_http_1_0_is_answered_and_closed(iqm_mock_server: MockServer) -> None:
    answer = exchange(iqm_mock_server, b"GET /api/v1/quantum-computers HTTP/1.0\r\n\r\n")
    assert answer.split(b"\r\n")[0].endswith(b"200 OK")
    assert b"Transfer-Encoding" not in answer


def test_a_double_slash_is_served_without_a_redirect(api: Api) -> None:
    assert api.get("//api/v1/quantum-computers").json == api.get(COMPUTERS).json


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("path", [f"{COMPUTERS}/garnet/limits", METRICS, f"{COMPUTERS}/nope"])
def test_head_tells_what_get_would_send(api: Api, path: str, encoding: str) -> None:
    full = api.request("GET", path, headers={"Accept-Encoding": encoding})
    head = api.request("HEAD", path, headers={"Accept-Encoding": encoding})
    assert head.body == b""
    assert head.status == full.status
    for name in ("Content-Length", "Content-Type", "Content-Encoding", "Vary"):
        assert head.headers[name] == full.headers[name]


METHODS = [
    (COMPUTERS, {"GET", "HEAD", "OPTIONS"}),
    (f"{COMPUTERS}/garnet/timeslots", {"GET", "HEAD", "POST", "OPTIONS"}),
    ("/api/v1/jobs/garnet/circuit", {"POST", "OPTIONS"}),
    (f"/api/v1/jobs/{UNKNOWN}", {"GET", "HEAD", "DELETE", "OPTIONS"}),
    (f"/api/v1/jobs/{UNKNOWN}/payload", {"GET", "HEAD", "OPTIONS"}),
    (f"/api/v1/jobs/{UNKNOWN}/cancel", {"POST", "OPTIONS"}),
    ("/api/v1/tokens/current/refresh", {"POST", "OPTIONS"}),
]


@pytest.mark.parametrize(("path", "methods"), METHODS)
def test_options_lists_the_methods_of_a_path(api: Api, path: str, methods: set[str]) -> None:
    reply = api.request("OPTIONS", path)
    assert (reply.status, reply.body) == (200, b"")
    assert set(reply.headers["Allow"].split(", ")) == methods


@pytest.mark.parametrize(("path", "methods"), METHODS)
def test_any_other_method_is_405_and_names_those_that_are_right(
    api: Api, path: str, methods: set[str]
) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - methods:
        reply = api.request(method, path)
        assert reply.status == 405, method
        assert set(reply.headers["Allow"].split(", ")) == methods
        assert reply.json["error_code"] == "bad_request"


@pytest.mark.parametrize("path", ["/nope", f"{COMPUTERS}/nope", "/api/v1/jobs/nope", "/cocos/nope"])
def test_every_error_has_all_fields_that_any_client_reads(api: Api, path: str) -> None:
    reply = api.get(path)
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.json.keys() == {"message", "error_code", "source", "request_id"}
    assert all(isinstance(value, str) and value for value in reply.json.values())
    assert reply.headers["X-Request-ID"] == reply.json["request_id"]


def test_request_ids_differ(api: Api) -> None:
    assert len({api.get("/nope").json["request_id"] for _ in range(5)}) == 5


@pytest.mark.parametrize("path", ["payload", "artifacts/measurements", "artifacts/measurement_counts"])
def test_payload_and_artifacts_are_compressed_only_when_asked(
    api: Api, circuits: Circuits, path: str
) -> None:
    target = f"/api/v1/jobs/{api.completed(circuits.ghz('QB1', 'QB2'))}/{path}"
    plain = api.get(target)
    assert "Content-Encoding" not in plain.headers
    for unwanted in ("identity", "br", "gzip;q=0"):
        assert api.request("GET", target, headers={"Accept-Encoding": unwanted}).body == plain.body
    for wanted in ("gzip", "deflate, gzip", "gzip, deflate, br"):
        packed = api.request("GET", target, headers={"Accept-Encoding": wanted})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.body) == plain.body
        assert packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", [METRICS, "/api/openapi.json", f"{COMPUTERS}/{'n' * 2000}"])
def test_long_replies_are_compressed_when_asked(api: Api, path: str) -> None:
    plain = api.get(path)
    packed = api.request("GET", path, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Content-Length"] == str(len(packed.body))
    assert gzip.decompress(packed.body)[:100] == plain.body[:100]
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


def test_short_replies_are_not_compressed(api: Api) -> None:
    reply = api.request("GET", f"{COMPUTERS}/garnet/limits", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in reply.headers
    assert reply.json["max_executions_per_job"] > 0


@pytest.mark.parametrize("path", [COMPUTERS, f"{COMPUTERS}/nope", "/api/versions"])
def test_nothing_is_said_to_be_deprecated(api: Api, path: str) -> None:
    assert not [name for name in api.get(path).headers if name.lower().startswith("iqm-api-")]


def test_a_query_parameter_that_is_given_twice_is_refused(api: Api) -> None:
    reply = api.get(f"/api/v1/jobs/{UNKNOWN}?timeout_seconds=1&timeout_seconds=2")
    assert (reply.status, reply.json["error_code"]) == (400, "invalid_input")
    assert "timeout_seconds is given more than once" in reply.json["message"]


def test_a_query_parameter_that_nobody_knows_is_ignored(api: Api) -> None:
    assert api.get(COMPUTERS, page=3).json == api.get(COMPUTERS).json


def test_a_body_that_is_too_large_is_413() -> None:
    app = create_app(Settings(max_request_bytes=1000))
    try:
        reply = app.test_client().post("/api/v1/jobs/garnet/circuit", data=b" " * 1001)
        assert (reply.status_code, reply.get_json()["error_code"]) == (413, "request_payload_too_large")
    finally:
        app.extensions["iqm_mock_server"].close()


def test_an_unexpected_error_is_500_with_an_error_body() -> None:
    app = create_app()
    app.add_url_rule("/broken", view_func=lambda: str(1 // 0))
    try:
        reply = app.test_client().get("/broken")
        assert (reply.status_code, reply.get_json()["error_code"]) == (500, "internal_error")
        assert "ZeroDivisionError" in reply.get_json()["message"]
    finally:
        app.extensions["iqm_mock_server"].close()


@pytest.mark.parametrize("path", [COMPUTERS, "/api/v1/jobs/x", "/cocos/health", "/nope"])
def test_every_path_asks_for_the_token(connect: Connect, path: str) -> None:
    with serve(token="s3cret", calibration_service=True) as server:  # noqa: S106 - a test's own
        assert connect(server).get(path).status in {200, 404}
        for wrong in ("s3cre", "s3cret2", "S3CRET"):
            reply = connect(server, token=wrong).get(path)
            assert (reply.status, reply.json["error_code"]) == (401, "unauthorized")
            assert reply.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", [None, "", "s3cret", "Basic s3cret", "Bearer", "Bearer ", "Bearer \u00e4"])
def test_a_malformed_authorization_is_401(connect: Connect, header: str | None) -> None:
    with serve(token="s3cret") as server:  # noqa: S106 - a test's own
        api = connect(server)
        headers = {} if header is None else {"Authorization": header}
        api._headers = {}
        assert api.request("GET", COMPUTERS, headers=headers).status == 401


def test_the_token_is_not_in_the_settings_text() -> None:
    assert "s3cret" not in repr(Settings(token="s3cret"))  # noqa: S106 - a test's own


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "caf\u00e9"])
def test_a_token_that_no_header_can_carry_is_refused(token: str) -> None:
    with pytest.raises(ValueError, match="token"), serve(token=token):
        pass


def test_many_clients_connect_at_once(iqm_mock_server: MockServer, connect: Connect) -> None:
    apis = [connect(iqm_mock_server) for _ in range(200)]
    barrier = threading.Barrier(len(apis))
    statuses: list[int] = []
    slow: list[float] = []

    def ask(api: Api) -> None:
        barrier.wait()
        begin = time.monotonic()
        statuses.append(api.get(COMPUTERS).status)
        # A connection that finds no room in the backlog is tried again after a second, then after two.
        if time.monotonic() - begin > 3:
            slow.append(time.monotonic() - begin)

    threads = [threading.Thread(target=ask, args=(api,)) for api in apis]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * len(apis)
    assert slow == []


def test_a_port_in_use_is_an_ordinary_error(iqm_mock_server: MockServer) -> None:
    port = urlsplit(iqm_mock_server.url).port
    assert port is not None
    with pytest.raises(OSError, match="in use"):
        HttpServer("127.0.0.1", port, iqm_mock_server.app)


def test_leaving_the_context_closes_the_port_at_once(connect: Connect) -> None:
    with serve() as server:
        connect(server).get(COMPUTERS)
        begin = time.monotonic()
    assert time.monotonic() - begin < 2
    address = urlsplit(server.url)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.hostname, address.port))
