# SPDX-License-Identifier: Apache-2.0
"""Circuits through Qiskit: our backend beside MQT Core's on the same device library, and the client alone.

From ``run()`` to ``result()``, which has all counts; what Qiskit takes to format them is told beside. The
server composes nothing, so that what is measured is this side. All have the same circuits and take turns in
one process. The table is printed as Markdown and kept in ``build/bench/qiskit.md`` and ``qiskit.json``.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from _answering import Answering, answering
from _exponents import exponent
from _sides import BUILD, build, recorded, sides
from mqt.core import qdmi
from mqt.core.plugins.qiskit import QDMIBackend as MqtBackend
from qiskit import QuantumCircuit, transpile

import qdmikit
from qdmikit.qiskit import QDMIBackend
from qdmikit.qiskit.programs import serialize

if TYPE_CHECKING:
    from collections.abc import Callable

    from qiskit.result import Result

RUNS = 21
SIZES = (1, 10, 20, 50, 100)
SEVERAL = 10
"""From here on, what each job costs weighs less than what each circuit costs."""
SHOTS = 1000
QUBITS = 5
DEVICE = "qdmikit.iqm"
MOST = 0.5
"""What ours may take of MQT Core's time for the largest batch."""
SIDES = ("qdmikit.qiskit", "mqt-core", "qdmikit, without Qiskit")


class Run(NamedTuple):
    """One batch.

    Parameters
    ----------
    milliseconds
        From circuits to results.
    formatting
        What Qiskit takes to make counts of them, in milliseconds.
    requests
        That it made.
    """

    milliseconds: float
    formatting: float
    requests: int


class Line(NamedTuple):
    """The medians of one size, by side.

    Parameters
    ----------
    circuits
        How many.
    milliseconds, formatting, requests
        By side.
    """

    circuits: int
    milliseconds: dict[str, float]
    formatting: dict[str, float]
    requests: dict[str, int]

    @property
    def ratio(self) -> float:
        """Our backend's time over MQT Core's."""
        return self.milliseconds[SIDES[0]] / self.milliseconds[SIDES[1]]


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


def measured(
    server: Answering, number: int, run: Callable[[], Any], read: Callable[[Any], list[dict[str, int]]]
) -> Run:
    """Run once, and read the counts of what came back."""
    before = server.requests(of_jobs=True)
    began = time.perf_counter()
    result = run()
    ended = time.perf_counter()
    counts = read(result)
    formatted = time.perf_counter()
    if [sum(entry.values()) for entry in counts] != [SHOTS] * number:
        raise RuntimeError("shots are missing")
    return Run(1e3 * (ended - began), 1e3 * (formatted - ended), server.requests(of_jobs=True) - before)


def formatted(result: Result) -> list[dict[str, int]]:
    """Return counts as Qiskit makes them, in a list also of one."""
    counts = result.get_counts()
    return [counts] if isinstance(counts, dict) else counts


def compare(server: Answering, ours: QDMIBackend, theirs: MqtBackend, number: int) -> Line:
    """Measure a batch of this size on all sides, in turns."""
    server.configure(prepare=((number, SHOTS, QUBITS),))
    batches = [
        transpile(circuits(number), backend, seed_transpiler=1, optimization_level=1)
        for backend in (ours, theirs)
    ]
    program_format, programs = serialize(batches[0], ours)

    def without_qiskit() -> list[dict[str, int]]:
        job = ours.device.submit(programs, program_format, shots=SHOTS)
        job.wait()
        return [job.counts(index) for index in range(number)]

    ways: dict[str, tuple[Callable[[], Any], Callable[[Any], list[dict[str, int]]]]] = {
        SIDES[0]: (lambda: ours.run(batches[0], shots=SHOTS).result(), formatted),
        SIDES[1]: (lambda: theirs.run(batches[1], shots=SHOTS).result(), formatted),
        SIDES[2]: (without_qiskit, list),
    }
    taken: dict[str, list[Run]] = {side: [] for side in ways}
    for _ in range(RUNS + 1):
        for side, (run, read) in ways.items():
            taken[side].append(measured(server, number, run, read))
    return Line(
        number,
        {side: statistics.median(run.milliseconds for run in runs[1:]) for side, runs in taken.items()},
        {side: statistics.median(run.formatting for run in runs[1:]) for side, runs in taken.items()},
        {side: max(run.requests for run in runs[1:]) for side, runs in taken.items()},
    )


def table(lines: list[Line]) -> str:
    """Format as Markdown."""
    rows = [
        f"| circuits | {' ms | '.join(SIDES)} ms | x mqt-core | requests |",
        "|--:|" + "--:|" * (len(SIDES) + 2),
    ]
    for line in lines:
        times = " | ".join(f"{line.milliseconds[side]:.2f}" for side in SIDES)
        asked = " / ".join(str(line.requests[side]) for side in SIDES)
        rows.append(f"| {line.circuits} | {times} | {line.ratio:.2f} | {asked} |")
    rows.append("")
    several = [line for line in lines if line.circuits >= SEVERAL]
    for side in SIDES:
        power, half = exponent(
            [float(line.circuits) for line in several], [line.milliseconds[side] for line in several]
        )
        rows.append(
            f"From {SEVERAL} circuits on, time of {side} grows to the power of {power:.2f} ± {half:.2f}."
        )
    largest = lines[-1]
    rows.append(
        f"get_counts() of {largest.circuits} circuits takes Qiskit {largest.formatting[SIDES[0]]:.2f} ms "
        f"more with ours, {largest.formatting[SIDES[1]]:.2f} ms with MQT Core's."
    )
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    rows.append(f"{QUBITS} qubits, {SHOTS} shots, {RUNS} runs in turn; load average {load}.")
    return "\n".join(rows)


def main() -> int:
    """Measure, print and keep; 1 when ours takes more than it may, or makes more requests.

    Returns
    -------
    int
        The exit code.
    """
    build()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("IQM_", "QDMI"))}
    replies, _ = recorded(sides()[:1], environment)
    with answering(replies) as server:
        ours = QDMIBackend(qdmikit.open_device(DEVICE, base_url=server.url))
        os.environ["IQM_SERVER_URL"] = server.url  # MQT Core's driver has no argument for it
        theirs = MqtBackend(qdmi.open_device(DEVICE), device_id=DEVICE)
        lines = [compare(server, ours, theirs, number) for number in SIZES]
    text = table(lines)
    print(text)
    (BUILD / "qiskit.md").write_text(text + "\n")
    kept: list[dict[str, Any]] = [line._asdict() for line in lines]
    (BUILD / "qiskit.json").write_text(json.dumps(kept, indent=1) + "\n")
    largest = lines[-1]
    missed = []
    if largest.ratio > MOST:
        missed.append(f"{largest.circuits} circuits: {largest.ratio:.2f} <= {MOST} of MQT Core's time")
    if largest.requests[SIDES[0]] > largest.requests[SIDES[1]]:
        missed.append(f"{largest.circuits} circuits: more requests than MQT Core's")
    if missed:
        print("missed:\n  " + "\n  ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
