# SPDX-License-Identifier: Apache-2.0
"""Entangling gates, r gates and time of transpilation: ours beside Qiskit's own and the vendor client's.

All three compile the same circuits, exchanged as OpenQASM 3, at optimization level 3 for the same machine
with the same calibration, the mock server's ``garnet``, with the same seeds. Of each circuit and side the
best result of all seeds counts, by entangling gates, then r gates.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _mock import mock_server
from qiskit import QuantumCircuit, qpy
from qiskit.transpiler import generate_preset_pass_manager

import qdmikit
from qdmikit.qiskit import QDMIBackend

BENCH = Path(__file__).parent
sys.path.insert(0, str(BENCH.parent))
from tools.test_environments import Environment, ready  # noqa: E402 (the line above makes it importable)

SEEDS = 5
LEVEL = 3
CIRCUITS = Environment("bench-circuits", ("mqt.bench==2.3.*", "qiskit-qasm3-import==0.6.*"))
VENDOR = Environment("bench-vendor", ("iqm-client[qiskit]==36.*", "qiskit-qasm3-import==0.6.*"))

Run = tuple[int, int, float]
"""Entangling gates, r gates, seconds."""

Runs = dict[str, list[Run]]
"""For each circuit's name, one run per seed."""


def python(environment: Environment, program: str, *arguments: str) -> str:
    """Run a helper in its environment; return what it printed."""
    command = [str(ready(environment) / "bin" / "python"), str(BENCH / program), *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 (ours)


def compiled(circuit: QuantumCircuit, backend: QDMIBackend, seed: int, *, ours: bool) -> Run:
    """Transpile once; the time includes that for building the pass manager."""
    start = time.perf_counter()
    if ours:
        stages = generate_preset_pass_manager(LEVEL, backend=backend, seed_transpiler=seed)
    else:
        stages = generate_preset_pass_manager(LEVEL, target=backend.target, seed_transpiler=seed)
    native = stages.run(circuit)
    seconds = time.perf_counter() - start
    operations = native.count_ops()
    return operations.get("cz", 0), operations.get("r", 0), seconds


def measure(folder: Path, backend: QDMIBackend) -> tuple[Runs, Runs]:
    """Transpile everything, the two sides in turns; return our runs and Qiskit's."""
    sides: tuple[Runs, Runs] = ({}, {})
    for path in sorted(folder.glob("*.qpy")):
        with path.open("rb") as file:
            (circuit,) = qpy.load(file)
        for seed in range(SEEDS):
            for runs, ours in zip(sides, (True, False), strict=True):
                runs.setdefault(path.stem, []).append(compiled(circuit, backend, seed, ours=ours))
    return sides


def best(runs: list[Run]) -> tuple[int, int]:
    """Return entangling and r gates of the best seed."""
    return min((cz, r) for cz, r, _ in runs)


def seconds(runs: list[Run]) -> float:
    """Return the median time."""
    return statistics.median(run[2] for run in runs)


def ratio(one: Runs, other: Runs, which: int) -> float:
    """Return the geometric mean of ratios of entangling (0) or r gates (1)."""
    return statistics.geometric_mean(best(one[name])[which] / best(other[name])[which] for name in one)


def main() -> int:
    """Measure and print; 1 when a limit is missed.

    Returns
    -------
    int
        The exit code.
    """
    with tempfile.TemporaryDirectory() as name, mock_server() as url:
        folder = Path(name)
        python(CIRCUITS, "_transpile_circuits.py", name)
        backend = QDMIBackend(qdmikit.open_device("qdmikit.iqm", base_url=url))
        ours, qiskit = measure(folder, backend)
        lines = python(VENDOR, "_transpile_vendor.py", url, name, str(SEEDS)).splitlines()
    vendor: Runs = {entry["name"]: entry["runs"] for entry in map(json.loads, lines)}
    print(f"{'':20}{'entangling gates':^24}{'r gates':^24}{'time, ms':^24}")
    print(f"{f'best of {SEEDS} seeds':20}" + 3 * f"{'ours':>8}{'Qiskit':>8}{'vendor':>8}")
    for name in sorted(ours, key=lambda name: (name.rsplit("_", 1)[0], int(name.rsplit("_", 1)[1]))):
        sides = [side[name] for side in (ours, qiskit, vendor)]
        figures = [best(side)[which] for which in (0, 1) for side in sides]
        times = [1e3 * seconds(side) for side in sides]
        print(f"{name:20}" + "".join(f"{n:8}" for n in figures) + "".join(f"{t:8.0f}" for t in times))
    more = [name for name in ours if best(ours[name])[0] > best(qiskit[name])[0]]
    slowness = statistics.geometric_mean(seconds(ours[name]) / seconds(qiskit[name]) for name in ours)
    total = sum(map(seconds, ours.values())) / sum(map(seconds, qiskit.values()))
    limits = [
        (f"circuits with more entangling gates than Qiskit's: {', '.join(more) or 'none'}", len(more), 0),
        ("entangling gates, ours / Qiskit's, geometric mean", ratio(ours, qiskit, 0), 1.0),
        ("entangling gates, ours / the vendor's, geometric mean", ratio(ours, vendor, 0), 1.0),
        ("r gates, ours / Qiskit's, geometric mean", ratio(ours, qiskit, 1), 0.6),
        ("r gates, ours / the vendor's, geometric mean", ratio(ours, vendor, 1), 1.0),
        ("time, ours / Qiskit's, geometric mean", slowness, 2.0),
        ("time, ours / Qiskit's, all circuits together", total, 2.0),
    ]
    print()
    for label, value, limit in limits:
        print(f"{label:70}{value:8.3f}   <= {limit}{'' if value <= limit else '   MISSED'}")
    return 0 if all(value <= limit for _, value, limit in limits) else 1


if __name__ == "__main__":
    sys.exit(main())
