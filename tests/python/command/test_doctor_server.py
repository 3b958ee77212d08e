# SPDX-License-Identifier: Apache-2.0
"""`qdmikit doctor` on servers that are away, refuse, or are something else, and on credentials."""

from __future__ import annotations

import json
import os
import socket
from typing import TYPE_CHECKING, Any

import pytest
import trustme

from iqm_mock_server import serve
from iqm_mock_server.control import FaultPlan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.python.command.conftest import Machine

    from iqm_mock_server import MockServer

TOKEN = "hush-hush-4711"  # noqa: S105 - one that is no secret
GUARDED = pytest.mark.iqm_mock_server(token=TOKEN)


def examined(
    machine: Machine, url: str, *options: str, code: int, level: str = "problem", **variables: str
) -> list[dict[str, Any]]:
    """Configure a device with that address, and return what is found."""
    machine.describe({"id": "qdmikit.iqm", "session": {"base-url": url}})
    done = machine.run("doctor", "qdmikit.iqm", *options, "--json", **variables)
    assert TOKEN not in done.out + done.err
    assert done.code == code == done.json["exit_code"]
    found: list[dict[str, Any]] = [each for each in done.json["findings"] if each["level"] == level]
    assert all(each["remedy"] for each in found if level != "ok")
    return found


def struck(server: MockServer, **effect: object) -> None:
    """Let something go wrong with every request."""
    rule = {"match": {"path": "/api/*"}, "effect": effect}
    server.faults.use(FaultPlan.model_validate({"rules": [rule]}))


def test_a_server_that_works(iqm_mock_server: MockServer, machine: Machine) -> None:
    found = examined(machine, iqm_mock_server.url, code=0, level="ok")
    session = found[-1]
    assert session["check"] == "session"
    assert session["details"]["status"] == "IDLE"
    assert session["details"]["formats"] == ["IQMJSON", "QIRBASESTRING"]


def test_a_refused_connection(machine: Machine) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # taken, and nobody listens
        port = unused.getsockname()[1]
        (problem,) = examined(machine, f"http://127.0.0.1:{port}", code=5)
    assert f"http://127.0.0.1:{port}/" in problem["answer"]
    assert problem["details"]["type"] == "Unreachable"
    assert "base_url" in problem["remedy"]


def test_a_name_that_is_not_found(machine: Machine) -> None:
    (problem,) = examined(machine, "http://no-such-host.invalid", code=5)
    assert "Could not resolve host: no-such-host.invalid" in problem["answer"]
    assert "name resolution" in problem["remedy"]


def test_no_address_at_all(machine: Machine) -> None:
    done = machine.run("doctor", "qdmikit.iqm", "--json")
    assert done.code == 3
    assert "base_url" in done.json["findings"][-1]["remedy"]


@GUARDED
def test_no_token(iqm_mock_server: MockServer, machine: Machine) -> None:
    (problem,) = examined(machine, iqm_mock_server.url, code=4)
    assert "no token was given" in problem["answer"]
    assert problem["details"]["http_status"] == 401
    assert "token=@FILE" in problem["remedy"]


@GUARDED
def test_a_wrong_token(iqm_mock_server: MockServer, machine: Machine) -> None:
    file = machine.write("token", "another-one", mode=0o600)
    (problem,) = examined(machine, iqm_mock_server.url, "-s", f"token=@{file}", code=4)
    assert problem["details"]["kind"] == "AuthenticationFailed"


@GUARDED
def test_an_expired_token(iqm_mock_server: MockServer, machine: Machine) -> None:
    struck(iqm_mock_server, token_expired=True)
    file = machine.write("token", TOKEN, mode=0o600)
    (problem,) = examined(machine, iqm_mock_server.url, "-s", f"token=@{file}", code=4)
    assert "The bearer token has expired" in problem["answer"]
    assert "get a new token" in problem["remedy"]


@GUARDED
def test_a_tokens_file_that_is_not_there(iqm_mock_server: MockServer, machine: Machine) -> None:
    absent = machine.home / "tokens.json"
    problems = examined(machine, iqm_mock_server.url, "--auth-file", str(absent), code=4)
    assert [each["check"] for each in problems] == ["credentials", "session"]
    assert problems[0]["tried"] == "looked at the file that auth_file of the command line names"
    assert problems[0]["answer"] == f"there is no {absent}"
    assert "log in" in problems[0]["remedy"]


@GUARDED
def test_a_tokens_file_that_cannot_be_read(iqm_mock_server: MockServer, machine: Machine) -> None:
    folder = machine.home / "tokens.json"
    folder.mkdir()  # root may read any file, but nobody a folder as one
    problems = examined(machine, iqm_mock_server.url, "--auth-file", str(folder), code=4)
    assert problems[0]["answer"] == f"{folder} cannot be read: Is a directory"


