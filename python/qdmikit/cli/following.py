# SPDX-License-Identifier: Apache-2.0
"""Waiting for jobs, and showing on a terminal how far they are."""

from __future__ import annotations

import shlex
from contextlib import contextmanager
from typing import TYPE_CHECKING

import qdmikit
from qdmikit.cli.reporting import Interrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qdmikit import Job, JobStatus


def come_back(job_id: str, device_id: str, *, retrievable: bool = True) -> str:
    """Return how to come back to a job later."""
    if not retrievable:
        return f"the job {job_id} ends with this process: its device does not find jobs by their id"
    command = shlex.join(["qdmikit", "job", job_id, "--device", device_id, "--result"])
    return f"the job {job_id} runs on; come back to it with: {command}"


@contextmanager
def following(job_id: str, how_to_come_back: str) -> Iterator[Callable[[str], None]]:
    """Show a job while it is waited for, and tell how to come back to it when the waiting ends early.

    Parameters
    ----------
    job_id
        The job's.
    how_to_come_back
        For the error then.

    Yields
    ------
    callable
        Takes what is new about the job.

    Raises
    ------
    Interrupted
        After Ctrl-C. The job runs on.
    """
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(f"job {job_id}", total=None)
            yield lambda news: progress.update(task, description=f"job {job_id}: {news}")
    except qdmikit.Timeout as error:
        error.add_note(how_to_come_back)
        raise
    except KeyboardInterrupt:
        raise Interrupted(f"interrupted: {how_to_come_back}") from None


def follow(job: Job, timeout: float | None, how_to_come_back: str) -> JobStatus:
    """Wait until a job has come to its end.

    Parameters
    ----------
    job
        The job.
    timeout
        The longest time to wait, in seconds; None: no limit.
    how_to_come_back
        For the error when the waiting ends first.

    Returns
    -------
    JobStatus
        DONE, CANCELED or FAILED.

    Raises
    ------
    Timeout
        If the time is up. The job runs on.
    Interrupted
        After Ctrl-C. The job runs on.
    """
    with following(job.id, how_to_come_back) as tell:
        # Both hear from the same thread, so the device is asked once.
        job.on_update(lambda update: tell(_described(update)))
        for ended in qdmikit.as_completed([job], timeout):
            return ended.status
    return job.status


def _described(update: qdmikit.JobUpdate) -> str:
    text = update.status.name.lower()
    return text if update.queue_position is None else f"{text}, {update.queue_position} ahead"
