# SPDX-License-Identifier: Apache-2.0
"""What a job through `qdmikit.slurm` costs beside the same work under plain ``sbatch``, on a real Slurm here.

Both run the same function in the same Python. Measured is from the submitting call until the result is there.
For the plain job, somebody looks every ten milliseconds whether its file is there (``sbatch --wait`` looks
every two seconds). Jobs come one by one, so that nothing but the dispatch is measured; then fifty at once.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "slurm" / "support"), str(ROOT / "tests" / "python" / "slurm")]
from cluster import Cluster, cluster  # noqa: E402 (the line above makes it importable)

from qdmikit.slurm import SlurmExecutor  # noqa: E402
from qdmikit.slurm.executors import outputs  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 11
AT_ONCE = 50
PATIENCE = 60.0
SCRIPT = """#!/bin/sh
exec {python} -c "import pathlib, calls; calls.copy(pathlib.Path('input'), pathlib.Path('output'))"
"""


def fill(folder: Path) -> None:
    """Write what the function reads."""
    (folder / "text.txt").write_text("text")


def plain(running: Cluster, folder: Path) -> None:
    """Do it with sbatch alone."""
    for name in ("input", "output"):
        (folder / name).mkdir(parents=True)
    fill(folder / "input")
    script = folder / "script.sh"
    script.write_text(SCRIPT.format(python=sys.executable))
    result = folder / "output" / "copy.txt"
    done = running.run(
        "sbatch", f"--output={folder}/log", str(script), cwd=folder, env={"PYTHONPATH": sys.path[1]}
    )
    deadline = time.monotonic() + PATIENCE
    while not (result.exists() and result.read_text() == "text"):
        if done.code or time.monotonic() > deadline:
            raise RuntimeError(f"the plain job failed: {done.err}")
        time.sleep(0.01)


def seconds(action: Callable[[], object]) -> float:
    """Do something; return how long that took."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def main() -> int:
    """Measure and print.

    Returns
    -------
    int
        The exit code.
    """
    with cluster() as running:
        os.environ |= {
            "SLURM_CONF": str(running.conf),
            "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin",
            "PYTHONPATH": sys.path[1],
        }
        executor = SlurmExecutor(running.root / "jobs")
        taken: dict[str, list[float]] = {"plain sbatch": [], "qdmikit.slurm": []}
        for number in range(RUNS + 1):
            taken["plain sbatch"].append(seconds(lambda n=number: plain(running, running.root / f"plain{n}")))  # type: ignore[misc]
            taken["qdmikit.slurm"].append(
                seconds(lambda: outputs(executor.submit("calls.copy", [fill], name="copy"), 60))
            )
        together = seconds(
            lambda: outputs(
                [executor.submit("calls.copy", [fill], name="copy")[0] for _ in range(AT_ONCE)], 600
            )
        )
    print(f"{RUNS} jobs each, one by one, in turns\n")
    print(f"{'submit to result':20}{'min s':>8}{'median s':>10}{'max s':>8}")
    medians = {}
    for name, runs in taken.items():
        counted = runs[1:]
        medians[name] = statistics.median(counted)
        print(f"{name:20}{min(counted):8.2f}{medians[name]:10.2f}{max(counted):8.2f}")
    ours, bare = medians["qdmikit.slurm"], medians["plain sbatch"]
    print(f"\nratio of medians: {ours / bare:.2f}; {ours - bare:+.2f} s per job")
    print(
        f"{AT_ONCE} jobs at once, all results in hand: {together:.1f} s, {together / AT_ONCE:.2f} s per job"
    )
    print(f"load average {', '.join(f'{load:.1f}' for load in os.getloadavg())} on {os.cpu_count()} cores")
    return 0


if __name__ == "__main__":
    sys.exit(main())
