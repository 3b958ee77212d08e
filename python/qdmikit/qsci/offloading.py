# SPDX-License-Identifier: Apache-2.0
"""Calls as jobs of Slurm, by submitit. Nothing but a function's name and two paths travels with a job."""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from qdmikit.errors import NotSupported
from qdmikit.qsci.errors import JobFailed, MissingLibrary

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence


class SlurmExecutor:
    """Runs calls as jobs, several at a time as one array, and waits for them.

    Parameters
    ----------
    folder
        On shared storage: scripts and logs of the jobs.
    cluster
        ``slurm``, or ``local`` for processes on this machine that go through the same files.
    **parameters
        Of submitit, for example ``slurm_partition="quantum"``, ``timeout_min=15``, ``cpus_per_task=4``.

    Raises
    ------
    MissingLibrary
        If submitit is not installed.
    NotSupported
        If this machine cannot submit jobs to Slurm.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        cluster: Literal["slurm", "local"] = "slurm",
        **parameters: Any,  # noqa: ANN401 - as submitit takes them
    ) -> None:
        try:
            import submitit
        except ModuleNotFoundError as error:
            if error.name != "submitit":
                raise
            raise MissingLibrary(
                'offloading needs submitit: pip install "qdmikit[slurm]"', kind="MissingExtra"
            ) from None
        if cluster == "slurm" and shutil.which("sbatch") is None:
            raise NotSupported(
                "jobs cannot be submitted: there is no sbatch on this machine. Remedy: run on a login node "
                "of a Slurm cluster, or leave offload out"
            )
        # The jobs' Python is this one: the environment has to be on shared storage as well.
        options = {"slurm_python": sys.executable} if cluster == "slurm" else {}
        self._executor = submitit.AutoExecutor(folder=Path(folder), cluster=cluster, **options)
        self._parameters = parameters
        self._submission_failed = submitit.core.utils.FailedSubmissionError
        self._failed = submitit.core.utils.UncompletedJobError

    def run(self, function: str, folders: Sequence[tuple[Path, Path]], *, name: str) -> None:
        """Call a function once for each pair of folders, and wait; see `Executor.run`.

        Raises
        ------
        JobFailed
            If jobs were not accepted, or one of them failed; the text has its log's last lines.
        """
        self._executor.update_parameters(name=name, **self._parameters)
        sources, destinations = zip(*folders, strict=True)
        try:
            jobs = self._executor.map_array(call, [function] * len(folders), sources, destinations)
        except self._submission_failed as error:
            raise JobFailed(f"Slurm did not accept the job {name}: {error}") from error
        failures = []
        for job, (source, destination) in zip(jobs, folders, strict=True):
            try:
                job.result()
            except self._failed as error:
                failures.append(
                    f"job {job.job_id} ({name}: {source} to {destination}) failed: {error}. Its log is "
                    f"{job.paths.stderr}"
                )
                continue
            if not destination.is_dir():
                failures.append(f"job {job.job_id} ({name}) ended and {destination} is not there")
        if failures:
            raise JobFailed("\n".join(failures))


def call(function: str, source: Path, destination: Path) -> None:
    """Call a function by its dotted name; this is what a job does."""
    module, _, attribute = function.rpartition(".")
    getattr(importlib.import_module(module), attribute)(source, destination)
