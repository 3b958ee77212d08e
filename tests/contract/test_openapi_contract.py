# SPDX-License-Identifier: Apache-2.0
"""Schemathesis against a running mock server: it does what its OpenAPI document says, whatever is asked."""

from __future__ import annotations

import http.client
import json
import math
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from iqm_mock_server import serve
from iqm_mock_server.machines import builtin_machines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iqm_mock_server import MockServer

TOKEN = "the-token-of-this-test"  # noqa: S105 - a test's own
REFRESH_TOKEN = "its-refresh-token"  # noqa: S105 - a test's own
MACHINES = (*builtin_machines(), "garnet:mock")

Json = Any
"""What `json.loads` returns."""

CASES_PER_OPERATION = 30
"""Keeps the run below a minute."""

CONFIGURATION = """
[dictionaries]
jobs = {{ values = {jobs} }}

[parameters]
"path.job_id" = {{ dictionary = "jobs", probability = 0.6 }}

# What these refuse no schema can say: an end before its start, a circuit that does not fit the machine, time
# that nobody can book.
[[operations]]
include-operation-id = [
  "quantum_computers.queue_availability", "quantum_computers.timeslots", "jobs.submit",
]
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 403, 404]

# The length of a poll that is not asked for is ignored, whatever it is, and a calibration takes any body.
[[operations]]
include-operation-id = ["jobs.show", "cocos.start"]
checks.negative_data_rejection.expected-statuses = ["2xx", "4xx"]

[[operations]]
include-tag = "token refresh"
headers = {{ Authorization = "Bearer {refresh_token}" }}

# It must not find the token that the whole run goes by.
[[operations]]
include-operation-id = "tokens.revoke"
phases.stateful.enabled = false
phases.fuzzing.extra-data-sources.responses = false
"""


class Client:
    """One connection to a server."""

    def __init__(self, url: str, token: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def get(self, path: str) -> Json:
        status, document = self.ask("GET", path)
        assert status == 200, document
        return document

    def ask(self, method: str, path: str, document: Json = None) -> tuple[int, Json]:
        body = None if document is None else json.dumps(document).encode()
        self._connection.request(method, path, body, self._headers)
        response = self._connection.getresponse()
        return response.status, json.loads(response.read())

    def submit(self, alias: str, payload: Json) -> str:
        status, job = self.ask("POST", f"/api/v1/jobs/{alias}/circuit", payload)
        assert status == 200, job
        return str(job["id"])

    def cancel(self, job: str) -> None:
        status, document = self.ask("POST", f"/api/v1/jobs/{job}/cancel")
        assert status == 200, document

    def await_completion(self, job: str) -> None:
        ended = self.get(f"/api/v1/jobs/{job}?wait_until_terminal=true&timeout_seconds=30")
        assert ended["status"] == "completed", ended

    def close(self) -> None:
        self._connection.close()


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with serve(machine=MACHINES, token=TOKEN, refresh_token=REFRESH_TOKEN, ideal=True, speed=1e4) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: MockServer) -> Iterator[Client]:
    connected = Client(server.url, TOKEN)
    yield connected
    connected.close()


@pytest.fixture(scope="module")
def jobs(server: MockServer, client: Client) -> list[str]:
    """Return jobs to ask for, some completed and some cancelled."""
    flip = [
        {"name": "prx", "locus": ["QB1"], "args": {"angle": math.pi, "phase": 0.0}},
        {"name": "measure", "locus": ["QB1"], "args": {"key": "m"}},
    ]
    payload = {"circuits": [{"name": "flip", "instructions": flip}], "shots": 10}
    [computer, *_] = server.app.extensions["iqm_mock_server"]
    with computer.station.hold(lambda: False):
        cancelled = [client.submit(computer.machine.alias, payload) for _ in range(10)]
        for job in cancelled:
            client.cancel(job)
    completed = [client.submit(alias, payload) for alias in MACHINES for _ in range(10)]
    for job in completed:
        client.await_completion(job)
    return completed + cancelled


@pytest.fixture(scope="module")
def report(
    server: MockServer, jobs: list[str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, str, list[Json]]:
    """Run schemathesis; return its exit code, what it said and the requests that it made."""
    folder = tmp_path_factory.mktemp("schemathesis")
    configuration = folder / "schemathesis.toml"
    configuration.write_text(
        CONFIGURATION.format(jobs=json.dumps(jobs), refresh_token=REFRESH_TOKEN), encoding="utf-8"
    )
    har = folder / "requests.har"
    command: list[str | Path] = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", configuration),
        *("run", f"{server.url}/api/openapi.json"),
        *("--header", f"Authorization: Bearer {TOKEN}"),
        *("--checks", "all", "--max-examples", str(CASES_PER_OPERATION), "--seed", "1"),
        *("--generation-database", "none", "--continue-on-failure", "--no-color"),
        *("--report-har-path", har),
    ]
    finished = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=600)
    entries = json.loads(har.read_text(encoding="utf-8"))["log"]["entries"]
    return finished.returncode, finished.stdout + finished.stderr, entries


def test_every_reply_is_what_the_document_says(report: tuple[int, str, list[Json]]) -> None:
    code, said, _ = report
    assert code == 0, said


def test_each_operation_was_asked_and_served(client: Client, report: tuple[int, str, list[Json]]) -> None:
    served = {
        (entry["request"]["method"], urlsplit(entry["request"]["url"]).path)
        for entry in report[2]
        if entry["response"]["status"] // 100 == 2
    }
    document = client.get("/api/openapi.json")
    never = [
        f"{method.upper()} {path}"
        for path, entry in document["paths"].items()
        for method in entry
        if not any(
            method.upper() == asked and re.fullmatch(re.sub(r"\{[^}]*\}", "[^/]+", path), at)
            for asked, at in served
        )
    ]
    # There is no time to book, nobody but this test knows a token, and jobs and calibrations end before they
    # can be cancelled.
    assert set(never) <= {
        "POST /api/v1/jobs/{job_id}/cancel",
        "POST /cocos/api/v4/calibration/runs/{run_id}/abort",
        "POST /api/v1/quantum-computers/{qc}/timeslots",
        "POST /api/v1/tokens/current/activate",
        "POST /api/v1/tokens/{id}/revoke",
    }


def test_the_run_left_the_server_in_working_order(
    client: Client, report: tuple[int, str, list[Json]]
) -> None:
    assert report[2]
    assert client.get("/api/v1/about")["simulated"] is True
    assert TOKEN[-4:] in {token["last_characters"] for token in client.get("/api/v1/tokens")["tokens"]}
