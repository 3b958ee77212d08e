# SPDX-License-Identifier: Apache-2.0
"""Serving HTTPS."""

from __future__ import annotations

import http.client
import socket
import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import trustme

from iqm_mock_server import serve
from iqm_mock_server.control import FaultPlan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iqm_mock_server import MockServer


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def server(authority: trustme.CA, tmp_path: Path) -> Iterator[MockServer]:
    certificate = authority.issue_cert("127.0.0.1")
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    certificate.private_key_pem.write_to_path(str(key))
    with serve(tls_cert=chain, tls_key=key) as running:
        yield running


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def status(server: MockServer, context: ssl.SSLContext) -> int:
    connection = http.client.HTTPSConnection(urlsplit(server.url).netloc, timeout=30, context=context)
    try:
        connection.request("GET", "/api/v1/quantum-computers")
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_client_that_trusts_the_certificate_is_served(server: MockServer, trusting: ssl.SSLContext) -> None:
    assert server.url.startswith("https://127.0.0.1:")
    assert status(server, trusting) == 200


def test_a_fault_cuts_a_connection_over_tls_too(server: MockServer, trusting: ssl.SSLContext) -> None:
    rule = {"effect": {"cut": "reply_lost"}, "times": 1}
    server.faults.use(FaultPlan.model_validate({"rules": [rule]}))
    with pytest.raises((ConnectionError, ssl.SSLError)):
        status(server, trusting)
    assert status(server, trusting) == 200
    assert [(entry.tls, entry.status) for entry in server.ledger.requests()] == [(True, None), (True, 200)]


def test_a_client_that_does_not_trust_it_is_not_and_harms_nobody(
    server: MockServer, trusting: ssl.SSLContext
) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        status(server, ssl.create_default_context())
    assert status(server, trusting) == 200


def test_a_client_that_says_nothing_keeps_nobody_waiting(
    server: MockServer, trusting: ssl.SSLContext
) -> None:
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=30):
        assert status(server, trusting) == 200


def test_a_client_that_speaks_plain_http_gets_no_reply_in_clear_text(server: MockServer) -> None:
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        connection.sendall(b"GET /api/v1/quantum-computers HTTP/1.1\r\nHost: x\r\n\r\n")
        received = b""
        try:
            while data := connection.recv(4096):
                received += data
        except ConnectionResetError:
            pass
    assert b"quantum_computers" not in received
