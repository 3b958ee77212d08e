# SPDX-License-Identifier: Apache-2.0
"""The mock server as a process of its own, so that it does not share an interpreter with what is measured."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

END_SECONDS = 20


@contextmanager
def mock_process(*options: str, ideal: bool = True) -> Iterator[tuple[int, str]]:
    """Run a server for ``garnet`` on a free port of the loopback interface.

    Parameters
    ----------
    *options
        Further options of ``python -m iqm_mock_server``.
    ideal
        Whether it simulates without noise.

    Yields
    ------
    tuple[int, str]
        The process id of the server, and its URL.

    Raises
    ------
    RuntimeError
        The server ended before it was ready.
    """
    command = [
        sys.executable,
        "-m",
        "iqm_mock_server",
        "--machine",
        "garnet",
        "--port",
        "0",
        *(["--ideal"] if ideal else []),
        *options,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own module
        try:
            lines = [server.stdout.readline().strip() for _ in range(2)] if server.stdout else []
            if len(lines) != 2 or lines[1] != "ready":
                raise RuntimeError(f"the mock server did not start: it printed {lines}")
            yield server.pid, lines[0]
        finally:
            _end(server)


def _end(server: subprocess.Popen[str]) -> None:
    server.terminate()
    try:
        server.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        # Its figures stand all the same; a measurement that waits for ever has none.
        print(f"the mock server {server.pid} did not end within {END_SECONDS} s of SIGTERM", file=sys.stderr)
        server.kill()


@contextmanager
def mock_server(*options: str, ideal: bool = True) -> Iterator[str]:
    """Run a server as `mock_process` does.

    Yields
    ------
    str
        The server's URL.
    """
    with mock_process(*options, ideal=ideal) as (_, url):
        yield url
