# SPDX-License-Identifier: Apache-2.0
"""Servers of the bench as processes of their own, so that they share no interpreter with what is measured."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@contextmanager
def child(program: str, settings: Mapping[str, object]) -> Iterator[int]:
    """Run a server until the block ends.

    Parameters
    ----------
    program
        Its Python file, which is given a JSON file and prints the port that it listens on.
    settings
        What stands in that file.

    Yields
    ------
    int
        The port.

    Raises
    ------
    RuntimeError
        The server ended before it said its port.
    """
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "settings.json"
        script.write_text(json.dumps(settings))
        command = [sys.executable, program, str(script)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
            try:
                port = process.stdout.readline().strip() if process.stdout else ""
                if not port:
                    raise RuntimeError(f"the server {Path(program).name} did not start")
                yield int(port)
            finally:
                process.kill()
