# SPDX-License-Identifier: Apache-2.0
"""Where calls run: as jobs of Slurm, or as processes of this machine. Both go through the same files."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from qdmikit.errors import InvalidArgument, LibraryNotFound
from qdmikit.slurm import files, processes, scheduler
from qdmikit.slurm.errors import JobFailed, SubmissionRejected
from qdmikit.slurm.job import Job, JobState
from qdmikit.slurm.worker import work

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence


_WORK = "import sys; from qdmikit.slurm.worker import work; work(sys.argv[1])"


class Executor(Protocol):
    """Calls functions elsewhere."""

    def submit(self, function: str, fill: Sequence[Callable[[Path], None]], *, name: str) -> list[Job]:
        """Submit calls of one function, several as one array where there is such a thing.

        Parameters
        ----------
        function
            Its dotted name. It gets two folders: one to read from, one to write into.
        fill
            For each call, what writes its input into the folder that it is given.
        name
            What to call the job.

        Returns
        -------
        list of Job
            One for each call.

        Raises
        ------
        SubmissionRejected
            The jobs were not accepted.
        """
        ...


class _Prepared:
    """The folders of new calls, which only their owner can enter."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self._root = Path(root).absolute()

    def calls(self, fill: Sequence[Callable[[Path], None]], name: str) -> tuple[Path, list[Path]]:
        if not fill:
            raise InvalidArgument("there is nothing to submit")
        files.make_private(self._root)
        stamp = time.strftime("%Y%m%d-%H%M%S")
        base = files.make_private(self._root / f"{stamp}-{name}-{uuid.uuid4().hex[:8]}")
        places = []
        for number, write in enumerate(fill):
            place = base / f"{number:04d}"
            (place / files.INPUT).mkdir(mode=0o700, parents=True)
            write(place / files.INPUT)
            places.append(place)
        return base, places


def _submitted(place: Path, function: str, kind: str, job_id: str, **also: str) -> Job:
    files.write_json(place / files.CALL, {"function": function, "kind": kind, "job_id": job_id, **also})
    return Job(place)


class LocalExecutor:
    """Runs each call as a process of this machine, of its own and at once.

    Parameters
    ----------
    folder
        Where calls keep their files; made if it is not there, with mode 0700.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self._prepared = _Prepared(folder)

    def submit(self, function: str, fill: Sequence[Callable[[Path], None]], *, name: str) -> list[Job]:
        """See `Executor.submit`.

        Raises
        ------
        InvalidArgument
            There is nothing to submit, or the folder is another user's.
        """
        _, places = self._prepared.calls(fill, name)
        jobs = []
        for place in places:
            log = place / files.LOG
            log.mkdir(mode=0o700)
            files.write_json(place / files.CALL, {"function": function})
            with (log / "0_log.out").open("wb") as out, (log / "0_log.err").open("wb") as err:
                process = subprocess.Popen(  # noqa: S603 - this Python
                    [sys.executable, "-c", _WORK, place],
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=err,
                    start_new_session=True,  # Ctrl-C here must not end it
                )
            process.returncode = 0  # it is waited for through its number, also by other processes
            started = processes.started(process.pid)
            jobs.append(_submitted(place, function, "local", str(process.pid), process=started))
        return jobs


class SlurmExecutor:
    """Submits calls to Slurm, by submitit.

    Parameters
    ----------
    folder
        Where calls keep their files; on storage that the nodes share. Made if it is not there, with mode
        0700: submitit keeps a pickle of the call in it, which the job loads, so nobody else may write there.
    partition
        To submit to; None: the cluster's default.
    qdmi_device
        The site's name of a quantum device, for clusters with the plugin.
    licenses
        Slurm's licences, such as ``"qpu_aurora:1"``.
    minutes
        The jobs' time limit.
    setup
        Shell commands before the call, such as ``export`` lines. No secrets: the script is a file.
    **parameters
        Further parameters of submitit's SlurmExecutor, such as ``cpus_per_task`` or ``array_parallelism``;
        its ``additional_parameters`` come beside ``licenses`` and ``qdmi_device``.

    Raises
    ------
    LibraryNotFound
        If submitit is not installed.
    NotSupported
        If this machine cannot submit jobs to Slurm.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        *,
        partition: str | None = None,
        qdmi_device: str | None = None,
        licenses: str | None = None,
        minutes: int = 15,
        setup: Sequence[str] = (),
        **parameters: Any,  # noqa: ANN401 - as submitit takes them
    ) -> None:
        try:
            import submitit
        except ModuleNotFoundError as error:
            if error.name != "submitit":
                raise
            raise LibraryNotFound(
                'submitit, which submits jobs, is not installed. Remedy: pip install "qdmikit[slurm]"',
                kind="MissingExtra",
            ) from None
        scheduler.require_slurm()
        self._submitit = submitit
        self._prepared = _Prepared(folder)
        also = {"licenses": licenses, "qdmi-device": qdmi_device}
        named = {key: value for key, value in also.items() if value is not None}
        given: dict[str, Any] = {
            "time": minutes,
            "stderr_to_stdout": False,
            # submitit asks for a signal 90 s before the limit to save the call's state. A call has none: the
            # signal would only end it early, and at once where the limit is two minutes.
            "signal_delay_s": 0,
            **parameters,
            "additional_parameters": {**parameters.get("additional_parameters", {}), **named},
        }
        if partition is not None:
            given["partition"] = partition
        if setup:
            given["setup"] = list(setup)
        self._parameters = given

    def submit(self, function: str, fill: Sequence[Callable[[Path], None]], *, name: str) -> list[Job]:
        """See `Executor.submit`.

        Raises
        ------
        InvalidArgument
            There is nothing to submit, or the folder is another user's.
        SubmissionRejected
            Slurm did not accept the job.
        """
        base, places = self._prepared.calls(fill, name)
        for place in places:
            files.write_json(place / files.CALL, {"function": function})
        log = base / files.LOG
        # The jobs' Python is this one: the environment has to be on shared storage as well.
        executor = self._submitit.SlurmExecutor(folder=log, python=sys.executable)
        executor.update_parameters(job_name=name, **self._parameters)
        try:
            if len(places) == 1:
                submitted = [executor.submit(work, str(places[0]))]
            else:
                submitted = executor.map_array(work, [str(place) for place in places])
        except self._submitit.core.utils.FailedJobError as error:
            raise SubmissionRejected(f"Slurm did not accept the job {name}: {str(error).strip()}") from error
        jobs = []
        for place, job in zip(places, submitted, strict=True):
            (place / files.LOG).symlink_to(log / job.job_id if (log / job.job_id).is_dir() else log)
            jobs.append(_submitted(place, function, "slurm", job.job_id))
        return jobs


def outputs(jobs: Sequence[Job], timeout: float | None = None) -> list[Path]:
    """Wait for all jobs; return where each wrote.

    Parameters
    ----------
    jobs
        What was submitted.
    timeout
        Seconds for all of them together; None: as long as it takes.

    Raises
    ------
    JobFailed, JobCancelled
        One of them did not succeed; the text has all those that failed.
    Timeout
        The time is up. The jobs go on.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    states = [job.wait(None if deadline is None else max(0.0, deadline - time.monotonic())) for job in jobs]
    found, failures = [], []
    for job, state in zip(jobs, states, strict=True):
        if state is JobState.FAILED:
            try:
                job.output(0)
            except JobFailed as error:
                failures.append(str(error))
        else:
            found.append(job.output(0))
    if failures:
        raise JobFailed("\n".join(failures))
    return found
