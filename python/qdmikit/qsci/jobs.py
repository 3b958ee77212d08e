# SPDX-License-Identifier: Apache-2.0
"""What jobs do: functions of an input and an output folder, by dotted names, and the files in those."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from qdmikit.qsci import files, stages
from qdmikit.qsci.recovery import solve_batches

if TYPE_CHECKING:
    from qdmikit.qsci.problem import Problem
    from qdmikit.qsci.recovery import Batch

STAGE_FUNCTION = f"{__name__}.stage"
BATCH_FUNCTION = f"{__name__}.solve_batch"


def write_stage(folder: Path, run: Path, name: str) -> None:
    """Write what `stage` reads: a run's folder and the name of a stage."""
    files.write_json(folder / "stage.json", {"run": str(run), "stage": name})


def stage(source: Path, destination: Path) -> None:  # noqa: ARG001 - as every function of a job takes it
    """Do a stage of a run. What it makes is in the run's folder, where all stages are."""
    asked = files.read_json(source / "stage.json")
    stages.execute(Path(asked["run"]), asked["stage"])


def write_batch(folder: Path, problem: Problem, batch: Batch) -> None:
    """Write what `solve_batch` reads: integrals, and strings of spin up and down."""
    files.write_problem(folder, problem)
    alpha, beta = batch
    np.savez(folder / "strings.npz", alpha=alpha, beta=beta)


def solve_batch(source: Path, destination: Path) -> None:
    """Diagonalise over one product space and write the lowest state."""
    problem = files.read_problem(source)
    with np.load(source / "strings.npz", allow_pickle=False) as strings:
        [result] = solve_batches([(strings["alpha"], strings["beta"])], problem)
    state = result.sci_state
    np.savez(
        destination / "state.npz",
        energy=result.energy,
        amplitudes=state.amplitudes,
        alpha=state.ci_strs_a,
        beta=state.ci_strs_b,
        occupancies=np.asarray(result.orbital_occupancies),
    )


def read_state(folder: Path, problem: Problem) -> Any:  # noqa: ANN401 - the package ships no types
    """Read the state that `solve_batch` wrote, as the SCIResult that it was."""
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
