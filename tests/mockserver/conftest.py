# SPDX-License-Identifier: Apache-2.0
"""A plain HTTP client for the mock server's API, and circuits to send with it."""

from __future__ import annotations

import http.client
import json
import math
import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode, urlsplit

import pytest

import iqm_mock_server as package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from iqm_mock_server.serving import MockServer

Json = Any
"""What `json.loads` returns."""

Instruction = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Json:
        return json.loads(self.body)


class Api:
    """One keep-alive connection to a server."""

    def __init__(self, url: str, token: str | None = None) -> None:
        host = urlsplit(url).netloc
        self.connection = http.client.HTTPConnection(host, timeout=60)
        self._headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        query: dict[str, object] | None = None,
    ) -> Reply:
        target = f"{path}?{urlencode(query)}" if query else path
        self.connection.request(method, target, body, {**self._headers, **(headers or {})})
        response = self.connection.getresponse()
        return Reply(response.status, response.headers, response.read())

    def get(self, path: str, **query: object) -> Reply:
        return self.request("GET", path, query=query)

    def post(self, path: str, document: object, **query: object) -> Reply:
        body = json.dumps(document).encode()
        return self.request("POST", path, body, {"Content-Type": "application/json"}, query)

    def submit(self, *programs: list[Instruction], shots: int = 100, **fields: object) -> Reply:
        circuits = [
            {"name": f"c{i}", "instructions": each, "metadata": {}} for i, each in enumerate(programs)
        ]
        return self.post("/api/v1/jobs/garnet/circuit", {"circuits": circuits, "shots": shots, **fields})

    def accepted(self, *programs: list[Instruction], shots: int = 100, **fields: object) -> str:
        reply = self.submit(*programs, shots=shots, **fields)
        assert reply.status == 200, reply.body
        return str(reply.json["id"])

    def job(self, job_id: str) -> Json:
        return self.get(f"/api/v1/jobs/{job_id}").json

    def ended(self, job_id: str) -> Json:
        while True:
            job = self.get(f"/api/v1/jobs/{job_id}", wait_until_terminal="true", timeout_seconds=30).json
            if job["status"] not in {"waiting", "processing"}:
                return job

    def artifact(self, job_id: str, name: str) -> Json:
        reply = self.get(f"/api/v1/jobs/{job_id}/artifacts/{name}")
        assert reply.status == 200, reply.body
        return reply.json

    def completed(self, *programs: list[Instruction], shots: int = 100, **fields: object) -> str:
        job_id = self.accepted(*programs, shots=shots, **fields)
        job = self.ended(job_id)
        assert job["status"] == "completed", job
        return job_id

    def counts(
        self, *programs: list[Instruction], shots: int = 100, **fields: object
    ) -> list[dict[str, int]]:
        job_id = self.completed(*programs, shots=shots, **fields)
        return [each["counts"] for each in self.artifact(job_id, "measurement_counts")]


class Circuits:
    """Instructions as they stand in a payload."""

    @staticmethod
    def gate(name: str, *locus: str, **args: object) -> Instruction:
        return {"name": name, "locus": list(locus), "args": args}

    @classmethod
    def x(cls, qubit: str) -> Instruction:
        return cls.gate("prx", qubit, angle=math.pi, phase=0.0)

    @classmethod
    def y90(cls, qubit: str, sign: int = 1) -> Instruction:
        return cls.gate("prx", qubit, angle=sign * math.pi / 2, phase=math.pi / 2)

    @classmethod
    def measure(cls, *qubits: str, key: str = "m", **args: object) -> Instruction:
        return cls.gate("measure", *qubits, key=key, **args)

    @classmethod
    def ghz(cls, *qubits: str) -> list[Instruction]:
        """Return a GHZ state along a line of coupled qubits, measured under the key m."""
        steps = [cls.y90(qubits[0])]
        for left, right in pairwise(qubits):
            steps += [cls.y90(right, -1), cls.gate("cz", left, right), cls.y90(right)]
        return [*steps, cls.measure(*qubits)]


class Connect(Protocol):
    def __call__(self, server: MockServer, *, token: str | None = None) -> Api: ...


class Dial(Protocol):
    def __call__(self, url: str, token: str | None = None) -> Api: ...


@pytest.fixture
def dial() -> Iterator[Dial]:
    """Return what opens a connection to a URL."""
    opened: list[Api] = []

    def open_connection(url: str, token: str | None = None) -> Api:
        opened.append(Api(url, token))
        return opened[-1]

    yield open_connection
    for api in opened:
        api.connection.close()


@pytest.fixture
def connect(dial: Dial) -> Connect:
    """Return what opens a connection to a server of this process."""

    def open_connection(server: MockServer, *, token: str | None = None) -> Api:
        return dial(server.url, server.token if token is None else token)

    return open_connection


@pytest.fixture
def api(iqm_mock_server: MockServer, connect: Connect) -> Api:
    return connect(iqm_mock_server)


@pytest.fixture
def circuits() -> type[Circuits]:
    return Circuits


COMMAND = [sys.executable, "-m", "iqm_mock_server"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(package.__file__).parents[1])}


class Command(Protocol):
    def __call__(self, *arguments: str) -> AbstractContextManager[tuple[subprocess.Popen[str], str]]: ...


@pytest.fixture
def command() -> Command:
    """Return what runs a server in a process of its own; it yields the process and the URL it printed."""

    @contextmanager
    def run(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
        with subprocess.Popen(
            [*COMMAND, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
        ) as process:
            try:
                assert process.stdout is not None
                url = process.stdout.readline().strip()
                ready = process.stdout.readline()
                if ready != "ready\n":
                    assert process.stderr is not None
                    pytest.fail(process.stderr.read())
                yield process, url
            finally:
                process.kill()

    return run