@GUARDED
def test_a_tokens_file_that_others_can_read(iqm_mock_server: MockServer, machine: Machine) -> None:
    content = json.dumps({"access_token": TOKEN})
    file = machine.write("tokens.json", content, mode=0o644)
    options = (machine, iqm_mock_server.url, "--auth-file", str(file))
    (warning,) = examined(*options, code=0, level="warning")
    assert warning["answer"] == f"others than its owner can read {file} (mode 0644)"
    assert warning["remedy"].startswith(f"chmod 600 {file}")
    file.chmod(0o600)
    assert examined(*options, code=0, level="warning") == []


@GUARDED
def test_a_tokens_file_that_a_variable_names(iqm_mock_server: MockServer, machine: Machine) -> None:
    file = machine.write("tokens.json", json.dumps({"access_token": TOKEN}), mode=0o604)
    url = iqm_mock_server.url
    (warning,) = examined(machine, url, code=0, level="warning", IQM_TOKENS_FILE=str(file))
    assert warning["tried"] == "looked at the file that variable IQM_TOKENS_FILE names"
    problems = examined(machine, url, code=4, QDMI_AUTH_FILE="/absent/tokens.json")
    assert problems[0]["answer"] == "there is no /absent/tokens.json"


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure_server(authority: trustme.CA, tmp_path: Path) -> Iterator[MockServer]:
    certificate = authority.issue_cert("127.0.0.1")
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.write_bytes(b"".join(blob.bytes() for blob in certificate.cert_chain_pems))
    certificate.private_key_pem.write_to_path(str(key))
    with serve(tls_cert=chain, tls_key=key) as server:
        yield server


def test_a_certificate_that_is_not_trusted(
    secure_server: MockServer, authority: trustme.CA, machine: Machine
) -> None:
    (problem,) = examined(machine, secure_server.url, code=5)
    assert "certificate" in problem["answer"]
    assert "the certificate of the authority that signed it" in problem["remedy"]
    trusted = machine.home / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    assert examined(machine, secure_server.url, code=0, IQM_CA_FILE=str(trusted)) == []


@pytest.mark.parametrize("variable", ["IQM_CA_FILE", "SSL_CERT_FILE"])
def test_a_file_of_certificates_that_is_not_there(
    secure_server: MockServer, machine: Machine, variable: str
) -> None:
    others = {"CURL_CA_BUNDLE": "", "SSL_CERT_FILE": ""}
    variables = {**others, variable: "/absent/authority.pem"}
    problems = examined(machine, secure_server.url, code=3, **variables)
    assert problems[0]["tried"] == f"looked at the file that variable {variable} names"
    assert problems[0]["answer"] == "there is no /absent/authority.pem"
    assert problems[-1]["category"] == "unreachable"


def test_an_unknown_machine(iqm_mock_server: MockServer, machine: Machine) -> None:
    (problem,) = examined(machine, iqm_mock_server.url, "-s", "custom2=nobody", code=3)
    assert "no quantum computer with the alias 'nobody'; it lists: garnet" in problem["answer"]
    assert "choose one of those that the message lists" in problem["remedy"]


@pytest.mark.parametrize("status", [200, 404])
def test_something_else_than_the_server(iqm_mock_server: MockServer, machine: Machine, status: int) -> None:
    struck(iqm_mock_server, status={"code": status, "body": "html"})
    (problem,) = examined(machine, iqm_mock_server.url, code=1)
    assert "something else than the expected server answers at this address" in problem["remedy"]


@pytest.mark.parametrize("condition", ["maintenance", "offline"])
def test_a_machine_that_is_away(iqm_mock_server: MockServer, machine: Machine, condition: str) -> None:
    struck(iqm_mock_server, condition=condition)
    (problem,) = examined(machine, iqm_mock_server.url, code=1)
    assert problem["details"]["status"] == "MAINTENANCE"
    assert "status maintenance" in problem["answer"]
    assert "wait until the device is back" in problem["remedy"]


def test_a_variable_that_is_no_good_is_shown(machine: Machine) -> None:
    done = machine.run("doctor", "qdmikit.iqm", "--json", IQM_SERVER_URL="nonsense")
    assert done.code == 3
    (note,) = [
        each for each in done.json["findings"] if each["check"] == "environment" and each["level"] == "note"
    ]
    assert "IQM_SERVER_URL=nonsense" in note["answer"]
    assert os.environ.get("IQM_SERVER_URL") != "nonsense"
