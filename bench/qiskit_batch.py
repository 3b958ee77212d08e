# SPDX-License-Identifier: Apache-2.0
"""Circuits through Qiskit: our backend beside MQT Core's on the same device library, and each layer's cost.

The server composes nothing and is a process of its own, so that it is not what is measured. Medians of runs
in turns, ratios within this run, requests and how cost grows are printed as Markdown and kept in
``build/bench/qiskit.md`` and ``qiskit.json``.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from _answering import Answering, answering
from _exponents import exponent
from _qiskit_runs import QUBITS, SHOTS, Way, Ways, by_device, program
from _sides import BUILD, Side, build, recorded

import qdmikit_iqm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import qdmikit

SIZES = {1: 101, 10: 41, 20: 31, 50: 21, 100: 21}
"""How many circuits, and how many runs of them."""
REPEATED = 201
"""Runs of what takes less than a millisecond."""
TIME = {100: 0.5}
"""What our time may be at most, over MQT Core's; of few circuits the two requests of both are most of it."""
SEVERAL = 10
"""From here on, what each circuit costs outweighs what a job costs."""
PYTHON_JOB, PYTHON_QUERIES = 1.5, 3.0
"""The same over C's, for a job and for queries of some 0.1 µs each."""


@dataclass(frozen=True)
class Row:
    """One way to do one thing.

    Parameters
    ----------
    what, way
        In the table.
    milliseconds
        The median.
    requests
        Of one run at most; None where nobody counted.
    against
        Milliseconds of what it is compared with, if it is.
    limit
        What that ratio may be at most; None: any.
    requests_limit
        How many requests there may be at most; None: any.
    """

    what: str
    way: str
    milliseconds: float
    requests: int | None = None
    against: float | None = None
    limit: float | None = None
    requests_limit: int | None = None

    def verdicts(self) -> Iterator[tuple[str, bool]]:
        """Tell of each limit what it is, and whether it was kept."""
        if self.limit is not None and self.against is not None:
            ratio = self.milliseconds / self.against
            yield f"{ratio:.2f} ≤ {self.limit:g}", ratio <= self.limit
        if self.requests_limit is not None and self.requests is not None:
            yield (
                f"{self.requests} ≤ {self.requests_limit} requests",
                self.requests <= self.requests_limit,
            )

    def __str__(self) -> str:
        ratio = "" if self.against is None else f"{self.milliseconds / self.against:.2f}"
        asked = "" if self.requests is None else self.requests
        promised = "; ".join(f"{text}{'' if kept else ' **missed**'}" for text, kept in self.verdicts())
        return f"| {self.what} | {self.way} | {self.milliseconds:.3f} | {ratio} | {asked} | {promised} |"


HEAD = "| | way | ms | ratio | requests | promised |\n|---|---|--:|--:|--:|---|"


def timed(action: Callable[[], object]) -> tuple[float, object]:
    """Do something; return how many milliseconds it took, and what came of it."""
    began = time.perf_counter()
    made = action()
    return 1e3 * (time.perf_counter() - began), made


def asked(server: Answering) -> int:
    """Return how many requests the server has had."""
    return server.requests(of_jobs=True) + server.requests(of_jobs=False)


def in_turns(server: Answering, ways: tuple[Way, ...], circuits: int, runs: int) -> list[tuple[float, int]]:
    """Run all ways again and again, after a run of each that does not count.

    Returns
    -------
    list of tuple[float, int]
        Of each way the median in milliseconds, and the requests of a run at most.

    Raises
    ------
    RuntimeError
        A circuit does not have all its shots.
    """
    times: list[list[float]] = [[] for _ in ways]
    requests = [0 for _ in ways]
    for turn in range(runs + 1):
        for index, way in enumerate(ways):
            before = asked(server)
            milliseconds, made = timed(way.run)
            requests[index] = max(requests[index], asked(server) - before)
            if (shots := way.shots(made)) != [SHOTS] * circuits:
                raise RuntimeError(f"{way.name} returned {shots} shots for {circuits} circuits of {SHOTS}")
            if turn:
                times[index].append(milliseconds)
    return [(statistics.median(taken), most) for taken, most in zip(times, requests, strict=True)]


