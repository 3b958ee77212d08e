# SPDX-License-Identifier: Apache-2.0
"""How late ``wait`` returns: after the completion of a job, and after its own deadline."""

from __future__ import annotations

import json
import statistics
import sys
import time
import urllib.request
from datetime import datetime

from _mock import mock_server

import qdmikit

RUNS = 21
JOB_SECONDS = 0.5
PROGRAM = json.dumps(
    {
        "name": "one",
        "metadata": {},
        "instructions": [
            {"name": "prx", "locus": ["QB1"], "args": {"angle": 3.141592653589793, "phase": 0.0}},
            {"name": "measure", "locus": ["QB1"], "args": {"key": "c_1_0_0"}},
        ],
    }
)


def completion(url: str, job_id: str) -> float:
    """Read when the job was completed by the server's own timeline, in seconds since the epoch."""
    with urllib.request.urlopen(f"{url}/api/v1/jobs/{job_id}") as reply:  # noqa: S310 - the mock's own URL
        timeline = json.load(reply)["timeline"]
    stamps = [entry["timestamp"] for entry in timeline if entry["status"] == "completed"]
    return datetime.fromisoformat(stamps[-1]).timestamp()


def overshoot_of_completion(device: qdmikit.Device, url: str) -> float:
    """Run a job and measure how long after its completion ``wait`` returns, in seconds."""
    job = device.submit(PROGRAM, qdmikit.ProgramFormat.IQMJSON, 1)
    job.wait(30)
    returned = time.time()
    return returned - completion(url, job.id)


def duration_of_time_out(device: qdmikit.Device) -> float:
    """Wait one second for a job that takes longer; return how long that took, in seconds."""
    job = device.submit(PROGRAM, qdmikit.ProgramFormat.IQMJSON, 1)
    start = time.monotonic()
    try:
        job.wait(1)
    except qdmikit.Timeout:
        elapsed = time.monotonic() - start
    else:
        raise RuntimeError("the job ended before the deadline; the server's job duration is too short")
    job.cancel()
    return elapsed


def row(name: str, milliseconds: list[float], limit: str) -> str:
    """Format one line of the table."""
    figures = (min(milliseconds), statistics.median(milliseconds), max(milliseconds))
    return f"{name:44}" + "".join(f"{figure:10.1f}" for figure in figures) + f"   {limit}"


def main() -> int:
    """Measure and print; 1 when a limit is missed.

    Returns
    -------
    int
        The exit code.
    """
    with mock_server("--duration", str(JOB_SECONDS)) as url:
        device = qdmikit.open_device("qdmikit.iqm", base_url=url)
        overshoot_of_completion(device, url)  # the first job warms the server's simulator up
        late = [1e3 * overshoot_of_completion(device, url) for _ in range(RUNS)]
    with mock_server("--duration", "20") as url:
        device = qdmikit.open_device("qdmikit.iqm", base_url=url)
        timed_out = [1e3 * duration_of_time_out(device) for _ in range(RUNS)]
    print(f"{f'{RUNS} runs, milliseconds':44}{'min':>10}{'median':>10}{'max':>10}   limit")
    print(row(f"wait returns after a job of {JOB_SECONDS} s ended", late, "median <= 50"))
    print(row("wait(1) on a longer job times out after", timed_out, "all >= 1000, median <= 1050"))
    kept = statistics.median(late) <= 50 and min(timed_out) >= 1000 and statistics.median(timed_out) <= 1050
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
