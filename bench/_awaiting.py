# SPDX-License-Identifier: Apache-2.0
"""Await many jobs in this process, which does nothing else; print what that was like, as JSON."""

from __future__ import annotations

import asyncio
import json
import sys
import time
import urllib.request
from pathlib import Path

import qdmikit

PROGRAM = json.dumps(
    {
        "name": "one",
        "metadata": {},
        "instructions": [{"name": "measure", "locus": ["QB1"], "args": {"key": "m"}}],
    }
)
TICK = 0.005


def threads() -> int:
    """Count the threads of this process, those of libraries included."""
    return len(list(Path("/proc/self/task").iterdir()))


async def ticking(late: list[float], most: list[int]) -> None:
    """Measure how late the event loop is, and how many threads there are."""
    while True:
        due = time.perf_counter() + TICK
        await asyncio.sleep(TICK)
        late.append(time.perf_counter() - due)
        most[0] = max(most[0], threads())


async def awaiting(url: str, number: int) -> dict[str, list[float]]:
    """Submit so many jobs and await all of them.

    Returns
    -------
    dict
        In seconds how late the loop was at each tick and how late each end was seen, and the processor time
        of this process for each second; the number of threads before and the most meanwhile.
    """
    device = qdmikit.open_device("qdmikit.iqm", base_url=url)
    before = threads()
    jobs = [device.submit(PROGRAM, qdmikit.ProgramFormat.IQMJSON, 10) for _ in range(number)]
    seen = dict.fromkeys(range(number), 0.0)

    async def follow(index: int) -> None:
        await jobs[index]
        seen[index] = time.time()

    late: list[float] = []
    most = [before]
    started, processor = time.perf_counter(), time.process_time()
    ticker = asyncio.create_task(ticking(late, most))
    async with asyncio.TaskGroup() as group:
        for index in range(number):
            group.create_task(follow(index))
    ticker.cancel()
    load = (time.process_time() - processor) / (time.perf_counter() - started)
    with urllib.request.urlopen(f"{url}/ended") as reply:  # noqa: S310 - the bench's own server
        ended = json.load(reply)
    return {
        "loop": late,
        "seen": [seen[index] - end for index, end in enumerate(ended)],
        "load": [load],
        "threads": [before, most[0]],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(awaiting(sys.argv[1], int(sys.argv[2])))))
