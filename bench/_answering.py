# SPDX-License-Identifier: Apache-2.0
"""A server that composes nothing: sessions are answered by heart, and results were made before.

Its jobs end after a set time, its replies come with a set delay, and it counts requests and connections. It
is told what to do by ``POST /bench`` with a JSON object of `Settings`' fields, which also starts the counting
anew; ``GET /bench`` tells what was counted.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import random
import re
import ssl
import sys
import urllib.request
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from _child import child

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from _replay import Replies

PARTS = re.compile(r"/api/v1/jobs/([0-9a-f-]{36})(/.*)?")


@dataclasses.dataclass
class Settings:
    """What can be changed while the server runs.

    Parameters
    ----------
    delay
        Seconds before each reply.
    seconds
        That each job takes; with 0 it has ended when its submission is answered.
    """

    delay: float = 0.0
    seconds: float = 0.0


@dataclasses.dataclass
class Job:
    """What is known of a job.

    Parameters
    ----------
    end
        When it ends, by the event loop's clock.
    programs, shots, qubits
        What was asked for.
    body
        The submission.
    """

    end: float
    programs: int
    shots: int
    qubits: int
    body: bytes


def reply(status: int, body: bytes, head: str = "") -> bytes:
    """Compose a reply."""
    fixed = f"HTTP/1.1 {status} Reply\r\nContent-Type: application/json\r\n"
    return f"{fixed}{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


@cache
def outcomes(shots: int, qubits: int) -> tuple[int, ...]:
    """Return random outcomes, the same ones each time."""
    return tuple(random.Random(7).choices(range(2**qubits), k=shots))  # noqa: S311 - no secret


@cache
def measurements(programs: int, shots: int, qubits: int) -> bytes:
    """Return the artifact with each shot, as the server has it: a list of bits for each measurement key."""
    taken = outcomes(shots, qubits)
    keys = [
        f'"c_{qubits}_0_{bit}":[{",".join("[1]" if taken_one >> bit & 1 else "[0]" for taken_one in taken)}]'
        for bit in range(qubits)
    ]
    one = "{" + ",".join(keys) + "}"
    return ("[" + ",".join([one] * programs) + "]").encode()


@cache
def counts(programs: int, shots: int, qubits: int) -> bytes:
    """Return the artifact with the histogram."""
    histogram: dict[str, int] = {}
    for outcome in outcomes(shots, qubits):
        text = f"{outcome:0{qubits}b}"[::-1]
        histogram[text] = histogram.get(text, 0) + 1
    keys = [f"c_{qubits}_0_{bit}" for bit in range(qubits)]
    one = json.dumps({"measurement_keys": keys, "counts": histogram}, separators=(",", ":"))
    return ("[" + ",".join([one] * programs) + "]").encode()


class Server:
    """All jobs and counts."""

    def __init__(self, replies: Mapping[str, tuple[int, str]]) -> None:
        self.replies = {path: reply(status, text.encode()) for path, (status, text) in replies.items()}
        self.settings = Settings()
        self.jobs: list[Job] = []
        self.requests: dict[str, int] = {}
        self.connections = 0

    def configure(self, body: bytes) -> bytes:
        """Take new settings and forget what was counted; prepare the results that are told to be wanted."""
        told: dict[str, Any] = json.loads(body)
        for programs, shots, qubits in told.pop("prepare", []):
            measurements(programs, shots, qubits)
            counts(programs, shots, qubits)
        self.settings = Settings(**told)
        self.jobs.clear()
        self.requests.clear()
        self.connections = 0
        return reply(200, b"{}")

    def submit(self, body: bytes) -> bytes:
        """Take a job in."""
        loop = asyncio.get_running_loop()
        shots = re.search(rb'"shots": ?(\d+)', body)
        qubits = re.search(rb'"key": ?"[a-z]+_(\d+)_', body)
        if shots is None or qubits is None:
            return reply(400, b'{"message": "no shots, or no key with a length"}')
        programs = body.count(b'"instructions"')
        self.jobs.append(
            Job(loop.time() + self.settings.seconds, programs, int(shots[1]), int(qubits[1]), body)
        )
        return self.status(len(self.jobs) - 1)

    def status(self, number: int, head: str = "") -> bytes:
        """Tell where a job stands."""
        ended = self.jobs[number].end <= asyncio.get_running_loop().time()
        job = {
            "id": f"{number:08x}-0000-4000-8000-000000000000",
            "type": "circuit",
            "status": "completed" if ended else "processing",
            "qc": {"id": "00000000-0000-4000-8000-000000000000"},
            "artifacts": [{"type": "measurements"}, {"type": "measurement_counts"}] if ended else [],
            "messages": [],
            "errors": [],
            "timeline": [],
        }
        return reply(200, json.dumps(job).encode(), head)

    async def answer(self, method: str, target: str, body: bytes) -> bytes:
        """Return a reply, when it is time for it."""
        path, _, query = target.partition("?")
        if path == "/bench":
            if method == "POST":
                return self.configure(body)
            counted = {"requests": self.requests, "connections": self.connections}
            return reply(200, json.dumps(counted).encode())
        submitted = method == "POST" and path.endswith("/circuit")
        asked = None if submitted else PARTS.fullmatch(path)
        name = "POST /api/v1/jobs" if submitted else f"{method} {'/api/v1/jobs/{id}' if asked else path}"
        self.requests[name] = self.requests.get(name, 0) + 1
        if self.settings.delay:
            await asyncio.sleep(self.settings.delay)
        if submitted:
            return self.submit(body)
        if asked is None:
            return self.replies.get(path, reply(404, b"{}"))
        return await self.about_job(int(asked[1][:8], 16), asked[2], query)

    async def about_job(self, number: int, what: str | None, query: str) -> bytes:
        """Return a reply about a job."""
        if number >= len(self.jobs):
            return reply(404, b'{"message": "no such job"}')
        if what is None:
            return await self.follow(number, query)
        job = self.jobs[number]
        if what == "/payload":
            return reply(200, job.body, "IQM-Job-Type: circuit\r\n")
        made = {"/artifacts/measurements": measurements, "/artifacts/measurement_counts": counts}.get(what)
        return reply(200, made(job.programs, job.shots, job.qubits)) if made else reply(404, b"{}")

    async def follow(self, number: int, query: str) -> bytes:
        """Tell where a job stands, at once or when it ends."""
        asked = parse_qs(query)
        if asked.get("wait_until_terminal") != ["true"]:
            return self.status(number)
        left = self.jobs[number].end - asyncio.get_running_loop().time()
        patience = float(asked.get("timeout_seconds", ["10"])[0])
        await asyncio.sleep(min(max(left, 0.0), patience))
        return self.status(number, "IQM-Long-Poll-Timed-Out: true\r\n" if left > patience else "")


async def converse(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection."""
    counted = False
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            method, target, _ = head.split(b"\r\n", 1)[0].decode().split(" ", 2)
            length = re.search(rb"\r\ncontent-length: ?(\d+)", head, re.IGNORECASE)
            if re.search(rb"\r\nexpect: ?100-continue", head, re.IGNORECASE):
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            body = await reader.readexactly(int(length[1])) if length else b""
            if not counted and target != "/bench":
                counted = True
                server.connections += 1
            writer.write(await server.answer(method, target, body))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
        pass  # the other side is done
    finally:
        writer.close()


