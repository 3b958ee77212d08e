# SPDX-License-Identifier: Apache-2.0
"""Stages and batches as jobs; whichever process comes next waits for what was submitted before."""

from __future__ import annotations

import contextlib
import itertools
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from qdmikit import slurm
from qdmikit.errors import InvalidArgument
from qdmikit.qsci import files, jobs, stages
from qdmikit.slurm.executors import outputs
from qdmikit.slurm.files import make_private

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from qdmikit.qsci.problem import Problem
    from qdmikit.qsci.recovery import Batch, BatchSolver
    from qdmikit.qsci.stages import Tell

OFFLOADED = ("estimate", "sample", "postprocess")
"""Stages that can run elsewhere: VQE, sampling and post-processing."""

FOLDER = "jobs"
"""In a run's folder: what was submitted."""

_SHARED_STORAGE_SECONDS = 90.0
"""How long a folder may take to appear on another machine: clients of NFS keep an old answer for a minute."""


def executors(
    offload: bool | slurm.Executor | Mapping[str, slurm.Executor],
    run: Path,
) -> dict[str, slurm.Executor]:
    """Tell which stages run elsewhere, and by what.

    Parameters
    ----------
    offload
        As `run_qsci` takes it.
    run
        The run's folder.

    Raises
    ------
    InvalidArgument
        If `offload` names what is no stage, or one that always runs here.
    qdmikit.Error
        If jobs cannot be submitted from this machine.
    """
    if offload is False:
        return {}
    if offload is True:
        return dict.fromkeys(OFFLOADED, slurm.SlurmExecutor(run / FOLDER))
    # An executor is whatever can submit; what is left is a mapping.
    if hasattr(offload, "submit"):
        return dict.fromkeys(OFFLOADED, offload)
    if unknown := sorted(set(offload) - set(OFFLOADED)):
        raise InvalidArgument(
            f"offload names {', '.join(unknown)}; stages that can run as jobs are {', '.join(OFFLOADED)}"
        )
    return dict(offload)


def under_way(run: Path, name: str) -> list[slurm.Job]:
    """Return the job that does a stage and has not ended, if an earlier process submitted one.

    Raises
    ------
    qdmikit.slurm.SlurmUnreachable
        If Slurm does not answer: nothing is known of the job, which may go on.
    """
    return [job for job in _recorded(_record_of(run, name)) if not job.done()]


def submit_stage(executor: slurm.Executor, run: Path, name: str) -> list[slurm.Job]:
    """Submit a stage.

    Parameters
    ----------
    executor
        Submits it.
    run
        The run's folder, on storage that the job shares.
    name
        Of the stage.

    Raises
    ------
    qdmikit.slurm.SubmissionRejected
        If it was not accepted.
    """
    fill = partial(jobs.write_stage, run=run, name=name)
    submitted = executor.submit(jobs.STAGE_FUNCTION, [fill], name=f"qsci-{name}")
    _record(_record_of(run, name), submitted)
    return submitted


def await_stage(run: Path, name: str, submitted: Sequence[slurm.Job], tell: Tell) -> None:
    """Wait until a job has done a stage.

    Parameters
    ----------
    run, name, submitted
        See `submit_stage`.
    tell
        Told where the job stands.

    Raises
    ------
    qdmikit.slurm.JobFailed, qdmikit.slurm.JobCancelled
        If it did not succeed.
    qdmikit.slurm.SlurmUnreachable
        If Slurm does not answer. The job may go on, and the next process waits for it.
    """
    _wait(submitted, tell)
    deadline = time.monotonic() + _SHARED_STORAGE_SECONDS
    while not stages.finished(run, name):
        if time.monotonic() > deadline:
            raise slurm.JobFailed(
                f"job {submitted[0].job_id} ended well, and {run / name} is not there. "
                "Remedy: keep the run on storage that jobs share"
            )
        time.sleep(0.1)
    _record_of(run, name).unlink()


def batches_elsewhere(executor: slurm.Executor, run: Path, tell: Tell) -> BatchSolver:
    """Make a solver whose batches are jobs, those of an iteration one array.

    Parameters
    ----------
    executor
        Submits them.
    run
        The run's folder. The same iteration of a later process takes what is there.
    tell
        Told where the jobs stand.

    Returns
    -------
    callable
        For `qdmikit.qsci.recovery.recover`.
    """
    iterations = itertools.count(1)

    def solve(batches: Sequence[Batch], problem: Problem) -> list[Any]:
        record = _record_of(run, f"batches-{next(iterations):03d}")
        lost = (slurm.JobState.FAILED, slurm.JobState.CANCELLED)
        submitted = _recorded(record)
        if len(submitted) != len(batches) or any(job.state in lost for job in submitted):
            fill = [partial(jobs.write_batch, problem=problem, batch=batch) for batch in batches]
            submitted = executor.submit(jobs.BATCH_FUNCTION, fill, name="qsci-batches")
            _record(record, submitted)
        return [jobs.read_state(output, problem) for output in _wait(submitted, tell)]

    return solve


def _record_of(run: Path, name: str) -> Path:
    return run / FOLDER / f"{name}.json"


def _recorded(record: Path) -> list[slurm.Job]:
    if not record.exists():
        return []
    with contextlib.suppress(InvalidArgument):  # somebody has removed a job's folder
        return [slurm.attach(folder) for folder in files.read_json(record)["jobs"]]
    return []


def _record(record: Path, submitted: Sequence[slurm.Job]) -> None:
    make_private(record.parent)
    files.write_json(record, {"jobs": [str(job.folder) for job in submitted]})


def _wait(submitted: Sequence[slurm.Job], tell: Tell) -> list[Path]:
    for job in submitted:
        job.wait(watch=_teller(job.job_id, tell))
    return outputs(submitted)


def _teller(job_id: str, tell: Tell) -> Callable[[slurm.JobState], None]:
    return lambda state: tell(f"job {job_id} is {state.value}")
