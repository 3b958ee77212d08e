# SPDX-License-Identifier: Apache-2.0
"""A server whose jobs end at set times, and that does little else, so that it is not what is measured.

It answers what belongs to a session by heart. ``GET /ended`` tells when each job ended.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from _child import child

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _replay import Replies


@dataclass
class Queue:
    """The jobs of one computer.

    Parameters
    ----------
    replies
        To all requests that are not about jobs.
    seconds
        Of each job.
    delay
        Seconds after the first submission until the first job starts.
    in_order
        Whether they run one after the other as they came, or all at once to end in no order.
    """

    replies: Replies
    seconds: float
    delay: float
    in_order: bool
    ends: list[float] = field(default_factory=list)

    def submit(self) -> bytes:
        """Take a job in."""
        number = len(self.ends)
        begin = self.ends[0] - self.seconds if self.ends else time.time() + self.delay
        # 397 and 1009 share no divisor: each of 1009 places once, far from its neighbours'.
        place = number if self.in_order else number * 397 % 1009
        self.ends.append(begin + (place + 1) * self.seconds)
        return self.job(number)

    def job(self, number: int) -> bytes:
        """Tell where a job stands."""
        now, end = time.time(), self.ends[number]
        if now >= end:
            status = "completed"
        else:
            status = "processing" if not self.in_order or now >= end - self.seconds else "waiting"
        return JOBS[status].replace(b"00000000", b"%08x" % number, 1)

    def answer(self, method: str, path: str) -> bytes:
        """Return a reply."""
        if method == "POST":
            return self.submit()
        if path.startswith("/api/v1/jobs/"):
            return self.job(int(path[13:21], 16))
        if path == "/ended":
            return reply(200, json.dumps(self.ends))
        return reply(*self.replies.get(path, (404, "{}")))


def reply(status: int, text: str) -> bytes:
    """Compose a reply of the server."""
    body = text.encode()
    head = f"HTTP/1.1 {status} Reply\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


JOBS = {
    status: reply(
        200,
        json.dumps(
            {
                "id": "00000000-0000-4000-8000-000000000000",
                "type": "circuit",
                "status": status,
                "qc": {"id": "00000000-0000-4000-8000-000000000000"},
                "artifacts": [{"type": "measurements"}, {"type": "measurement_counts"}],
                "messages": [],
                "errors": [],
                "timeline": [],
                **({"queue_position": 1} if status == "waiting" else {}),
            }
        ),
    )
    for status in ("waiting", "processing", "completed")
}
"""Replies about the first job, by its status."""


class Conversation(asyncio.Protocol):
    """One connection."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what answers are written to."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer the requests that are complete."""
        self._received += data
        while True:
            head, found, rest = self._received.partition(b"\r\n\r\n")
            length = b"" if head.startswith(b"GET") else head.lower().partition(b"content-length:")[2]
            size = int(length.split(b"\r\n", 1)[0]) if length else 0
            if not found or len(rest) < size:
                return
            self._received = rest[size:]
            method, target, _ = head.decode().split(" ", 2)
            self._transport.write(self._queue.answer(method, target.partition("?")[0]))


async def serve(queue: Queue) -> None:
    """Answer on a free port of the loopback interface, which is printed, for ever."""
    server = await asyncio.get_running_loop().create_server(lambda: Conversation(queue), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def queueing(replies: Replies, *, seconds: float, delay: float, in_order: bool) -> Iterator[str]:
    """Run such a server as a process of its own; yield its URL. See `Queue`."""
    settings = {"replies": replies, "seconds": seconds, "delay": delay, "in_order": in_order}
    with child(__file__, settings) as port:
        yield f"http://127.0.0.1:{port}"


if __name__ == "__main__":
    asyncio.run(serve(Queue(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
