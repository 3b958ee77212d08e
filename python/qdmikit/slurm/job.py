# SPDX-License-Identifier: Apache-2.0
"""A call that runs elsewhere, as an object to hold; any process can come back to it by its folder."""

from __future__ import annotations

import contextlib
import enum
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

from qdmikit.errors import InvalidArgument, Timeout
from qdmikit.slurm import files, processes, scheduler
from qdmikit.slurm.errors import JobCancelled, JobFailed, SlurmUnreachable

if TYPE_CHECKING:
    from collections.abc import Callable

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 5.0
_PATIENCE = 30.0
"""Seconds that files of an ended job may take to appear on other machines."""
_SLURM_AWAY = 300.0
"""Seconds without an answer of Slurm, such as at a restart of slurmctld, after which waiting gives up."""

_WAITING = ("PENDING", "CONFIGURING", "SUSPENDED", "REQUEUED", "RESIZING", "SPECIAL_EXIT")
_RUNNING = ("RUNNING", "COMPLETING", "STAGE_OUT", "SIGNALING", "STOPPED")
_LINES = 20


class JobState(enum.Enum):
    """Where a job stands."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether it will stay so."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Job:
    """A call that was submitted.

    Parameters
    ----------
    folder
        Of the call; see `attach`.

    Raises
    ------
    InvalidArgument
        No call was submitted from that folder.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)
        try:
            call = files.read_json(self.folder / files.CALL)
            self._kind: str = call["kind"]
            self.job_id: str = call["job_id"]
            self._process: str = call.get("process", "")
        except (OSError, ValueError, KeyError) as error:
            raise InvalidArgument(
                f"cannot attach to {self.folder}: it is not the folder of a submitted job ({error})"
            ) from None
        self._forgotten_since: float | None = None

    def __repr__(self) -> str:
        return f"<Job {self.job_id} in {self.folder}>"

    # --- where it stands ------------------------------------------------------------------------------

    @property
    def state(self) -> JobState:
        """Where it stands now; files tell of its outcome, Slurm of everything before.

        Raises
        ------
        NotSupported
            It is a job of Slurm, and Slurm's commands are not there.
        SlurmUnreachable
            They do not answer.
        """
        return self._look()[0]

    def done(self) -> bool:
        """Return whether it has ended, however that was."""
        return self.state.is_final

    def _outcome(self) -> JobState | None:
        if (self.folder / files.OUTPUT).is_dir():
            return JobState.DONE
        return JobState.FAILED if (self.folder / files.ERROR).exists() else None

    def _look(self) -> tuple[JobState, str]:
        """Return the state, and Slurm's own words for it."""
        if outcome := self._outcome():
            return outcome, ""
        if self._kind == "local":
            return self._look_at_process()
        return self._look_at_slurm()

    def _look_at_slurm(self) -> tuple[JobState, str]:
        told = scheduler.asked(self.job_id)
        if told.state not in (None, "COMPLETED"):
            self._forgotten_since = None
        words = " ".join(filter(None, (told.state or "unknown to Slurm", told.reason, told.exit_code)))
        if told.state in _WAITING:
            return JobState.PENDING, words
        # Of a job that has ended, the files may come a little later than the news, on storage that is shared.
        late = told.state in (None, "COMPLETED") and self._may_still_come()
        if told.state in _RUNNING or late:
            return JobState.RUNNING, words
        if told.state and told.state.startswith("CANCELLED"):
            return JobState.CANCELLED, words
        return self._outcome() or JobState.FAILED, words

    def _look_at_process(self) -> tuple[JobState, str]:
        if (self.folder / "cancelled").exists():
            return JobState.CANCELLED, ""
        if processes.is_running(int(self.job_id), self._process):
            return JobState.RUNNING, ""
        return self._outcome() or JobState.FAILED, "the process ended without an outcome"

    def _may_still_come(self) -> bool:
        if self._forgotten_since is None:
            self._forgotten_since = time.monotonic()
        return time.monotonic() - self._forgotten_since < _PATIENCE

    # --- waiting and results --------------------------------------------------------------------------

    def wait(
        self, timeout: float | None = None, *, watch: Callable[[JobState], None] | None = None
    ) -> JobState:
        """Wait for the end.

        The kernel tells when a process ends. Slurm tells nobody when a job ends, so it is asked: often at
        first, at most every five seconds later.

        Parameters
        ----------
        timeout
            Seconds; None: as long as it takes.
        watch
            Called with each state that is seen.

        Returns
        -------
        JobState
            The final one.

        Raises
        ------
        Timeout
            The time is up. The job goes on.
        SlurmUnreachable
            Slurm has not answered for five minutes, or until the time was up. The job may go on.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        pause = _FIRST_PAUSE
        state, answered = JobState.PENDING, time.monotonic()
        while True:
            try:
                state, answered = self.state, time.monotonic()
            except SlurmUnreachable:
                now = time.monotonic()
                if now - answered > _SLURM_AWAY or (deadline is not None and now >= deadline):
                    raise
            if watch:
                watch(state)
            if state.is_final:
                return state
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise Timeout(
                    f"job {self.job_id} is {state.value} after {timeout} s, and goes on in {self.folder}"
                )
            if self._kind == "local":
                processes.wait(int(self.job_id), left)
                continue
            time.sleep(pause if left is None else min(pause, left))
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def output(self, timeout: float | None = None) -> Path:
        """Wait for the end and return the folder of what the call wrote.

        Parameters
        ----------
        timeout
            Seconds; None: as long as it takes.

        Raises
        ------
        JobFailed
            It failed: what it raised, or what Slurm and its log say.
        JobCancelled
            It was cancelled.
        Timeout
            The time is up. The job goes on.
        """
        state = self.wait(timeout)
        if state is JobState.CANCELLED:
            raise JobCancelled(f"job {self.job_id} in {self.folder} was cancelled")
        if state is JobState.FAILED:
            raise JobFailed(f"job {self.job_id} in {self.folder} failed: {self._why()}")
        return self.folder / files.OUTPUT

    def _why(self) -> str:
        error = self.folder / files.ERROR
        if error.exists():
            told = files.read_json(error)
            return f"{told['type']}: {told['text']}"
        parts = [self._look()[1]]
        # The log folder of an array has the files of all its elements.
        mine = "0_log.err" if self._kind == "local" else f"{self.job_id}_*_log.err"
        for log in sorted((self.folder / files.LOG).glob(mine)):
            lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
            parts += lines[-_LINES:]
        return "\n".join(part for part in parts if part)

    def cancel(self) -> None:
        """Cancel it, wherever it stands; one that has ended stays as it is.

        Raises
        ------
        NotSupported
            It is a job of Slurm, and Slurm's commands are not there.
        SlurmUnreachable
            They did not answer, or refused. The job may go on.
        """
        if self._outcome():
            return
        if self._kind == "slurm":
            scheduler.cancel(self.job_id)
            return
        if not processes.is_running(int(self.job_id), self._process):
            return
        (self.folder / "cancelled").touch()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(int(self.job_id), signal.SIGTERM)


def attach(folder: str | os.PathLike[str]) -> Job:
    """Come back to a job, from any process that sees its folder.

    Parameters
    ----------
    folder
        Its `Job.folder`.

    Returns
    -------
    Job
        As if this process had submitted it.

    Raises
    ------
    InvalidArgument
        No job was submitted from that folder.
    """
    return Job(folder)
