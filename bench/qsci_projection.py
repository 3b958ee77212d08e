# SPDX-License-Identifier: Apache-2.0
"""The classical step of QSCI over more and more determinants: seconds and memory, beside the dense route.

Each line is a process of its own. ``sparse`` is qdmikit's projection by the Slater-Condon rules with the
lowest eigenvalue, ``product`` the solver of qiskit-addon-sqd that qdmikit uses above ten thousand,
``dense`` the matrix over all qubits, of which the subspace is cut out. The limits are for two processors that
do nothing else; the processor's own seconds tell whether they did.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parent
sys.path.insert(0, str(BENCH.parent))
from tools import tier_plan  # noqa: E402 (the line above makes it importable)
from tools.test_environments import ready  # noqa: E402

PROGRAM = BENCH / "_qsci_projection.py"

# Way, qubits, determinants, seconds and MB it may take.
MEASUREMENTS: list[tuple[str, int, int, float | None, float | None]] = [
    ("dense", 12, 100, None, None),
    ("dense", 16, 100, None, None),
    ("sparse", 12, 100, None, None),
    ("sparse", 16, 100, None, None),
    ("sparse", 20, 1_000, None, None),
    ("sparse", 20, 10_000, 2.0, 512.0),
    ("product", 32, 10_000, None, None),
    ("product", 32, 1_000_000, 60.0, 1536.0),
]
LARGEST_DENSE = 14
"""Qubits; 16 of them would be a matrix of 69 GB."""


def interpreter() -> str:
    """Return a Python with the chemistry packages: this one, or that of the tests of QSCI."""
    if importlib.util.find_spec("pyscf") is not None:
        return sys.executable
    root = BENCH.parent
    environments = tier_plan.load(root / "tools" / "tiers.toml", root).environments
    return str(ready(environments["qsci"]) / "bin" / "python")


def measured(python: str, way: str, qubits: int, determinants: int) -> dict[str, float]:
    """Measure in a process of its own."""
    arguments = [python, str(PROGRAM), way, str(qubits), str(determinants)]
    environment = {"OMP_NUM_THREADS": str(os.cpu_count() or 1), **os.environ}
    done = subprocess.run(arguments, check=True, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> int:
    """Print the table; return 1 when a limit was missed."""
    missed = False
    python = interpreter()
    print("| way | qubits | determinants | seconds | processor's | MB | energy / hartree |")
    print("|---|---|---|---|---|---|---|")
    for way, qubits, determinants, seconds, megabytes in MEASUREMENTS:
        row = f"| {way} | {qubits} | {determinants} |"
        if way == "dense" and qubits > LARGEST_DENSE:
            print(row, f"not run | | {16 * 4**qubits / 2**20:.0f} by arithmetic | |", flush=True)
            continue
        found = measured(python, way, qubits, determinants)
        late = seconds is not None and found["seconds"] > seconds
        large = megabytes is not None and found["megabytes"] > megabytes
        missed = missed or late or large
        print(
            row,
            f"{found['seconds']:.2f}{f' (more than {seconds:g})' if late else ''} |",
            f"{found['processor']:.2f} |",
            f"{found['megabytes']:.0f}{f' (more than {megabytes:g})' if large else ''} |",
            f"{found['energy']:.6f} |",
            flush=True,
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
