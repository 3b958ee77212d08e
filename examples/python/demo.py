# SPDX-License-Identifier: Apache-2.0
"""Qiskit circuits through a QDMI device, on a mock of a 20-qubit IQM computer."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ghz import GHZFidelity, ghz_experiment, ghz_fidelity
from qiskit.providers import JobStatus
from rich.bar import Bar
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

import qdmikit
from qdmikit.cli.tables import device_table
from qdmikit.qiskit import QDMIBackend, QDMIJob

SHOTS = 2000
SHOWN_OUTCOMES = 8
STAGES = [JobStatus.INITIALIZING, JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.DONE]


@contextmanager
def mock_server() -> Iterator[str]:
    """Run the mock server as a process of its own and yield its URL."""
    command = [sys.executable, "-m", "iqm_mock_server", "--machine", "garnet", "--port", "0", "--seed", "7"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True) as server:  # noqa: S603
        try:
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            if server.stdout.readline().strip() != "ready":
                raise RuntimeError(f"the mock server did not start; {' '.join(command)} says why above")
            yield url
        finally:
            server.terminate()
            server.wait(timeout=30)


def run_with_progress(
    backend: QDMIBackend, title: str, qubits: int, console: Console
) -> list[Mapping[str, int]]:
    """Run the circuits that measure a GHZ state as one job and show how far it is."""
    circuits = ghz_experiment(qubits, backend)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[state]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        job = backend.run(circuits, shots=SHOTS)
        task = progress.add_task(
            f"{title}: {len(circuits)} circuits x {SHOTS} shots", total=len(STAGES) - 1, state="submitted"
        )

        def show(_job_id: str, status: JobStatus, _job: QDMIJob) -> None:
            if status in STAGES:
                progress.update(task, completed=STAGES.index(status), state=status.name.lower())

        job.wait_for_final_state(timeout=120, wait=0.05, callback=show)
    counts = job.result().get_counts()
    return list(counts)


def histogram(title: str, counts: Mapping[str, int]) -> Table:
    """Return the most frequent outcomes as bars."""
    shots = sum(counts.values())
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    table = Table(title=f"{title}, {shots} shots", box=None)
    table.add_column("outcome")
    table.add_column("share", justify="right")
    table.add_column("", width=40)
    for outcome, count in ranked[:SHOWN_OUTCOMES]:
        table.add_row(outcome, f"{count / shots:.3f}", Bar(shots, 0, count, width=40))
    rest = ranked[SHOWN_OUTCOMES:]
    if rest:
        table.add_row("others", f"{sum(count for _, count in rest) / shots:.3f}", f"{len(rest)} outcomes")
    return table


def report(title: str, measured: GHZFidelity, qubits: int, console: Console) -> None:
    """Print what was measured."""
    zeros, ones = "0" * qubits, "1" * qubits
    console.print(f"{title}: P({zeros}) + P({ones}) = {measured.populations}, an upper bound of F")
    console.print(f"{title}: coherence from {qubits + 1} parity measurements C = {measured.coherence}")
    console.print(f"{title}: fidelity F = (P({zeros}) + P({ones}))/2 + C/2 = {measured.fidelity}")
    console.print(f"{title}: readout errors are in all of these, none is corrected")
    console.print()


def main() -> None:
    """Run the demonstration."""
    console = Console(highlight=False)
    with mock_server() as url:
        console.print(f"mock server at {url}")
        device = qdmikit.open_device("qdmikit.iqm", base_url=url)
        console.print(device_table(device))
        backend = QDMIBackend(device)
        for title, qubits in (("Bell pair", 2), ("5-qubit GHZ state", 5)):
            counts = run_with_progress(backend, title, qubits, console)
            console.print(histogram(title, counts[0]))
            report(title, ghz_fidelity(counts), qubits, console)
    console.print("server stopped")


if __name__ == "__main__":
    # A terminated demonstration stops its server too, like an interrupted one.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