async def serve(replies: Replies, certificate: str | None) -> None:
    """Answer on a free port of the loopback interface, which is printed, for ever."""
    server = Server(replies)
    tls = None
    if certificate is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)
    listening = await asyncio.start_server(
        lambda reader, writer: converse(server, reader, writer), "127.0.0.1", 0, ssl=tls, limit=2**26
    )
    print(listening.sockets[0].getsockname()[1], flush=True)
    await listening.serve_forever()


class Answering:
    """Such a server, in a process of its own.

    Parameters
    ----------
    url
        Of the server.
    context
        What trusts its certificate, if it has one.
    """

    def __init__(self, url: str, context: ssl.SSLContext | None) -> None:
        self.url = url
        self._context = context

    def _ask(self, body: bytes | None) -> Any:  # noqa: ANN401 - JSON
        request = urllib.request.Request(f"{self.url}/bench", data=body)  # noqa: S310 - the bench's own server
        with urllib.request.urlopen(request, context=self._context) as answer:  # noqa: S310 - the same
            return json.load(answer)

    def configure(
        self, *, delay: float = 0.0, seconds: float = 0.0, prepare: tuple[tuple[int, int, int], ...] = ()
    ) -> None:
        """Change the settings, make results ready for programs, shots and qubits, and count from 0."""
        self._ask(json.dumps({"delay": delay, "seconds": seconds, "prepare": prepare}).encode())

    def requests(self, *, of_jobs: bool) -> int:
        """Return how many requests were counted: those about jobs, or the others."""
        counted: dict[str, int] = self._ask(None)["requests"]
        return sum(number for name, number in counted.items() if ("/api/v1/jobs" in name) == of_jobs)

    def connections(self) -> int:
        """Return how many connections were counted."""
        return int(self._ask(None)["connections"])


@contextmanager
def answering(
    replies: Replies, certificate: Path | None = None, authority: Path | None = None
) -> Iterator[Answering]:
    """Run such a server; `authority` is what trusts its certificate."""
    with child(__file__, {"replies": replies, "certificate": certificate and str(certificate)}) as port:
        context = ssl.create_default_context(cafile=str(authority)) if authority else None
        yield Answering(f"http{'s' if certificate else ''}://127.0.0.1:{port}", context)


if __name__ == "__main__":
    asyncio.run(serve(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
