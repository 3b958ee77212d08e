# SPDX-License-Identifier: Apache-2.0
"""The whole workflow, from a molecule to an energy, in stages that are never done twice."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import functools
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from qdmikit.errors import InvalidArgument
from qdmikit.qsci import files, offloading, stages
from qdmikit.qsci.errors import RunInUse, RunMismatch
from qdmikit.qsci.machine import Machine
from qdmikit.qsci.progress import Progress
from qdmikit.qsci.sampling import DEFAULT_SHOTS
from qdmikit.qsci.settings import Settings

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Mapping

    from qdmikit.qsci.ansatz import AnsatzKind
    from qdmikit.qsci.encoding import Mapper
    from qdmikit.qsci.estimation import Optimizer
    from qdmikit.qsci.postprocessing import Solver
    from qdmikit.qsci.recovery import Recovery
    from qdmikit.qsci.result import QSCIResult
    from qdmikit.slurm import Executor

_SETTINGS, _LOCK = "settings.json", "lock"


def run_qsci(
    atom: str,
    basis: str = "sto-3g",
    offload: bool | Executor | Mapping[str, Executor] = False,
    simulator: bool | str = True,
    *,
    device: str | None = None,
    session: Mapping[str, str] | None = None,
    active_space: tuple[int, int] | None = None,
    symmetry: bool | str = True,
    ansatz: AnsatzKind = "uccsd",
    mapper: Mapper = "jordan_wigner",
    optimizer: Optimizer = "auto",
    maxiter: int = 80,
    precision: float = 0.01,
    shots: int = DEFAULT_SHOTS,
    cutoff: int | None = None,
    recovery: Recovery | None = None,
    solver: Solver = "auto",
    seed: int | None = None,
    directory: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> QSCIResult:
    """Calculate a molecule's energy by quantum-selected configuration interaction.

    Parameters
    ----------
    atom, basis, active_space, symmetry
        The molecule; see `build_problem`.
    offload
        Whether VQE, sampling and post-processing run as Slurm jobs instead of in this process; or what
        submits their jobs, such as `qdmikit.slurm.SlurmExecutor`, one for all of them or keyed by
        ``"estimate"``, ``"sample"`` and ``"postprocess"``, where those left out run here. A process that
        comes back to a run whose job has not ended waits for that job.
    simulator, device, session
        Where circuits run, the same for VQE and sampling: a simulator, or with ``simulator=False`` the QDMI
        device of that id. See `Machine.choose`.
    ansatz, mapper
        The trial state; see `build_ansatz`.
    optimizer, maxiter, precision
        How its parameters are found; see `estimate`.
    shots
        How often the final circuit is measured.
    cutoff, recovery, solver
        How counts become an energy; see `postprocess`.
    seed
        Of everything random here; drawn when None. A device has its own randomness.
    directory
        Where each stage leaves its files. A run that was interrupted goes on there, with the stages that were
        not finished. None: nothing is kept, or when offloading ``qsci-<digest of the settings>`` in the
        current folder.
    progress
        Shows how far the run is, for example `TerminalProgress`.

    Returns
    -------
    QSCIResult
        The energy, its references and its random control.

    Raises
    ------
    NotSupported
        If `offload` is True and this machine cannot submit jobs to Slurm.
    RunMismatch
        If the directory holds a run with other settings.
    RunInUse
        If another process is doing that run.
    qdmikit.Error
        If a stage fails; those before it stay done.
    """
    asked = Settings(
        atom=atom,
        basis=basis,
        active_space=active_space,
        symmetry=symmetry,
        ansatz=ansatz,
        mapper=mapper,
        optimizer=optimizer,
        maxiter=maxiter,
        precision=precision,
        shots=shots,
        cutoff=cutoff,
        recovery=recovery,
        solver=solver,
        machine=Machine.choose(simulator, device, session),
        seed=seed,
    )
    if shots < 1 or maxiter < 1 or not precision > 0:
        raise InvalidArgument(
            f"shots ({shots}) and maxiter ({maxiter}) must be at least 1, precision ({precision}) above 0"
        )
    if directory is None and offload is False:
        with tempfile.TemporaryDirectory(prefix="qdmikit-qsci-") as folder:
            return _run(Path(folder), asked, {}, progress or Progress())
    chosen = Path(directory) if directory is not None else Path(f"qsci-{asked.digest}")
    place = chosen.resolve()
    return _run(place, asked, offloading.executors(offload, place), progress or Progress())


def _run(run: Path, asked: Settings, elsewhere: Mapping[str, Executor], progress: Progress) -> QSCIResult:
    if run.exists() and not (run / _SETTINGS).exists() and {path.name for path in run.iterdir()} - {_LOCK}:
        raise RunMismatch(f"{run} holds files that are no QSCI run. Remedy: give another directory")
    run.mkdir(parents=True, exist_ok=True)
    with _alone(run):
        settings = _begin(run, asked)
        for name in stages.STAGES:
            if stages.finished(run, name):
                progress.reused(name)
            else:
                _do(run, name, settings, elsewhere.get(name), progress)
        return stages.read_result(run)


def _do(run: Path, name: str, settings: Settings, executor: Executor | None, progress: Progress) -> None:
    # A job that an earlier process left behind goes on, whatever the flags of this one are.
    submitted = offloading.under_way(run, name)
    as_job = submitted or executor is not None
    with progress.stage(name, "as a job" if as_job else "in this process") as tell:
        if executor is not None and name == "postprocess" and settings.recovery is not None:
            # The loop stays here; what is heavy in it, the batches, is an array of jobs.
            batches = offloading.batches_elsewhere(executor, run, tell)
            stage = functools.partial(stages.postprocess, batch_solver=batches)
            stages.execute(run, name, tell=tell, stage=stage)
            return
        if executor is not None and not submitted:
            submitted = offloading.submit_stage(executor, run, name)
        if submitted:
            offloading.await_stage(run, name, submitted, tell)
        else:
            stages.execute(run, name, tell=tell)


@contextlib.contextmanager
def _alone(run: Path) -> Iterator[None]:
    """Keep other processes from doing the same run; the system forgets a process that was killed."""
    with (run / _LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunInUse(
                f"another process is doing the run in {run}. Remedy: wait until it has ended, "
                "or give another directory"
            ) from None
        yield


def _begin(run: Path, asked: Settings) -> Settings:
    """Make a new run, or find that the one there is what is asked for."""
    file = run / _SETTINGS
    if file.exists():
        there = stages.read_settings(run)
        differing = asked.differences(there)
        if differing:
            raise RunMismatch(
                f"the run in {run} was made with another {', '.join(differing)}. Remedy: give another "
                "directory, or the same settings to go on with that run"
            )
        return there
    settings = asked if asked.seed is not None else dataclasses.replace(asked, seed=secrets.randbelow(2**31))
    files.write_json(file, settings.to_dict())
    return settings
