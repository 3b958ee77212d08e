# SPDX-License-Identifier: Apache-2.0
"""Programs in processes of their own: only there can one be interrupted, forked and ended."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from iqm_mock_server import MockServer

LIMIT = 60.0
"""Seconds after which a program hangs, by the tests' judgement."""

PROGRAM = json.dumps(
    {
        "name": "measured",
        "metadata": {},
        "instructions": [{"name": "measure", "locus": ["QB1"], "args": {"key": "c_1_0_0"}}],
    }
)

PREAMBLE = """
import os, sys, threading, time
import qdmikit
_, url, program, *words = sys.argv
def open_device():
    return qdmikit.open_device("qdmikit.iqm", base_url=url)
def submit(device):
    return device.submit(program, qdmikit.ProgramFormat.IQMJSON, 10)
def say(*what):
    print(*what, flush=True)
"""


class Program:
    """A Python program that is running.

    Parameters
    ----------
    command
        The interpreter and its arguments.
    """

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # An interrupt that the parent ignores would be ignored by the child as well.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._errors: list[str] = []
        self._readers = [
            threading.Thread(target=self._read_output), threading.Thread(target=self._read_errors)
        ]  # fmt: skip
        for reader in self._readers:
            reader.start()

    def _read_output(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))

    def _read_errors(self) -> None:
        assert self._process.stderr is not None
        self._errors += list(self._process.stderr)

    def line(self) -> str:
        """Wait for the next line that the program prints."""
        try:
            return self._lines.get(timeout=LIMIT)
        except queue.Empty:
            pytest.fail(f"the program says nothing more: {''.join(self._errors)}")

    def go_on(self) -> None:
        """Give it a line to read."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def interrupt(self) -> None:
        """Do what Ctrl-C does."""
        self._process.send_signal(signal.SIGINT)

    def end(self) -> tuple[int, list[str], str]:
        """Wait for its end.

        Returns
        -------
        tuple
            The exit code, the lines that were not read yet, and all that it wrote to its standard error.
        """
        try:
            code = self._process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            self.kill()
            pytest.fail(f"the program does not end: {''.join(self._errors)}")
        for reader in self._readers:
            reader.join(LIMIT)
        lines = []
        while not self._lines.empty():
            lines.append(self._lines.get())
        return code, lines, "".join(self._errors)

    def kill(self) -> None:
        """End it, if it has not ended."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            for reader in self._readers:
                reader.join(LIMIT)
            if stream is not None:
                stream.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Program]]:
    """Start a program; it has ``open_device``, ``submit`` and ``say``, and further words as ``words``."""
    started: list[Program] = []

    def run(script: str, url: str, *words: str, options: tuple[str, ...] = ()) -> Program:
        # fork beside threads is what some of them are about; Python 3.12 and later warn of it.
        warnings = ["-W", "ignore:This process:DeprecationWarning"]
        # Without site-packages where the tests themselves run so: under a sanitizer.
        site = ["-S"] if sys.flags.no_site else []
        program = Program(
            [sys.executable, *site, *warnings, *options, "-c", PREAMBLE + script, url, PROGRAM, *words]
        )
        started.append(program)
        return program

    yield run
    for program in started:
        program.kill()


@pytest.fixture
def asked_about() -> Callable[[MockServer, str], None]:
    """Wait until the server is being asked about a job, or has been."""

    def until(server: MockServer, job_id: str) -> None:
        deadline = time.monotonic() + LIMIT
        while not any(entry.method == "GET" and job_id in entry.path for entry in server.ledger.requests()):
            assert time.monotonic() < deadline, "nobody asks about the job"
            os.sched_yield()

    return until


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the user's own settings from the programs."""
    for name in [name for name in os.environ if name.startswith(("IQM_", "QDMI_", "QDMIKIT_DEV"))]:
        monkeypatch.delenv(name)
    # Under a sanitizer: what threads hold that the end of a program cuts short is no leak.
    monkeypatch.setenv("ASAN_OPTIONS", os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path))