def of_circuits(server: Answering, ways: Ways) -> Iterator[Row]:
    """Compare the backends, and the same programs without Qiskit."""
    for number, runs in SIZES.items():
        what = f"{number} circuit{'s' * (number > 1)}, run to result"
        compared = ways.of(number)
        ours, theirs, bare = in_turns(server, compared, number, runs)
        yield Row(what, compared[0].name, *ours, theirs[0], TIME.get(number), theirs[1])
        yield Row(what, compared[1].name, *theirs)
        yield Row(what, compared[2].name, *bare, theirs[0])


def metadata(device: qdmikit.Device) -> int:
    """Ask for what ``native/device.cpp`` asks for; return how many values that were."""
    values: list[object] = [device.qubits_num]
    for site in device.sites:
        values += [site.name, site.t1, site.t2]
    return len(values)


def of_python(
    server: Answering, device: qdmikit.Device, native: Side, env: Mapping[str, str]
) -> Iterator[Row]:
    """Compare what Python does with the same in C, on the same device library."""
    run = by_device(device, [program(QUBITS)]).run
    one: dict[str, object] = {"qubits": QUBITS, "shots": SHOTS, "programs": 1}
    none: dict[str, object] = {}
    for what, limit, action, measurement, arguments in (
        ("1 program, submit to counts", PYTHON_JOB, run, "run", one),
        ("name, T1 and T2 of 20 sites", PYTHON_QUERIES, lambda: metadata(device), "sites", none),
    ):
        action()
        python: list[float] = []
        c: list[float] = []
        for _ in range(3):  # in turns
            python += [timed(action)[0] for _ in range(REPEATED)]
            c += native.measure(server, measurement, env, runs=REPEATED, **arguments).milliseconds
        bare = statistics.median(c)
        yield Row(what, "qdmikit, no Qiskit", statistics.median(python), None, bare, limit)
        yield Row(what, "C", bare)


def growth(rows: list[Row]) -> Iterator[str]:
    """Tell how cost grows with the number of circuits, as powers with 95 % intervals."""
    for way in dict.fromkeys(row.way for row in rows if "circuit" in row.what):
        costs = [row.milliseconds for row in rows if "circuit" in row.what and row.way == way]
        several = [(float(size), cost) for size, cost in zip(SIZES, costs, strict=True) if size >= SEVERAL]
        power, half = exponent([size for size, _ in several], [cost for _, cost in several])
        yield f"| {way} | {power:.2f} ± {half:.2f} |"


def main() -> int:
    """Measure, print and keep; 1 when a promise is not kept.

    Returns
    -------
    int
        The exit code.
    """
    build()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("IQM_", "QDMI_"))}
    command = (str(BUILD / "bench" / "native" / "bench_device"),)
    native = Side("C", command, {"library": str(qdmikit_iqm.library_path()), "prefix": "IQM"})
    replies, _ = recorded((native,), env)
    rows = []
    print(HEAD, flush=True)
    with answering(replies) as server:
        server.configure(prepare=tuple((number, SHOTS, QUBITS) for number in SIZES))
        ways = Ways.to(server.url)
        for measured in (of_circuits(server, ways), of_python(server, ways.device, native, env)):
            for row in measured:
                rows.append(row)
                print(row, flush=True)
    end = [
        "",
        f"| cost grows with circuits, from {SEVERAL} on | exponent |",
        "|---|---|",
        *growth(rows),
        "",
        f"Circuits of {QUBITS} qubits, {SHOTS} shots. Ratios: of circuits to MQT Core, of the rest to C.",
        f"Load average {', '.join(f'{load:.1f}' for load in os.getloadavg())} on {os.cpu_count()} cores.",
    ]
    print("\n".join(end))
    (BUILD / "qiskit.md").write_text("\n".join([HEAD, *map(str, rows), *end]) + "\n", encoding="utf-8")
    kept = [
        {**asdict(row), "promises": [{"text": text, "kept": good} for text, good in row.verdicts()]}
        for row in rows
    ]
    (BUILD / "qiskit.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    missed = [f"{row.what}, {row.way}: {text}" for row in rows for text, good in row.verdicts() if not good]
    if missed:
        print("\nmissed:\n  " + "\n  ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
