# SPDX-License-Identifier: Apache-2.0
"""What the device library costs, beside the vendor's and beside libcurl alone, which is the limit.

All three work against a server that composes nothing, each in processes of its own, in turns. Medians, ratios
within this run, requests, connections and memory are printed as Markdown and kept in ``build/bench/speed.md``
and ``speed.json``. ``speed.py NAME ...`` measures some parts alone: init, job, duration, deadline, programs,
threads, results, metadata, load.
"""

from __future__ import annotations

import dataclasses
import json
import os
import ssl
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import trustme
from _answering import Answering, answering
from _exponents import exponent
from _sides import BUILD, Measured, Side, build, recorded, sides

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROUNDS = 3
PROGRAMS = (10, 30, 100, 300, 1000)
SHOTS = (10**4, 3 * 10**4, 10**5, 3 * 10**5, 10**6)
QUBITS = (5, 10, 15, 20)
THREADS = (1, 4, 16, 100)
MEBI = 2.0**20
OURS, PEER, LIMIT = range(3)


@dataclass(frozen=True)
class Bound:
    """What was promised of a figure.

    Parameters
    ----------
    of
        ``limit`` or ``peer``: their time is what ours is divided by; ``ms``: ours minus `less`;
        ``MiB``, ``requests``, ``connections``.
    most
        It may be at most this.
    less
        See above.
    """

    of: str
    most: float
    less: float = 0.0


@dataclass(frozen=True)
class Row:
    """One line of the tables: the same measurement of up to three sides."""

    part: str
    name: str
    measured: tuple[Measured | None, ...]
    bounds: tuple[Bound, ...] = ()

    def ours(self) -> Measured:
        """Return our side, which is always measured."""
        measured = self.measured[OURS]
        if measured is None:
            raise RuntimeError(f"{self.name} was not measured")
        return measured

    def ratio(self, side: int) -> float | None:
        """Return our time over another side's."""
        other = self.measured[side]
        return None if other is None else self.ours().median / other.median

    def figure(self, bound: Bound) -> float:
        """Return what a bound is about."""
        ours = self.ours()
        found = {
            "limit": self.ratio(LIMIT),
            "peer": self.ratio(PEER),
            "ms": ours.median - bound.less,
            "MiB": ours.peak / MEBI,
            "requests": ours.requests,
            "connections": float(ours.connections),
        }[bound.of]
        if found is None:
            raise RuntimeError(f"{self.name}: there is no {bound.of} to compare with")
        return found

    def verdicts(self) -> list[tuple[str, bool]]:
        """Tell of each bound what was promised, and whether it was kept."""
        names = {"limit": "x limit", "peer": "x peer", "ms": " ms", "MiB": " MiB"}
        return [
            (
                f"{self.figure(bound):.2f} ≤ {bound.most:g}{names.get(bound.of, ' ' + bound.of)}"
                + (f" above {bound.less:g} ms" if bound.less else ""),
                self.figure(bound) <= bound.most,
            )
            for bound in self.bounds
        ]


@dataclass
class Bench:
    """The three sides and their server.

    Parameters
    ----------
    server
        Of this connection.
    three
        The sides.
    environment
        Of the measuring processes.
    told
        What the limit has to be told.
    """

    server: Answering
    three: tuple[Side, Side, Side]
    environment: Mapping[str, str]
    told: Mapping[str, str]
    rounds: int = ROUNDS
    also: Mapping[str, str] = field(default_factory=dict)

    def compare(
        self,
        what: str,
        *,
        which: tuple[int, ...] = (OURS, PEER, LIMIT),
        rounds: int | None = None,
        **arguments: object,
    ) -> tuple[Measured | None, ...]:
        """Measure in turns, each round in new processes."""
        taken: dict[int, list[Measured]] = {side: [] for side in which}
        for _ in range(rounds or self.rounds):
            for side, runs in taken.items():
                given = {**arguments, **({**self.told, **self.also} if side == LIMIT else {})}
                runs.append(self.three[side].measure(self.server, what, self.environment, **given))
        return tuple(pooled(taken[side]) if side in taken else None for side in (OURS, PEER, LIMIT))


def pooled(runs: list[Measured]) -> Measured:
    """Put the rounds of one side together."""
    return Measured(
        tuple(ms for run in runs for ms in run.milliseconds),
        max(run.peak for run in runs),
        statistics.median(run.requests for run in runs),
        max(run.connections for run in runs),
    )


def of_init(bench: Bench, name: str) -> Iterator[Row]:
    """Open sessions, with replies that come late."""
    for delay in (0, 5, 20, 100) if name == "HTTP" else (20,):
        bench.server.configure(delay=delay / 1e3)
        # Raw and ours differ by what one core does of TLS where the network takes no time.
        bounds = (Bound("limit", 1.25), Bound("peer", 0.45)) if (delay, name) == (20, "HTTP") else ()
        yield Row("init", f"session init, {name}, {delay} ms added", bench.compare("init", runs=7), bounds)


