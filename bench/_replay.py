# SPDX-License-Identifier: Apache-2.0
"""A server that knows its replies by heart and sends each of them late: its time is that of a network."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from _child import child

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Replies = dict[str, tuple[int, str]]
"""Path to status and JSON text; any other path is answered with 404."""


def serve(replies: Mapping[str, tuple[int, str]], delay: float, certificate: str | None) -> None:
    """Answer requests on a free port of the loopback interface, which is printed, for ever.

    Parameters
    ----------
    delay
        In seconds, before each reply.
    certificate
        File with a certificate and its key, for TLS.
    """
    ready = {
        path: (
            f"HTTP/1.1 {status} Reply\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body.encode())}\r\n\r\n{body}"
        ).encode()
        for path, (status, body) in replies.items()
    }
    unknown = b"HTTP/1.1 404 Reply\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    tls = None
    if certificate is not None:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)

    def converse(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError), connection:
            peer = tls.wrap_socket(connection, server_side=True) if tls else connection
            head = b""
            while data := peer.recv(65536):
                head += data
                while b"\r\n\r\n" in head:
                    request, _, head = head.partition(b"\r\n\r\n")
                    time.sleep(delay)
                    peer.sendall(ready.get(request.split(b" ", 2)[1].decode().partition("?")[0], unknown))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=converse, args=(connection,), daemon=True).start()


@contextmanager
def replaying(replies: Replies, delay: float, certificate: Path | None = None) -> Iterator[str]:
    """Run such a server as a process of its own; yield its URL."""
    settings = {"replies": replies, "delay": delay, "certificate": certificate and str(certificate)}
    with child(__file__, settings) as port:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{port}"


if __name__ == "__main__":
    script = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    serve(script["replies"], script["delay"], script["certificate"])
