# SPDX-License-Identifier: Apache-2.0
"""The mock server as a process of its own, so that it does not share an interpreter with what is measured."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def mock_server(*options: str) -> Iterator[str]:
    """Run a server for ``garnet`` on a free port of the loopback interface.

    Parameters
    ----------
    *options
        Further options of ``python -m iqm_mock_server``.

    Yields
    ------
    str
        The server's URL.

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
        "--ideal",
        *options,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own module
        try:
            lines = [server.stdout.readline().strip() for _ in range(2)] if server.stdout else []
            if len(lines) != 2 or lines[1] != "ready":
                raise RuntimeError(f"the mock server did not start: it printed {lines}")
            yield lines[0]
        finally:
            server.terminate()