def of_job(bench: Bench, name: str) -> Iterator[Row]:
    """Jobs that have ended when their submission is answered."""
    for delay in (0, 20):
        bench.server.configure(delay=delay / 1e3, prepare=((1, 1000, 5),))
        bounds = (Bound("limit", 1.15 if delay else 1.5), Bound("requests", 2)) if name == "HTTP" else ()
        yield Row(
            "job",
            f"instant job, submit to counts, {name}, {delay} ms added",
            bench.compare("run", runs=21, qubits=5, shots=1000, programs=1),
            bounds,
        )


def of_duration(bench: Bench) -> Iterator[Row]:
    """Jobs that take their time."""
    for seconds, runs in ((0.05, 9), (0.1, 9), (0.2, 7), (0.5, 5), (1.5, 2), (3.5, 1), (8.0, 1)):
        bench.server.configure(seconds=seconds)
        yield Row(
            "duration",
            f"job of {seconds:g} s, submit to counts",
            bench.compare(
                "run", rounds=2 if seconds > 1 else None, runs=runs, qubits=5, shots=1000, programs=1
            ),
            (Bound("ms", 30, less=1e3 * seconds),),
        )


def of_deadline(bench: Bench) -> Iterator[Row]:
    """Wait for less time than the job takes."""
    bench.server.configure(seconds=60)
    measured = bench.compare("deadline", which=(OURS, PEER), runs=3, qubits=5, shots=1000, programs=1)
    yield Row("deadline", "wait(1 s) on a longer job", measured, (Bound("ms", 50, less=1000),))


def of_programs(bench: Bench) -> Iterator[Row]:
    """Many programs in one job."""
    for programs in (1, *PROGRAMS):
        bench.server.configure(prepare=((programs, 100, 5),))
        yield Row(
            "programs",
            f"job of {programs} programs, submit to counts",
            bench.compare("run", runs=7, qubits=5, shots=100, programs=programs),
            (Bound("limit", 2),) if programs == 1000 else (),
        )


def of_threads(bench: Bench) -> Iterator[Row]:
    """Many jobs at once."""
    bench.server.configure(seconds=0.2, prepare=((1, 100, 5),))
    for threads in THREADS:
        yield Row(
            "threads",
            f"{threads} threads, a job of 200 ms each",
            bench.compare("threads", runs=3, threads=threads, qubits=5, shots=100, programs=1),
            # One connection more: the session's own of the time before.
            (Bound("ms", 20, less=200), Bound("connections", 16)) if threads == 16 else (),
        )


def results_name(kind: str, shots: int, qubits: int) -> str:
    """Return what a line about results is called."""
    return f"{kind} of {shots:,} x {qubits}".replace(",", " ")


def of_results(bench: Bench) -> Iterator[Row]:
    """Read large results, the download included."""
    of_shots = [(shots, 20) for shots in (10**3, *SHOTS)]
    of_qubits = [(10**5, qubits) for qubits in QUBITS if qubits != 20]
    for shots, qubits in of_shots + of_qubits:
        bench.server.configure(prepare=((1, shots, qubits),))
        for kind in ("counts", "shots"):
            heavy = shots == 10**6
            yield Row(
                "results",
                results_name(kind, shots, qubits),
                bench.compare(kind, rounds=3 if heavy else 5, qubits=qubits, shots=shots, programs=1),
                (Bound("limit", 4), Bound("MiB", 160)) if heavy else (),
            )


def of_metadata(bench: Bench) -> Iterator[Row]:
    """Asking for the figures of all sites."""
    bench.server.configure()
    yield Row("metadata", "name, T1 and T2 of 20 sites", bench.compare("sites", which=(OURS, PEER), runs=101))


def of_load(bench: Bench) -> Iterator[Row]:
    """Load the library."""
    yield Row("load", "load and initialise the library", bench.compare("load", which=(OURS, PEER), rounds=11))


PARTS = {
    "init": of_init,
    "job": of_job,
    "duration": of_duration,
    "deadline": of_deadline,
    "programs": of_programs,
    "threads": of_threads,
    "results": of_results,
    "metadata": of_metadata,
    "load": of_load,
}
SECURE = ("init", "job")


def cell(measured: Measured | None) -> str:
    """Format one side's figures."""
    if measured is None:
        return "| | "
    peak = f"{measured.peak / MEBI:.1f}" if measured.peak else ""
    return f"| {measured.median:.2f} | {peak} "


