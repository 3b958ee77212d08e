# SPDX-License-Identifier: Apache-2.0
"""What a user sees when something is wrong: a type to catch, a kind, and a text that names the cause."""

from __future__ import annotations

import http.server
import threading
from typing import TYPE_CHECKING

import pytest

import qdmikit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iqm_mock_server import MockServer

DEVICE = "qdmikit.iqm"


@pytest.fixture
def web_site() -> Iterator[str]:
    """Yield the URL of a server that answers everything with a page, as a login portal does."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"<html><title>Please log in</title></html>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.checklist(9, 10)
def test_an_unreachable_server() -> None:
    with pytest.raises(qdmikit.Unreachable, match=r"http://127\.0\.0\.1:1/") as caught:
        qdmikit.open_device(DEVICE, base_url="http://127.0.0.1:1")
    assert caught.value.kind == "Unreachable"
    assert caught.value.status == "FATAL"
    assert isinstance(caught.value, ConnectionError)


@pytest.mark.checklist(10, 77)
@pytest.mark.iqm_mock_server(token="right")  # noqa: S106 - the mock's
def test_a_wrong_token_is_never_repeated_in_the_text(iqm_mock_server: MockServer) -> None:
    with pytest.raises(qdmikit.PermissionDenied, match="401") as caught:
        qdmikit.open_device(DEVICE, base_url=iqm_mock_server.url, token="wr0ng")  # noqa: S106 - on purpose
    error = caught.value
    assert error.kind == "AuthenticationFailed"
    assert error.http_status == 401
    assert error.error_code == "unauthorized"
    assert error.request_id
    assert "wr0ng" not in f"{error}{error.__dict__}"


def test_an_unknown_quantum_computer_is_named_beside_those_that_exist(iqm_mock_server: MockServer) -> None:
    with pytest.raises(qdmikit.Fatal, match=r"'emerald'.*garnet") as caught:
        qdmikit.open_device(DEVICE, base_url=iqm_mock_server.url, custom2="emerald")
    assert caught.value.kind == "UnknownQuantumComputer"


@pytest.mark.checklist(9)
def test_a_server_that_is_none(web_site: str) -> None:
    with pytest.raises(qdmikit.ProtocolError, match=r"not JSON.*Please log in") as caught:
        qdmikit.open_device(DEVICE, base_url=web_site)
    assert caught.value.kind == "ProtocolError"


@pytest.mark.checklist(43)
def test_a_malformed_program(iqm_mock_server: MockServer) -> None:
    device = qdmikit.open_device(DEVICE, base_url=iqm_mock_server.url)
    with pytest.raises(qdmikit.Error, match=r"program 0: .*not JSON") as caught:
        device.submit("OPENQASM 3.0;", qdmikit.ProgramFormat.IQMJSON, 10)
    assert caught.value.kind == "InvalidProgram"


@pytest.mark.checklist(45, 78)
def test_a_program_that_the_server_refuses_comes_with_the_servers_reason(iqm_mock_server: MockServer) -> None:
    device = qdmikit.open_device(DEVICE, base_url=iqm_mock_server.url)
    program = '{"name":"x","instructions":[{"name":"teleport","locus":["QB1"],"args":{}}],"metadata":{}}'
    with pytest.raises(qdmikit.Error, match="teleport") as caught:
        device.submit(program, qdmikit.ProgramFormat.IQMJSON, 10)
    assert caught.value.kind == "RequestRejected"
    assert caught.value.http_status == 400
    assert caught.value.server_errors


def test_no_shots(iqm_mock_server: MockServer) -> None:
    device = qdmikit.open_device(DEVICE, base_url=iqm_mock_server.url)
    with pytest.raises(ValueError, match="shots") as caught:
        device.submit('{"name":"x","instructions":[]}', qdmikit.ProgramFormat.IQMJSON, 0)
    assert isinstance(caught.value, qdmikit.InvalidArgument)
    assert caught.value.kind == "InvalidShots"


def test_a_format_that_the_device_does_not_take(iqm_mock_server: MockServer) -> None:
    device = qdmikit.open_device(DEVICE, base_url=iqm_mock_server.url)
    with pytest.raises(qdmikit.NotSupported, match="IQMJSON"):
        device.submit("OPENQASM 3.0;", qdmikit.ProgramFormat.QASM3, 10)


@pytest.mark.checklist(79)
def test_two_credentials_of_the_same_rank(iqm_mock_server: MockServer) -> None:
    with pytest.raises(qdmikit.PermissionDenied, match=r"TOKEN.*AUTHFILE") as caught:
        qdmikit.open_device(DEVICE, base_url=iqm_mock_server.url, token="a", auth_file="/b")  # noqa: S106
    assert caught.value.kind == "AmbiguousCredential"


def test_a_token_that_would_travel_in_clear_text() -> None:
    with pytest.raises(qdmikit.PermissionDenied, match="clear text") as caught:
        qdmikit.open_device(DEVICE, base_url="http://192.0.2.1", token="s3cret")  # noqa: S106 - made up
    assert "s3cret" not in str(caught.value)
