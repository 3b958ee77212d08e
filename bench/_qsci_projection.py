# SPDX-License-Identifier: Apache-2.0
"""One measurement of bench/qsci_projection.py, in a process of its own: way, qubits, determinants.

Prints seconds, the growth of the resident memory's peak in MB, and the energy, as JSON.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from pathlib import Path

import numpy as np

from qdmikit.qsci import slater_condon
from qdmikit.qsci.encoding import Configurations
from qdmikit.qsci.problem import Problem, build_problem
from qdmikit.qsci.recovery import solve_batches

NITROGEN = "N 0 0 0; N 0 0 1.098"
SPACES = {
    12: ("sto-3g", (6, 6)),
    16: ("sto-3g", (10, 8)),
    20: ("6-31g", (10, 10)),
    32: ("6-31g", (10, 16)),
}
"""Qubits to basis, electrons and orbitals."""


def peak() -> float:
    """Return the process's peak of resident memory in MB; what getrusage says includes the parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def lowest_strings(problem: Problem, number: int) -> list[int]:
    """Return strings of one spin, those with the lowest orbital energies first."""
    order = [
        (sum(places), sum(1 << place for place in places))
        for places in itertools.combinations(range(problem.num_orbitals), problem.num_electrons[0])
    ]
    return [bits for _, bits in sorted(order)[:number]]


def listed(problem: Problem, number: int) -> Configurations:
    """Return determinants, those of low strings first."""
    strings = lowest_strings(problem, 600)
    pairs = sorted(
        (rank_a + rank_b, a, b) for rank_a, a in enumerate(strings) for rank_b, b in enumerate(strings)
    )[:number]
    return Configurations(
        np.array([a for _, a, _ in pairs], dtype=np.uint64),
        np.array([b for _, _, b in pairs], dtype=np.uint64),
        np.ones(len(pairs), dtype=np.int64),
    )


def main() -> None:
    way, qubits, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    basis, space = SPACES[qubits]
    problem = build_problem(NITROGEN, basis, space)
    if way == "product":
        side = round(number**0.5)
        strings = np.array(sorted(lowest_strings(problem, side)), dtype=np.int64)
        # Imported before the measurement, as any first use would.
        solve_batches([(strings[:2], strings[:2])], problem)
        before, begun, used = peak(), time.perf_counter(), time.process_time()
        [result] = solve_batches([(strings, strings)], problem)
        energy = result.energy + problem.e_core
    elif way == "sparse":
        chosen = listed(problem, number)
        before, begun, used = peak(), time.perf_counter(), time.process_time()
        energy = slater_condon.lowest(slater_condon.project(chosen, problem)).energy
    else:
        from qdmikit.qsci.ansatz import qubit_hamiltonian

        chosen = listed(problem, number)
        operator = qubit_hamiltonian(problem)
        before, begun, used = peak(), time.perf_counter(), time.process_time()
        states = (chosen.alpha | chosen.beta << np.uint64(problem.num_orbitals)).astype(np.int64)
        matrix = operator.to_matrix()[np.ix_(states, states)]
        energy = float(np.linalg.eigvalsh(matrix)[0])
    seconds = time.perf_counter() - begun
    found = {
        "seconds": seconds,
        "processor": time.process_time() - used,
        "megabytes": peak() - before,
        "energy": energy,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
