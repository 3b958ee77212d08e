# SPDX-License-Identifier: Apache-2.0
"""The three that ``speed.py`` compares: this project's device library, the vendor's, and libcurl alone."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from _mock import mock_server

BENCH = Path(__file__).parent
ROOT = BENCH.parent
sys.path.insert(0, str(ROOT))
from tools.test_environments import Environment, ready  # noqa: E402 (the line above makes it importable)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from _answering import Answering
    from _replay import Replies

PEER = Environment("bench-peer", ("iqm-qdmi==1.5.*",))
BUILD = ROOT / "build" / "bench"
NEEDED = ("static-quantum-architectures", "dynamic-quantum-architecture", "metrics")
"""What a session cannot do without, besides the list of computers."""


@dataclass(frozen=True)
class Measured:
    """What was measured of one side.

    Parameters
    ----------
    milliseconds
        Of each run.
    peak
        By how much memory grew at most, in bytes; 0 if nobody looked.
    requests
        For each run.
    connections
        Of the whole process.
    """

    milliseconds: tuple[float, ...]
    peak: int
    requests: float
    connections: int

    @property
    def median(self) -> float:
        """Of the runs, in milliseconds."""
        return statistics.median(self.milliseconds)


def build() -> None:
    """Compile the programs that measure, optimised; quick when they stand."""
    if not (BUILD / "build.ninja").exists():
        subprocess.run(  # noqa: S603 - our own build
            [  # noqa: S607 - whatever CMake is found
                "cmake", "-G", "Ninja", "-S", str(ROOT), "-B", str(BUILD), "-DCMAKE_BUILD_TYPE=Release",
                "-DQDMIKIT_BUILD_BENCH=ON", f"-DPython_EXECUTABLE={sys.executable}",
            ],
            check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    subprocess.run(  # noqa: S603 - our own build
        ["cmake", "--build", str(BUILD), "--target", "bench_device", "bench_limit", "iqm_device"],  # noqa: S607 - the same
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One of the three.

    Parameters
    ----------
    name
        In tables.
    command
        What runs it.
    given
        What it is told each time.
    """

    name: str
    command: tuple[str, ...]
    given: Mapping[str, str]

    def run(self, what: str, environment: Mapping[str, str], **arguments: object) -> Any:  # noqa: ANN401 - JSON
        """Measure in a process of its own; return what it prints.

        Raises
        ------
        RuntimeError
            It failed.
        """
        words = [f"{name}={value}" for name, value in {**self.given, **arguments}.items()]
        done = subprocess.run(  # noqa: S603 - our own programs
            [*self.command, what, *words], capture_output=True, text=True, env=dict(environment), check=False
        )
        if done.returncode:
            raise RuntimeError(f"{self.name}, {what} {' '.join(words)}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def measure(
        self, server: Answering, what: str, environment: Mapping[str, str], **arguments: object
    ) -> Measured:
        """Measure on a server that is configured, and take from it what it counted."""
        before = server.requests(of_jobs=what != "init"), server.connections()
        printed = self.run(what, environment, url=server.url, **arguments)
        runs = len(printed["ms"])
        begun = runs if what in ("counts", "shots") else runs + 1  # one to warm up
        asked = server.requests(of_jobs=what != "init") - before[0]
        connections = server.connections() - before[1]
        return Measured(tuple(printed["ms"]), printed["peak"], asked / begun, connections)


def sides() -> tuple[Side, Side, Side]:
    """Return ours, the vendor's and the limit."""
    folder = ready(PEER)
    (theirs,) = folder.glob("lib/python3*/site-packages/iqm/qdmi/**/libiqm-qdmi-device.so")
    ours = BUILD / "cpp" / "device" / "libiqm-qdmi-device.so"
    device = str(BUILD / "bench" / "native" / "bench_device")
    limit = str(BUILD / "bench" / "native" / "bench_limit")
    return (
        Side("qdmikit", (device,), {"library": str(ours), "prefix": "IQM"}),
        Side("iqm-qdmi 1.5", (device,), {"library": str(theirs), "prefix": "IQM"}),
        Side("limit", (limit,), {}),
    )


def fetched(url: str) -> Any:  # noqa: ANN401 - JSON
    """Read a JSON document of the mock server."""
    with urllib.request.urlopen(url) as reply:  # noqa: S310 - the mock's own URL
        return json.load(reply)


def recorded(libraries: tuple[Side, ...], environment: Mapping[str, str]) -> tuple[Replies, dict[str, str]]:
    """Return what the mock server answers to all that sessions ask, and what the limit has to be told."""
    with mock_server("--control") as url:
        for side in libraries:
            side.run("init", environment, url=url, runs=1)
        time.sleep(0.5)  # what a session fetches in the background
        asked = {entry["path"] for entry in fetched(f"{url}/mock/ledger")["requests"]}
        replies = {}
        for path in sorted(asked):
            try:
                replies[path] = (200, json.dumps(fetched(url + path)))
            except urllib.error.HTTPError as error:
                replies[path] = (error.code, error.read().decode())
        computer = fetched(f"{url}/api/v1/quantum-computers")["quantum_computers"][0]["alias"]
    about = [next(path for path in sorted(replies) if path.endswith(needed)) for needed in NEEDED]
    return replies, {"about": ",".join(about), "computer": computer}
