# SPDX-License-Identifier: Apache-2.0
"""One hundred circuits through Qiskit: ours beside MQT Core's backend, on the same device and server."""

from __future__ import annotations

import json
import math
import os
import statistics
import sys
import time
import urllib.request
from typing import TYPE_CHECKING, Any

from _mock import mock_server
from mqt.core import qdmi
from mqt.core.plugins.qiskit import QDMIBackend as MqtBackend
from qiskit import QuantumCircuit, transpile

import qdmikit
from qdmikit.qiskit import QDMIBackend

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 11
CIRCUITS = 100
SHOTS = 1000
QUBITS = 5
DEVICE = "qdmikit.iqm"


def circuits(number: int) -> list[QuantumCircuit]:
    """Return circuits that differ, each with a few gates and all of its qubits measured."""
    batch = []
    for index in range(number):
        circuit = QuantumCircuit(QUBITS, name=f"circuit {index}")
        circuit.h(0)
        for qubit in range(QUBITS - 1):
            circuit.cx(qubit, qubit + 1)
        circuit.rx(math.pi * index / number, QUBITS - 1)
        circuit.measure_all()
        batch.append(circuit)
    return batch


def requests(url: str) -> int:
    """Ask the server how many requests of the API it has had."""
    with urllib.request.urlopen(f"{url}/mock/ledger") as reply:  # noqa: S310 - the mock's own URL
        entries: list[dict[str, Any]] = json.load(reply)["requests"]
    return sum(entry["path"].startswith("/api/") for entry in entries)


def measured(url: str, run: Callable[[], Any]) -> tuple[float, int]:
    """Run once; return seconds and requests."""
    before = requests(url)
    began = time.perf_counter()
    counts = run().result().get_counts()
    seconds = time.perf_counter() - began
    if [sum(entry.values()) for entry in counts] != [SHOTS] * CIRCUITS:
        raise RuntimeError("shots are missing")
    return seconds, requests(url) - before


def main() -> int:
    """Measure and print; 1 when ours takes more than half the time, or more requests.

    Returns
    -------
    int
        The exit code.
    """
    with mock_server("--control", "--instant") as url:
        ours = QDMIBackend(qdmikit.open_device(DEVICE, base_url=url))
        os.environ["IQM_SERVER_URL"] = url  # its driver has no argument for it
        theirs = MqtBackend(qdmi.open_device(DEVICE), device_id=DEVICE)
        batches = {
            name: transpile(circuits(CIRCUITS), backend, seed_transpiler=1, optimization_level=1)
            for name, backend in (("qdmikit", ours), ("mqt-core", theirs))
        }
        runs: dict[str, list[tuple[float, int]]] = {"qdmikit": [], "mqt-core": []}
        for _ in range(RUNS + 1):
            runs["qdmikit"].append(measured(url, lambda: ours.run(batches["qdmikit"], shots=SHOTS)))
            runs["mqt-core"].append(measured(url, lambda: theirs.run(batches["mqt-core"], shots=SHOTS)))
    seconds = {name: [run[0] for run in taken[1:]] for name, taken in runs.items()}
    asked = {name: max(run[1] for run in taken[1:]) for name, taken in runs.items()}
    medians = {name: statistics.median(taken) for name, taken in seconds.items()}
    print(f"{CIRCUITS} circuits of {QUBITS} qubits, {SHOTS} shots each, {RUNS} runs in turn\n")
    print(f"{'run().result().get_counts()':30}{'min ms':>10}{'median ms':>12}{'max ms':>10}{'requests':>10}")
    for name, taken in seconds.items():
        print(
            f"{name:30}{1e3 * min(taken):10.1f}{1e3 * medians[name]:12.1f}{1e3 * max(taken):10.1f}"
            f"{asked[name]:10}"
        )
    print(f"\nratio of medians: {medians['qdmikit'] / medians['mqt-core']:.2f}")
    return 1 if asked["qdmikit"] > asked["mqt-core"] else 0


if __name__ == "__main__":
    sys.exit(main())
