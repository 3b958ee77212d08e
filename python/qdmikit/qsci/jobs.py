# SPDX-License-Identifier: Apache-2.0
"""What runs as a job somewhere else: functions of an input and an output folder, by dotted names.

Both folders are on storage that all processes share. A function returns nothing; its output folder is there
when it succeeded, and is written in one step.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from qdmikit.qsci import files, stages
from qdmikit.qsci.recovery import Batch, BatchSolver, solve_batches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qdmikit.qsci.problem import Problem

STAGE_FUNCTIONS = {name: f"{__name__}.{name}" for name in ("estimate", "sample", "postprocess")}
"""Stages that can run elsewhere: VQE, sampling and post-processing."""

BATCH_FUNCTION = f"{__name__}.solve_batch"


class Executor(Protocol):
    """Calls functions in other processes."""

    def run(self, function: str, folders: Sequence[tuple[Path, Path]], *, name: str) -> None:
        """Call a function once for each pair of folders, at the same time where that is possible, and wait.

        Parameters
        ----------
        function
            Its dotted name.
        folders
            Input and output folder of each call.
        name
            What to call the job.

        Raises
        ------
        qdmikit.Error
            If a call failed.
        """
        ...


def estimate(source: Path, destination: Path) -> None:
    """Find the parameters of the run in `source`; `destination` is its folder ``estimate``."""
    _stage(source, destination)


def sample(source: Path, destination: Path) -> None:
    """Sample the circuit of the run in `source`; `destination` is its folder ``sample``."""
    _stage(source, destination)


def postprocess(source: Path, destination: Path) -> None:
    """Diagonalise the run in `source`; `destination` is its folder ``postprocess``."""
    _stage(source, destination)


def solve_batch(source: Path, destination: Path) -> None:
    """Diagonalise over one product space: strings from `source`, the lowest state into `destination`."""
    if Path(destination).is_dir():
        return
    problem = files.read_problem(Path(source))
    with np.load(Path(source) / "strings.npz", allow_pickle=False) as strings:
        [result] = solve_batches([(strings["alpha"], strings["beta"])], problem)
    unfinished = Path(f"{destination}.partial")
    unfinished.mkdir(parents=True, exist_ok=True)
    state = result.sci_state
    np.savez(
        unfinished / "state.npz",
        energy=result.energy,
        amplitudes=state.amplitudes,
        alpha=state.ci_strs_a,
        beta=state.ci_strs_b,
        occupancies=np.asarray(result.orbital_occupancies),
    )
    unfinished.replace(destination)


def batches_elsewhere(executor: Executor, folder: Path) -> BatchSolver:
    """Make a solver whose batches are calls of one array job.

    Parameters
    ----------
    executor
        Runs them.
    folder
        Keeps their files: ``<iteration>/<batch>``. What is done there already is not done again.

    Returns
    -------
    callable
        For `qdmikit.qsci.recovery.recover`.
    """
    iterations = itertools.count()

    def solve(batches: Sequence[Batch], problem: Problem) -> list[Any]:
        place = folder / f"{next(iterations):03d}"
        pairs = []
        for number, (alpha, beta) in enumerate(batches):
            source = place / f"{number:03d}"
            source.mkdir(parents=True, exist_ok=True)
            files.write_problem(source, problem)
            np.savez(source / "strings.npz", alpha=alpha, beta=beta)
            pairs.append((source, place / f"{number:03d}.solved"))
        missing = [(source, solved) for source, solved in pairs if not solved.is_dir()]
        if missing:
            executor.run(BATCH_FUNCTION, missing, name="qsci-batches")
        return [_read_state(solved, problem) for _, solved in pairs]

    return solve


def _read_state(folder: Path, problem: Problem) -> Any:  # noqa: ANN401 - the package ships no types
    from qiskit_addon_sqd.fermion import SCIResult, SCIState

    with np.load(folder / "state.npz", allow_pickle=False) as arrays:
        state = SCIState(
            arrays["amplitudes"],
            arrays["alpha"],
            arrays["beta"],
            problem.num_orbitals,
            problem.num_electrons,
        )
        return SCIResult(float(arrays["energy"]), state, tuple(arrays["occupancies"]))


def _stage(source: Path, destination: Path) -> None:
    stages.execute(Path(source), Path(destination).name)