def line(row: Row) -> str:
    """Format a line of the Markdown table."""
    ratios = "".join(
        f"| {'' if ratio is None else format(ratio, '.2f')} " for ratio in (row.ratio(LIMIT), row.ratio(PEER))
    )
    verdicts = "; ".join(f"{text}{'' if kept else ' **missed**'}" for text, kept in row.verdicts())
    asked = " / ".join("" if one is None else f"{one.requests:g}" for one in row.measured)
    return f"| {row.name} {''.join(cell(one) for one in row.measured)}{ratios}| {asked} | {verdicts} |"


HEAD = (
    "| | qdmikit ms | MiB | iqm-qdmi ms | MiB | limit ms | MiB | x limit | x peer | requests | promised |\n"
    "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"
)


def growth(rows: list[Row]) -> Iterator[str]:
    """Tell how our cost grows, as powers with 95 % intervals."""
    median = {row.name: row.ours().median for row in rows}
    for title, names in {
        "shots, counts": {shots: results_name("counts", shots, 20) for shots in SHOTS},
        "shots, shots": {shots: results_name("shots", shots, 20) for shots in SHOTS},
        "qubits, shots": {qubits: results_name("shots", 10**5, qubits) for qubits in QUBITS},
        "programs of a job": {n: f"job of {n} programs, submit to counts" for n in PROGRAMS},
        "concurrent jobs of 200 ms": {n: f"{n} threads, a job of 200 ms each" for n in THREADS},
    }.items():
        found = {size: median.get(name) for size, name in names.items()}
        costs = [cost for cost in found.values() if cost is not None]
        if len(costs) == len(found):
            power, half = exponent([float(size) for size in found], costs)
            yield f"| {title} | {power:.2f} ± {half:.2f} |"


def measure(
    wanted: tuple[str, ...], three: tuple[Side, Side, Side], environment: dict[str, str]
) -> Iterator[Row]:
    """Measure the parts that are wanted, over plain HTTP and some over TLS."""
    replies, told = recorded(three[:LIMIT], environment)
    with answering(replies) as server:
        plain = Bench(server, three, environment, told)
        for part in wanted:
            arguments = ("HTTP",) if part in SECURE else ()
            yield from PARTS[part](plain, *arguments)  # type: ignore[operator]
    if not set(wanted) & set(SECURE):
        return
    authority = trustme.CA()
    with tempfile.TemporaryDirectory() as folder:
        served, trusted = Path(folder) / "served.pem", Path(folder) / "authority.pem"
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(served))
        authority.cert_pem.write_to_path(str(trusted))
        trusting = environment | {
            name: str(trusted) for name in ("IQM_CA_FILE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
        }
        with answering(replies, served, trusted) as server:
            secure = Bench(server, three, trusting, told, also={"authority": str(trusted)})
            for part in (part for part in wanted if part in SECURE):
                yield from PARTS[part](secure, "TLS")  # type: ignore[operator]


def main() -> int:
    """Measure, print and keep; 1 when a promise is not kept.

    Returns
    -------
    int
        The exit code.
    """
    wanted = tuple(sys.argv[1:]) or tuple(PARTS)
    if unknown := [name for name in wanted if name not in PARTS]:
        print(f"there is no part {unknown[0]}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    build()
    three = sides()
    foreign = ("IQM_", "QDMI_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    print(HEAD, flush=True)
    rows = []
    for row in measure(wanted, three, environment):
        rows.append(row)
        print(line(row), flush=True)
    sizes = {side.name: Path(side.given["library"]).stat().st_size for side in three[:LIMIT]}
    grown = ["| our cost grows with | exponent |", "|---|---|", *growth(rows)]
    weights = ", ".join(f"{name} {size / MEBI:.2f} MiB" for name, size in sizes.items())
    end = [
        "", *grown, "", f"Library size: {weights}.",
        f"Load average {', '.join(f'{load:.1f}' for load in os.getloadavg())} on {os.cpu_count()} cores; "
        f"{ssl.OPENSSL_VERSION}.",
    ]  # fmt: skip
    print("\n".join(end))
    (BUILD / "speed.md").write_text("\n".join([HEAD, *map(line, rows), *end]) + "\n")
    kept = [
        {
            "part": row.part,
            "name": row.name,
            "sides": {
                side.name: None if one is None else dataclasses.asdict(one)
                for side, one in zip(three, row.measured, strict=True)
            },
            "promises": [{"text": text, "kept": good} for text, good in row.verdicts()],
        }
        for row in rows
    ]  # fmt: skip
    (BUILD / "speed.json").write_text(json.dumps(kept, indent=1) + "\n")
    missed = [f"{row.name}: {text}" for row in rows for text, good in row.verdicts() if not good]
    if missed:
        print("\nmissed:\n  " + "\n  ".join(missed))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
