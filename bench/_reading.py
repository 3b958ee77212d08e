# SPDX-License-Identifier: Apache-2.0
"""Read one result of a job in this process, which does nothing else; print time and memory, as JSON.

python bench/_reading.py WHAT URL JOB: what it is, is in `READINGS`.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from _raw import HIST_KEYS, HIST_VALUES, SHOTS, RawDevice

if TYPE_CHECKING:
    from collections.abc import Callable

AGAIN = 15


def job(url: str, job_id: str) -> qdmikit.Job:
    """Retrieve a job with qdmikit."""
    return qdmikit.open_device("qdmikit.iqm", base_url=url).retrieve_job(job_id)


READINGS: dict[str, Callable[[str, str], Callable[[], object]]] = {
    "raw shots": lambda url, name: RawDevice(url).results(name, SHOTS),
    "packed shots": lambda url, name: job(url, name).packed_shots,
    "raw counts": lambda url, name: RawDevice(url).results(name, HIST_KEYS, HIST_VALUES),
    "packed counts": lambda url, name: job(url, name).packed_counts,
    "counts": lambda url, name: job(url, name).counts,
}


def memory(what: str) -> int:
    """Return a figure of this process's memory, in bytes."""
    found = re.search(rf"^{what}:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    if found is None:
        raise RuntimeError(f"this kernel does not tell {what}")
    return 1024 * int(found[1])


def main() -> None:
    """Read once with the download, then again and again without."""
    read = READINGS[sys.argv[1]](sys.argv[2], sys.argv[3])
    before = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    started = time.perf_counter()
    kept = [read()]
    first = time.perf_counter() - started
    peak = memory("VmHWM") - before
    again = []
    for _ in range(AGAIN):
        kept.clear()
        started = time.perf_counter()
        kept.append(read())
        again.append(time.perf_counter() - started)
    print(json.dumps({"first": first, "again": sorted(again)[AGAIN // 2], "peak": peak}))


if __name__ == "__main__":
    # Which of the two interfaces a measurement does not need must not count in its memory.
    if not sys.argv[1].startswith("raw"):
        import numpy  # noqa: F401 - before the measurement begins

        import qdmikit
    main()
