# SPDX-License-Identifier: Apache-2.0
"""The vendor's `IQMClient` against the mock server: tokens, TLS and where a server may live."""

from __future__ import annotations

import base64
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from exa.common.errors.iqm_error import AuthenticationError
from iqm.iqm_client import Circuit, CircuitOperation, IQMClient

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Run = Any
"""Runs a server for the length of a `with` and gives its URL."""


def jwt(seconds: float) -> str:
    """Return an unsigned token that expires in so many seconds; the client looks at nothing else."""

    def encoded(part: dict[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()

    return f"{encoded({'alg': 'none'})}.{encoded({'exp': int(time.time() + seconds)})}.AA"


def secret_file(path: Path, text: str) -> str:
    """Write a file that nobody else can read; return its path."""
    path.touch(mode=0o600)
    path.write_text(text)
    return str(path)


@pytest.fixture(scope="module")
def guarded(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Return the URL of a server and the token that it asks for."""
    token = jwt(seconds=3600)
    with run(
        "--instant", "--token-file", secret_file(tmp_path_factory.mktemp("guarded") / "token", token)
    ) as url:
        yield url, token


def run_a_job(client: IQMClient) -> str:
    measure = CircuitOperation(name="measure", locus=("QB1",), args={"key": "m"})
    return str(client.submit_circuits([Circuit(name="c", instructions=(measure,))]).update().value)


def ask_for(seconds: float, client: IQMClient) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        client.get_health()


def test_the_token_opens_the_server(guarded: tuple[str, str]) -> None:
    url, token = guarded
    assert run_a_job(IQMClient.from_url(url, token=token)) == "completed"


def test_the_token_can_come_from_the_environment(
    guarded: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, token = guarded
    monkeypatch.setenv("IQM_SERVER_URL", url)
    monkeypatch.setenv("IQM_QUANTUM_COMPUTER", "garnet")
    monkeypatch.setenv("IQM_TOKEN", token)
    assert run_a_job(IQMClient.from_url()) == "completed"


def test_the_token_can_come_from_a_tokens_file(guarded: tuple[str, str], tmp_path: Path) -> None:
    url, token = guarded
    tokens = secret_file(tmp_path / "tokens.json", json.dumps({"access_token": token}))
    assert run_a_job(IQMClient.from_url(url, tokens_file=tokens)) == "completed"


@pytest.mark.parametrize("token", ["wrong", None])
def test_without_the_token_nothing_is_answered(guarded: tuple[str, str], token: str | None) -> None:
    with pytest.raises(AuthenticationError) as caught:
        IQMClient.from_url(guarded[0], token=token)
    assert caught.value.error_code == "unauthorized"


def test_a_token_that_expires_is_refused_from_then_on(run: Run, tmp_path: Path) -> None:
    options = ("--token-file", secret_file(tmp_path / "token", "t0ken"), "--token-lifetime", "3")
    with run(*options) as url:
        client = IQMClient.from_url(url, token="t0ken")  # noqa: S106 - the mock's
        with pytest.raises(AuthenticationError) as caught:
            ask_for(30.0, client)
    assert caught.value.error_code == "unauthorized"


def test_a_job_runs_over_tls(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "cert.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    with run("--instant", "--tls-cert", str(tmp_path / "cert.pem")) as url:
        assert url.startswith("https://")
        assert run_a_job(IQMClient.from_url(url)) == "completed"


def test_the_url_may_end_in_a_slash(ideal_server: str) -> None:
    client = IQMClient.from_url(f"{ideal_server}/", quantum_computer="garnet")
    assert run_a_job(client) == "completed"
