# SPDX-License-Identifier: Apache-2.0
"""How soon to ask for the status of each of many jobs again."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

from qdmikit._core import JobStatus

if TYPE_CHECKING:
    from collections.abc import Hashable

T = TypeVar("T", bound="Hashable")

FIRST_PAUSE = 0.005
LONGEST_PAUSE = 0.1
GROWTH = 1.5
QUEUE_PAUSE = 1.0
"""For a job that has others of ours before it in the queue, and for one whose device is out of reach."""
FRONT = 8
"""So many jobs at the head of the queue are asked about as if they were running."""
RUNNING_RATE = 6000.0
QUEUE_RATE = 250.0
"""So many questions a second, at most, about all running jobs and about the rest of the queue."""


class Pacing(Generic[T]):
    """Spreads the questions to where news is to be expected.

    Most devices run the jobs of a session in the order of their submission. So the oldest ones in the queue
    are asked about often and the others seldom, until one at the head is over. Not thread-safe.
    """

    def __init__(self) -> None:
        self._pauses: dict[T, float] = {}
        self._queued: OrderedDict[T, None] = OrderedDict()

    def __len__(self) -> int:
        """Return how many jobs there are."""
        return len(self._pauses)

    def __contains__(self, job: T) -> bool:
        """Return whether a job was taken in and not let go of."""
        return job in self._pauses

    def add(self, job: T) -> None:
        """Take a job in; where it stands is not known yet."""
        self._pauses[job] = FIRST_PAUSE

    def discard(self, job: T) -> list[T]:
        """Let go of a job that is over or that nobody asks about any more.

        Returns
        -------
        list
            The jobs about which there may be news because of that: those now at the head of the queue.
        """
        if self._pauses.pop(job, None) is None:
            return []
        self._queued.pop(job, None)
        return self._front()

    def pause_after(self, job: T, status: JobStatus | None) -> float:
        """Return for how long a job can be left alone, in seconds.

        Parameters
        ----------
        job
            One that was taken in.
        status
            What the device said of it just now; None if it could not be asked.
        """
        if status is JobStatus.QUEUED:
            self._queued.setdefault(job)
        elif status is not None:
            self._queued.pop(job, None)
        pause = self._pauses[job]
        if status is None:
            self._pauses[job] = min(pause * GROWTH, QUEUE_PAUSE)
            return pause
        self._pauses[job] = min(pause * GROWTH, LONGEST_PAUSE)
        if status is JobStatus.QUEUED and job not in self._front():
            return max(QUEUE_PAUSE, len(self._queued) / QUEUE_RATE)
        return max(pause, (len(self._pauses) - len(self._queued)) / RUNNING_RATE)

    def _front(self) -> list[T]:
        return [job for job, _ in zip(self._queued, range(FRONT), strict=False)]
