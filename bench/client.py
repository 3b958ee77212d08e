# SPDX-License-Identifier: Apache-2.0
"""What Python costs on top of a device library: its metadata, large results, and many jobs awaited at once.

The device library is the same on both sides. On one it is called as a C program would, through ctypes; on the
other it is qdmikit that calls it. The servers answer by heart, so that they are not what is measured.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
import urllib.request
from _queue import queueing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from _mock import mock_server
from _raw import RawDevice
from _replay import Replies, replaying

import qdmikit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNS = 7
SHOTS, BITS = 10**6, 20
JOB = "00000001-0000-4000-8000-000000000000"
JOBS = 1000
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Parameters
    ----------
    name
        What was measured.
    figure, unit
        The median, or what the name says.
    bare
        The same in C, if there is one to compare with.
    limit
        What the ratio may be at most, or the figure where there is no ratio; None: no limit.
    """

    name: str
    figure: float
    unit: str
    bare: float | None = None
    limit: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the limit was kept."""
        return self.limit is None or self._limited <= self.limit

    @property
    def _limited(self) -> float:
        return self.figure if self.bare is None else self.figure / self.bare

    def __str__(self) -> str:
        bare = f"{self.bare:10.2f}{self._limited:9.2f}" if self.bare is not None else " " * 19
        limit = "" if self.limit is None else f"  <= {self.limit:g}{'' if self.kept else '   MISSED'}"
        return f"{self.name:54}{self.figure:10.2f} {self.unit:4}{bare}{limit}"


def metadata(device: qdmikit.Device) -> int:
    """Read the same as `RawDevice.metadata`; return how many values that were."""
    values: list[object] = [device.name, device.version, device.qubits_num]
    values += [site for pair in device.coupling_map or () for site in pair]
    for site in device.sites:
        values += [site.name, site.index, site.t1, site.t2]
    for operation in device.operations:
        values += [operation.name, operation.qubits_num, operation.parameters_num]
        for sites in operation.sites or ():
            values += [operation.fidelity(*sites), operation.duration(*sites)]
    return len(values)


def median(measure: Callable[[], object]) -> float:
    """Do something once to warm up, then so often as counts; return the median in milliseconds."""
    measure()
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        measure()
        times.append(time.perf_counter() - started)
    return 1e3 * statistics.median(times)


def of_metadata(url: str) -> Iterator[Row]:
    """Compare reading all metadata, by a session that has done so before and by a new one."""
    raw, device = RawDevice(url), qdmikit.open_device("qdmikit.iqm", base_url=url)
    values = raw.metadata()
    if metadata(device) != values:
        raise RuntimeError(f"C reads {values} values and Python {metadata(device)}")
    bare = median(raw.metadata)
    yield Row(
        f"all {values} metadata of a 20-qubit device", median(lambda: metadata(device)), "ms", bare, 2.0
    )


def recorded() -> Replies:
    """Return what the mock server answers to all that a session asks."""
    with mock_server("--control") as url:
        device = qdmikit.open_device("qdmikit.iqm", base_url=url)
        metadata(device)
        time.sleep(0.5)  # what the session fetches in the background
        paths = {entry["path"] for entry in fetched(f"{url}/mock/ledger")["requests"]}
        return {path: (200, json.dumps(fetched(url + path))) for path in paths}


def fetched(url: str) -> Any:  # noqa: ANN401 - JSON
    """Read a JSON document."""
    with urllib.request.urlopen(url) as reply:  # noqa: S310 - the bench's own servers
        return json.load(reply)


def with_job(replies: Replies) -> Replies:
    """Add a job of many shots, with random outcomes, as the server would describe it."""
    numbers = random.Random(7).choices(range(2**BITS), k=SHOTS)  # noqa: S311 - no secret
    shots = [f"{number:0{BITS}b}" for number in numbers]
    counts: dict[str, int] = {}
    for shot in shots:
        counts[shot] = counts.get(shot, 0) + 1
    job = {
        "id": JOB, "type": "circuit", "status": "completed", "qc": {"id": JOB}, "messages": [], "errors": [],
        "artifacts": [{"type": "measurements"}, {"type": "measurement_counts"}], "timeline": [],
    }  # fmt: skip
    measured = {"name": "measure", "locus": [f"QB{i + 1}" for i in range(BITS)], "args": {"key": "m"}}
    payload = {"circuits": [{"name": "c", "metadata": {}, "instructions": [measured]}], "shots": SHOTS}
    path = f"/api/v1/jobs/{JOB}"
    rows = ",".join("[" + ",".join(shot) + "]" for shot in shots)
    return {
        **replies,
        path: (200, json.dumps(job)),
        f"{path}/payload": (200, json.dumps(payload)),
        f"{path}/artifacts/measurements": (200, f'[{{"m":[{rows}]}}]'),
        f"{path}/artifacts/measurement_counts": (
            200,
            json.dumps([{"measurement_keys": ["m"], "counts": counts}], separators=(",", ":")),
        ),
    }


def in_process(program: str, *arguments: str) -> Any:  # noqa: ANN401 - JSON
    """Run a program of this folder; return what it prints."""
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, HERE / program, *arguments], check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout)


def of_results(url: str) -> Iterator[Row]:
    """Compare reading counts and shots, each in a process of its own."""
    for name, bare_name, limited in (
        ("packed shots", "raw shots", True),
        ("packed counts", "raw counts", True),
        ("counts", "raw counts", False),
    ):
        runs: dict[str, list[dict[str, float]]] = {name: [], bare_name: []}
        for _ in range(3):
            for which, measured in runs.items():
                measured.append(in_process("_reading.py", which, url, JOB))
        for what, title, unit, scale, limit in (
            ("first", "download and read", "ms", 1e3, 2.0),
            ("again", "read", "ms", 1e3, 2.0),
            ("peak", "memory at most", "MiB", 2.0**-20, 1.2),
        ):
            figure, bare = (
                scale * statistics.median(run[what] for run in runs[which]) for which in (name, bare_name)
            )
            yield Row(f"{name}, 10^6 of {BITS} bits: {title}", figure, unit, bare, limit if limited else None)


def of_many_jobs(replies: Replies, title: str, *, seconds: float, in_order: bool) -> Iterator[Row]:
    """Measure what a program feels that awaits many jobs."""
    with queueing(replies, seconds=seconds, delay=4.0, in_order=in_order) as url:
        measured = in_process("_awaiting.py", url, str(JOBS))
    late = sorted(measured["loop"])
    seen = sorted(measured["seen"])
    before, most = measured["threads"]
    title = f"{JOBS} awaited jobs, {title}"
    yield Row(f"{title}: loop late, p99", 1e3 * late[int(0.99 * len(late))], "ms", limit=20)
    yield Row(f"{title}: end seen, median", 1e3 * statistics.median(seen), "ms")
    yield Row(f"{title}: end seen, latest", 1e3 * seen[-1], "ms", limit=250)
    yield Row(f"{title}: threads", most - before, "", limit=16)
    yield Row(f"{title}: processor", 100 * measured["load"][0], "%")


def main() -> int:
    """Measure and print; 1 when a limit is missed.

    Returns
    -------
    int
        The exit code.
    """
    print(f"{'medians':54}{'qdmikit':>10}     {'C':>10}{'ratio':>9}  limit")
    kept = True
    replies = recorded()

    def show(rows: Iterator[Row]) -> None:
        nonlocal kept
        for row in rows:
            print(row, flush=True)
            kept = kept and row.kept

    with replaying(replies, 0.0) as url:
        show(of_metadata(url))
    with replaying(with_job(replies), 0.0) as url:
        show(of_results(url))
    show(of_many_jobs(replies, "one by one", seconds=0.005, in_order=True))
    show(of_many_jobs(replies, "all at once", seconds=0.005, in_order=False))
    print(f"\nload average {', '.join(f'{load:.1f}' for load in os.getloadavg())} on {os.cpu_count()} cores")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
