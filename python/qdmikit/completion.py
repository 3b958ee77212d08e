# SPDX-License-Identifier: Apache-2.0
"""Waiting for whichever of many jobs ends next."""

from __future__ import annotations

import queue
import time
from typing import TYPE_CHECKING

from qdmikit._polling import is_over, poller_of
from qdmikit.errors import Timeout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from qdmikit._core import JobStatus
    from qdmikit._polling import Following
    from qdmikit.job import Job


def as_completed(jobs: Iterable[Job], timeout: float | None = None) -> Iterator[Job]:
    """Yield jobs in the order in which they end, well or badly.

    Parameters
    ----------
    jobs
        Of any devices. One that is in the list twice is yielded twice.
    timeout
        The longest time to wait for all of them, in seconds; None: no limit.

    Yields
    ------
    Job
        One that is over.

    Raises
    ------
    Timeout
        If the time is up. The jobs run on.
    Error
        If the status of a job cannot be asked for any more.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    ended: queue.SimpleQueue[tuple[Job, JobStatus | BaseException]] = queue.SimpleQueue()

    def telling(job: Job) -> Callable[[JobStatus | BaseException], bool]:
        def heard(answer: JobStatus | BaseException) -> bool:
            if is_over(answer):
                ended.put((job, answer))
                return False
            return True

        return heard

    waiting = list(jobs)
    followed: list[Following] = []
    try:
        followed.extend(
            poller_of(job._device).follow(job, telling(job))  # noqa: SLF001 - of this package
            for job in waiting
        )
        for left in range(len(waiting), 0, -1):
            seconds = None if deadline is None else max(0.0, deadline - time.monotonic())
            try:
                job, answer = ended.get(timeout=seconds)
            except queue.Empty:
                raise Timeout(
                    f"{left} of {len(waiting)} jobs are not over after {timeout} s. They run on"
                ) from None
            if isinstance(answer, BaseException):
                raise answer
            yield job
    finally:
        for following in followed:
            following.stop()
