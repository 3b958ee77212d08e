# SPDX-License-Identifier: Apache-2.0
"""The queue of one machine and the thread that works through it, one job at a time.

One lock guards the queue and all its jobs. It is held for bookkeeping only, never while a circuit is
simulated.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

from iqm_mock_server.errors import ApiError, ErrorCode, IllegalJobStatus, NotFound
from iqm_mock_server.jobs.job import SERVER, STATION, Job, JobStatus, Submission
from iqm_mock_server.jobs.run import Interrupted, JobFailed, Run

if TYPE_CHECKING:
    from uuid import UUID

    from iqm_mock_server.clock import Clock
    from iqm_mock_server.jobs.results import CircuitResult

_log = logging.getLogger(__name__)


class Execution(Protocol):
    """What an engine does with a job."""

    def __call__(self, submission: Submission, run: Run, /) -> tuple[CircuitResult, ...]:
        """Run a submission on the engine's thread.

        Raises
        ------
        JobFailed
            When the job cannot be finished.
        Interrupted
            As raised by the methods of `run`.
        """


class JobEngine:
    """The jobs of one machine.

    Parameters
    ----------
    execute
        Runs one job.
    clock
        Source of all times.
    occupancy
        Seconds for which a job occupies the machine at least.
    name
        Of the worker thread.
    """

    def __init__(self, execute: Execution, clock: Clock, occupancy: float, name: str) -> None:
        self._execute = execute
        self._clock = clock
        self._occupancy = occupancy
        self._lock = threading.RLock()
        self._work = threading.Condition(self._lock)
        self._jobs: dict[UUID, Job] = {}
        self._ended: dict[UUID, threading.Condition] = {}
        self._queue: deque[Job] = deque()
        self._running: Run | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._work_through, name=name, daemon=True)
        self._thread.start()

    def submit(self, submission: Submission) -> dict[str, Any]:
        """Queue a job and return its document.

        Raises
        ------
        ApiError
            When the engine is closed.
        """
        job = Job(uuid.uuid4(), submission)
        with self._lock:
            self._require_open()
            now = self._clock.now()
            job.record(SERVER, "created", now)
            job.record(STATION, "received", now)
            # Validation is what let the submission come this far.
            job.record(STATION, "validation_started", now)
            job.record(STATION, "validation_ended", now)
            self._jobs[job.id] = job
            self._queue.append(job)
            self._work.notify_all()
            return self._document(job)

    def document(self, job_id: UUID) -> dict[str, Any]:
        """Return a job's document.

        Raises
        ------
        NotFound
            When there is no such job.
        """
        with self._lock:
            return self._document(self._find(job_id))

    def submission(self, job_id: UUID) -> Submission:
        """Return what was submitted.

        Raises
        ------
        NotFound
            When there is no such job.
        """
        with self._lock:
            return self._find(job_id).submission

    def results(self, job_id: UUID) -> tuple[CircuitResult, ...]:
        """Return a completed job's results, one per circuit.

        Raises
        ------
        NotFound
            When there is no such job, or it has no results (yet).
        """
        with self._lock:
            job = self._find(job_id)
            if job.results is None:
                raise NotFound(
                    ErrorCode.JOB_ARTIFACT_NOT_FOUND,
                    f"Job {job_id} is {job.status.value} and has no artifacts",
                )
            return job.results

    def wait_until_terminal(self, job_id: UUID, seconds: float) -> tuple[dict[str, Any], bool]:
        """Wait until a job has ended.

        Returns
        -------
        tuple[dict, bool]
            The job's document, and whether the job has ended (else the time is over).

        Raises
        ------
        NotFound
            When there is no such job, or it is deleted meanwhile.
        ApiError
            When the engine is closed meanwhile.
        """
        deadline = self._clock.monotonic() + seconds
        with self._lock:
            job = self._find(job_id)
            if not job.status.terminal:
                # A condition per job, so that the end of one job wakes only those who wait for that job.
                ended = self._ended.setdefault(job_id, threading.Condition(self._lock))
                self._clock.wait_for(ended, lambda: job.status.terminal or self._closed, deadline)
                self._find(job_id)
                if not job.status.terminal:
                    self._require_open()
            return self._document(job), job.status.terminal

    def cancel(self, job_id: UUID) -> dict[str, Any]:
        """Cancel a job, also in the middle of its simulation, and return its document.

        Raises
        ------
        NotFound
            When there is no such job.
        IllegalJobStatus
            When the job has ended.
        """
        with self._lock:
            job = self._find(job_id)
            if job.status.terminal:
                raise IllegalJobStatus
            self._cancel(job)
            return self._document(job)

    def delete(self, job_id: UUID) -> None:
        """Forget a job; one that has not ended is cancelled first.

        Raises
        ------
        NotFound
            When there is no such job.
        """
        with self._lock:
            job = self._find(job_id)
            if not job.status.terminal:
                self._cancel(job)
            del self._jobs[job_id]

    def queue_length(self) -> int:
        """Return the number of jobs that have not ended: the queue position of the next one."""
        with self._lock:
            return len(self._queue) + (self._running is not None)

    def owns(self, job_id: UUID) -> bool:
        """Return whether this engine knows a job."""
        with self._lock:
            return job_id in self._jobs

    def close(self) -> None:
        """Stop working; a running job is interrupted, and whoever waits for a job is told."""
        with self._lock:
            self._closed = True
            if self._running is not None:
                self._running.interrupt()
            self._work.notify_all()
            for ended in self._ended.values():
                ended.notify_all()
        self._thread.join()

    def _find(self, job_id: UUID) -> Job:
        if job_id not in self._jobs:
            raise NotFound(ErrorCode.JOB_NOT_FOUND, f"Job {job_id} not found")
        return self._jobs[job_id]

    def _require_open(self) -> None:
        if self._closed:
            raise ApiError(503, ErrorCode.INTERNAL_ERROR, "The server is shutting down")

    def _document(self, job: Job) -> dict[str, Any]:
        position = None
        if job.status is JobStatus.WAITING:
            position = self._queue.index(job) + (self._running is not None)
        return job.document(position)

    def _cancel(self, job: Job) -> None:
        if self._running is not None and self._running.job is job:
            self._running.interrupt()
        else:
            self._queue.remove(job)
        self._end(job, JobStatus.CANCELLED, station="aborted")

    def _end(self, job: Job, status: JobStatus, *, station: str) -> None:
        now = self._clock.now()
        job.record(STATION, station, now)
        if status is JobStatus.COMPLETED:
            # Clients look for both names of a job's end.
            job.record(STATION, "completed", now)
            job.record(SERVER, "ready", now)
        else:
            job.record(SERVER, status.value, now)
        job.status = status
        job.forget_program()
        ended = self._ended.pop(job.id, None)
        if ended is not None:
            ended.notify_all()
        self._work.notify_all()

    def _work_through(self) -> None:
        while True:
            with self._lock:
                self._running = None
                self._work.wait_for(lambda: self._queue or self._closed)
                if self._closed:
                    return
                job = self._queue.popleft()
                job.status = JobStatus.PROCESSING
                run = self._running = Run(job, self._lock, self._work, self._clock, self._occupancy)
            self._process(job, run)

    def _process(self, job: Job, run: Run) -> None:
        try:
            results = self._execute(job.submission, run)
        except Interrupted:
            return
        except JobFailed as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 - one broken job must not end the machine
            _log.exception("job %s", job.id)
            problem = f"{type(error).__name__}: {error}"
        else:
            with self._lock:
                if not job.status.terminal:
                    job.results = results
                    self._end(job, JobStatus.COMPLETED, station="ready")
            return
        with self._lock:
            if not job.status.terminal:
                job.errors.append(("circuit_execution_error", problem))
                self._end(job, JobStatus.FAILED, station="failed")
