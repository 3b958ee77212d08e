# SPDX-License-Identifier: Apache-2.0
"""Waiting for jobs, and showing on a terminal how far they are."""

from __future__ import annotations

import math
import shlex
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import qdmikit
from qdmikit.cli.reporting import Interrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qdmikit import Job, JobStatus

    Tell = Callable[[str], None]

_STEP = 1.0
"""Seconds between two looks at a job that is shown."""
_PATIENCE = 60.0
"""Seconds that a device may be out of reach before the waiting ends."""


def come_back(
    job_id: str, device_id: str, session: Sequence[str], how: str = "--result", *, retrievable: bool = True
) -> str:
    """Return how to come back to a job later, with what `session_arguments` returns."""
    if not retrievable:
        return f"the job {job_id} ends with this process: its device does not find jobs by their id"
    command = shlex.join(["qdmikit", "job", job_id, "--device", device_id, how, *session])
    return f"the job {job_id} runs on; come back to it with: {command}"


@contextmanager
def not_lost(how_to_come_back: str) -> Iterator[None]:
    """Tell how to come back to a job when what is done about it ends early.

    Parameters
    ----------
    how_to_come_back
        For the error then.

    Raises
    ------
    Timeout
        If the time is up. The job runs on.
    Interrupted
        After Ctrl-C. The job runs on.
    """
    try:
        yield
    except qdmikit.Timeout as error:
        error.add_note(how_to_come_back)
        raise
    except KeyboardInterrupt:
        raise Interrupted(f"interrupted: {how_to_come_back}") from None


@contextmanager
def shown(job_id: str) -> Iterator[Tell | None]:
    """Show on a terminal that a job is waited for.

    Parameters
    ----------
    job_id
        The job's.

    Yields
    ------
    callable or None
        Takes what is new about the job; None when there is no terminal to show it on.
    """
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(f"job {job_id}", total=None)
        yield lambda news: progress.update(task, description=f"job {job_id}: {news}")


def follow(job: Job, timeout: float | None) -> JobStatus:
    """Wait until a job has come to its end.

    Parameters
    ----------
    job
        The job.
    timeout
        The longest time to wait, in seconds; None: no limit.

    Returns
    -------
    JobStatus
        DONE, CANCELED or FAILED.

    Raises
    ------
    Timeout
        If the time is up. The job runs on.
    """
    with shown(job.id) as tell:
        return job.wait(timeout) if tell is None else _wait_and_tell(job, timeout, tell)


def _wait_and_tell(job: Job, timeout: float | None, tell: Tell) -> JobStatus:
    """Wait in steps, and tell after each where the job stands."""
    now = time.monotonic()
    deadline = math.inf if timeout is None else now + timeout
    answered = now
    while True:
        try:
            tell(_described(job))
            answered = time.monotonic()
        except (qdmikit.Unreachable, qdmikit.Timeout):
            # A wait of one step alone would not notice that the device has been away for long.
            if time.monotonic() - answered > _PATIENCE:
                raise
        left = deadline - time.monotonic()
        try:
            return job.wait(max(0.0, min(left, _STEP)))
        except qdmikit.Timeout:
            if left <= _STEP:
                raise


def _described(job: Job) -> str:
    text = job.status.name.lower()
    position = job.queue_position
    return text if position is None else f"{text}, {position} ahead"
