# SPDX-License-Identifier: Apache-2.0
"""Circuits as jobs: counts, sampled bits, expectation values."""

from __future__ import annotations

import dataclasses
import itertools
import json
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np

from qdmikit.errors import InvalidArgument
from qdmikit.slurm import files
from qdmikit.slurm.executors import outputs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt
    from qiskit import QuantumCircuit
    from qiskit.primitives import BitArray
    from qiskit.quantum_info import SparsePauliOp

    from qdmikit.slurm.executors import Executor
    from qdmikit.slurm.job import Job

Outcome = TypeVar("Outcome")
_TASKS = "qdmikit.slurm.tasks"
_SECRETS = ("token", "password", "username")


@dataclasses.dataclass(frozen=True)
class CircuitJob(Generic[Outcome]):
    """Circuits that were submitted, as one job or an array of them.

    Parameters
    ----------
    jobs
        Each with some of the circuits, in order.
    """

    jobs: tuple[Job, ...]
    _read: Callable[[Path], list[Outcome]]

    @property
    def job_id(self) -> str:
        """The job's id; of an array that of the whole."""
        return self.jobs[0].job_id.split("_")[0] if len(self.jobs) > 1 else self.jobs[0].job_id

    def done(self) -> bool:
        """Return whether all have ended, however that was."""
        return all(job.done() for job in self.jobs)

    def cancel(self) -> None:
        """Cancel what has not ended."""
        for job in self.jobs:
            job.cancel()

    def result(self, timeout: float | None = None) -> list[Outcome]:
        """Wait for the end and read the results.

        Parameters
        ----------
        timeout
            Seconds; None: as long as it takes.

        Returns
        -------
        list
            One for each circuit, in order.

        Raises
        ------
        JobFailed, JobCancelled
            A job did not succeed.
        Timeout
            The time is up. The jobs go on.
        """
        return [outcome for output in outputs(self.jobs, timeout) for outcome in self._read(output)]


def run(
    circuits: QuantumCircuit | Sequence[QuantumCircuit],
    device: str,
    *,
    executor: Executor,
    shots: int = 1000,
    session: Mapping[str, str] | None = None,
    optimization_level: int = 2,
    seed_transpiler: int | None = None,
    elements: int = 1,
) -> CircuitJob[dict[str, int]]:
    """Transpile and run circuits in a job, and count outcomes.

    Parameters
    ----------
    circuits
        One or more, with measurements.
    device
        The device's id, as `qdmikit.open_device` takes it.
    executor
        Where to.
    shots
        Of each circuit.
    session
        Parameters of the session. Secrets are refused: a job finds them in its environment, or in a file.
    optimization_level, seed_transpiler
        Of Qiskit's transpiler.
    elements
        Into how many jobs of one array the circuits are split.

    Returns
    -------
    CircuitJob
        Its results are counts, keyed like Qiskit's.

    Raises
    ------
    InvalidArgument
        There are no circuits, fewer than elements, or `session` has a secret.
    SubmissionRejected
        The job was not accepted.
    """
    settings = _settings(device, session, optimization_level, seed_transpiler) | {"shots": shots}
    return _submit("run", _listed(circuits), settings, executor, elements, read_counts)


def sample(
    circuits: QuantumCircuit | Sequence[QuantumCircuit],
    device: str,
    *,
    executor: Executor,
    shots: int = 1000,
    session: Mapping[str, str] | None = None,
    optimization_level: int = 2,
    seed_transpiler: int | None = None,
    elements: int = 1,
) -> CircuitJob[dict[str, BitArray]]:
    """Transpile circuits and sample them in a job.

    Parameters
    ----------
    circuits, device, executor, shots, session, optimization_level, seed_transpiler, elements
        As for `run`. Circuits must not have parameters.

    Returns
    -------
    CircuitJob
        Its results have a `qiskit.primitives.BitArray` of `shots` for each classical register's name.

    Raises
    ------
    InvalidArgument, SubmissionRejected
        As for `run`.
    """
    settings = _settings(device, session, optimization_level, seed_transpiler) | {"shots": shots}
    return _submit("sample", _listed(circuits), settings, executor, elements, _read_bits)


