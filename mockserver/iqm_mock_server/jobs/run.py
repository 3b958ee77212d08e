# SPDX-License-Identifier: Apache-2.0
"""One job's turn on the machine: what its execution reports, and how it learns that it is to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iqm_mock_server.jobs.job import STATION

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from iqm_mock_server.clock import Clock
    from iqm_mock_server.jobs.job import Job


class JobFailed(Exception):  # noqa: N818 - named after the job status
    """A job that cannot be finished; its text becomes the job's error."""


class Interrupted(Exception):  # noqa: N818 - not an error
    """The job was cancelled, or the server is closing."""


class Run:
    """One job's turn on the machine, as its execution sees it.

    Parameters
    ----------
    job
        Whose turn it is; it `began` at that time, in seconds of the clock's `monotonic`.
    lock
        Guards the job.
    work
        A condition of that lock, notified whenever a job ends.
    clock
        Source of all times.
    occupancy
        Seconds for which the job occupies the machine at least.
    """

    def __init__(
        self, job: Job, lock: threading.RLock, work: threading.Condition, clock: Clock, occupancy: float
    ) -> None:
        self.job = job
        self._lock = lock
        self._work = work
        self._clock = clock
        self.began = clock.monotonic()
        self._until = self.began + occupancy
        self._interrupted = False
        self._interruption: Callable[[], None] | None = None

    def step(self, status: str) -> None:
        """Record a step of the station in the job's timeline.

        Raises
        ------
        Interrupted
            When the job is to stop here.
        """
        with self._lock:
            self._require_going()
            self.job.record(STATION, status, self._clock.now())

    def circuit_done(self) -> None:
        """Count one circuit as done.

        Raises
        ------
        Interrupted
            When the job is to stop here.
        """
        with self._lock:
            self._require_going()
            self.job.circuits_done += 1

    def note(self, message: str) -> None:
        """Add a message to the job."""
        with self._lock:
            self.job.messages.append(message)

    def on_interrupt(self, action: Callable[[], None] | None) -> None:
        """Name what ends the work in progress at once, or None when there is nothing to end.

        Raises
        ------
        Interrupted
            When the job is to stop here.
        """
        with self._lock:
            self._interruption = action
            if action is not None:
                self._require_going()

    def occupy(self) -> None:
        """Wait until the job has occupied the machine for its time.

        Raises
        ------
        Interrupted
            When the job is to stop here.
        """
        with self._lock:
            self._clock.wait_for(self._work, lambda: self._interrupted, self._until)
            self._require_going()

    @property
    def interrupted(self) -> bool:
        """Whether the job is to stop."""
        with self._lock:
            return self._interrupted

    def interrupt(self) -> None:
        """Make the execution stop as soon as it can; the caller holds the lock."""
        self._interrupted = True
        if self._interruption is not None:
            self._interruption()

    def _require_going(self) -> None:
        if self._interrupted:
            raise Interrupted