def estimate(
    circuits: QuantumCircuit | Sequence[QuantumCircuit],
    observables: Sequence[SparsePauliOp],
    device: str,
    *,
    executor: Executor,
    precision: float = 0.02,
    session: Mapping[str, str] | None = None,
    optimization_level: int = 2,
    seed_transpiler: int | None = None,
    elements: int = 1,
) -> CircuitJob[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    """Transpile circuits and estimate expectation values in a job.

    Parameters
    ----------
    circuits, device, executor, session, optimization_level, seed_transpiler, elements
        As for `run`; circuits have no measurements and no parameters.
    observables
        All are estimated for each circuit; on as many qubits as it has.
    precision
        Wanted standard error.

    Returns
    -------
    CircuitJob
        Its results are pairs of arrays as long as `observables`: expectation values and standard errors.

    Raises
    ------
    InvalidArgument, SubmissionRejected
        As for `run`.
    """
    settings = _settings(device, session, optimization_level, seed_transpiler) | {
        "precision": precision,
        "observables": [
            [[label, [value.real, value.imag]] for label, value in observable.to_list()]
            for observable in observables
        ],
    }
    return _submit("estimate", _listed(circuits), settings, executor, elements, _read_estimates)


def _listed(circuits: QuantumCircuit | Sequence[QuantumCircuit]) -> list[QuantumCircuit]:
    from qiskit import QuantumCircuit

    return [circuits] if isinstance(circuits, QuantumCircuit) else list(circuits)


def _settings(
    device: str, session: Mapping[str, str] | None, optimization_level: int, seed: int | None
) -> dict[str, Any]:
    secret = [key for key in session or {} if key in _SECRETS]
    if secret:
        raise InvalidArgument(
            f"{secret[0]} must not be written into a job's files. Remedy: let the job find it in its "
            "environment, or give auth_file"
        )
    return {
        "device": device,
        "session": dict(session or {}),
        "optimization_level": optimization_level,
        "seed_transpiler": seed,
    }


def _submit(
    task: str,
    circuits: list[QuantumCircuit],
    settings: Mapping[str, Any],
    executor: Executor,
    elements: int,
    read: Callable[[Path], list[Outcome]],
) -> CircuitJob[Outcome]:
    if not 1 <= elements <= len(circuits):
        raise InvalidArgument(f"{len(circuits)} circuits cannot be split into {elements} jobs")
    bounds = [len(circuits) * number // elements for number in range(elements + 1)]

    def fill(part: list[QuantumCircuit]) -> Callable[[Path], None]:
        def write(folder: Path) -> None:
            from qiskit import qpy

            files.write_json(folder / "settings.json", settings)
            with (folder / "circuits.qpy").open("wb") as file:
                qpy.dump(part, file)

        return write

    parts = [circuits[first:end] for first, end in itertools.pairwise(bounds)]
    jobs = executor.submit(f"{_TASKS}.{task}", [fill(part) for part in parts], name=f"qdmikit-{task}")
    return CircuitJob(tuple(jobs), read)


def read_counts(folder: Path) -> list[dict[str, int]]:
    """Read what a job of `run` wrote."""
    counts: list[dict[str, int]] = json.loads((folder / "counts.json").read_text(encoding="utf-8"))
    return counts


def _read_bits(folder: Path) -> list[dict[str, BitArray]]:
    from qiskit.primitives import BitArray

    registers = json.loads((folder / "registers.json").read_text(encoding="utf-8"))
    with np.load(folder / "bits.npz", allow_pickle=False) as arrays:
        return [
            {name: BitArray(arrays[f"{number}.{name}"], bits) for name, bits in widths.items()}
            for number, widths in enumerate(registers)
        ]


def _read_estimates(folder: Path) -> list[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
    with np.load(folder / "estimates.npz", allow_pickle=False) as arrays:
        return list(zip(arrays["evs"], arrays["stds"], strict=True))
