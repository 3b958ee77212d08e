# SPDX-License-Identifier: Apache-2.0
"""The queue of one machine and the thread that works through it, one job at a time.

One lock guards the queue and all jobs that have not ended. It is held for bookkeeping only, never while a
circuit is read or simulated. Jobs that have ended are in the archive alone.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import uuid
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from iqm_mock_server.errors import ApiError, ErrorCode, IllegalJobStatus, NotFound
from iqm_mock_server.jobs.job import SERVER, STATION, Job, JobFacts, JobStatus, Submission
from iqm_mock_server.jobs.packing import pack, unpack
from iqm_mock_server.jobs.run import Interrupted, JobFailed, Run

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from iqm_mock_server.clock import Clock
    from iqm_mock_server.jobs.archive import JobArchive
    from iqm_mock_server.jobs.results import CircuitResult
    from iqm_mock_server.jobs.station import Station
    from iqm_mock_server.settings import Settings

_log = logging.getLogger(__name__)

_PROGRAMS_KEPT = 64
"""Jobs at the head of the queue whose circuits are in memory; those behind are read again when they start."""


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
    """The jobs of one machine; those that the archive shows as under way start over.

    Parameters
    ----------
    execute
        Runs one job.
    read_again
        Makes a submission of a gzip-compressed request body that was accepted before. May raise `ApiError`.
    archive
        Where jobs are written down.
    clock
        Source of all times.
    station
        What a job occupies while it runs.
    settings
        Source of how long that takes.
    computer_id
        Of the machine.
    """

    def __init__(
        self,
        execute: Execution,
        read_again: Callable[[bytes, JobFacts], Submission],
        *,
        archive: JobArchive,
        clock: Clock,
        station: Station,
        settings: Settings,
        computer_id: UUID,
    ) -> None:
        self._execute = execute
        self._read_again = read_again
        self._archive = archive
        self._clock = clock
        self._station = station
        self._settings = settings
        self._computer_id = computer_id
        self._lock = threading.RLock()
        self._work = threading.Condition(self._lock)
        self._ended: dict[UUID, threading.Condition] = {}
        self._queue = deque(archive.under_way(computer_id))
        self._jobs = {job.facts.id: job for job in self._queue}
        for job in self._queue:
            job.start_over(clock.now())
            job.estimate_ms = self._estimate_ms(job)
        archive.update(self._queue)
        self._running: Run | None = None
        self._closed = False
        self._thread = threading.Thread(
            target=self._work_through, name=f"jobs of machine {computer_id}", daemon=True
        )
        self._thread.start()

    def submit(self, submission: Submission) -> dict[str, Any]:
        """Queue a job and return its document: at once, or where jobs are instant when it has ended.

        Raises
        ------
        ApiError
            When the engine is closed.
        """
        job = Job(JobFacts.of(uuid.uuid4(), submission))
        job.estimate_ms = self._estimate_ms(job)
        with self._lock:
            self._require_open()
            now = self._clock.now()
            job.record(SERVER, "created", now)
            job.record(STATION, "received", now)
            # Validation is what let the submission come this far.
            job.record(STATION, "validation_started", now)
            job.record(STATION, "validation_ended", now)
            self._archive.add(job, submission.payload)
            if len(self._queue) < _PROGRAMS_KEPT:
                job.submission = replace(submission, payload=b"")
            self._jobs[job.facts.id] = job
            self._queue.append(job)
            self._work.notify_all()
            if not self._settings.instant:
                return self._document(job)
        return self.wait_until_terminal(job.facts.id, None)[0]

    def document(self, job_id: UUID) -> dict[str, Any]:
        """Return a job's document.

        Raises
        ------
        NotFound
            When there is no such job.
        """
        with self._lock:
            job = self._jobs.get(job_id)
            if job is not None:
                return self._document(job)
        return self._archive.document(job_id)

    def payload(self, job_id: UUID) -> bytes:
        """Return the request body of a job's submission, gzip-compressed.

        Raises
        ------
        NotFound
            When there is no such job.
        """
        return self._archive.payload(job_id)

    def results(self, job_id: UUID) -> tuple[CircuitResult, ...]:
        """Return a completed job's results, one per circuit.

        Raises
        ------
        NotFound
            When there is no such job, or it has no results (yet).
        """
        results = self._archive.results(job_id)
        if results is None:
            raise NotFound(
                ErrorCode.JOB_ARTIFACT_NOT_FOUND, f"Job {job_id} is not completed and has no artifacts"
            )
        return unpack(results)

    def overview(self, limit: int) -> list[dict[str, Any]]:
        """Return the documents of the newest jobs, the newest first, each with its number of `shots`."""
        with self._lock:
            latest = self._archive.latest(self._computer_id, limit)
            return [
                {**(self._document(self._jobs[job_id]) if job_id in self._jobs else document), "shots": shots}
                for job_id, shots, document in latest
            ]

    def wait_until_terminal(self, job_id: UUID, seconds: float | None) -> tuple[dict[str, Any], bool]:
        """Wait until a job has ended.

        Parameters
        ----------
        seconds
            For how long at most; ``None`` for as long as it takes.

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
        deadline = None if seconds is None else self._clock.monotonic() + seconds
        with self._lock:
            job = self._jobs.get(job_id)
            if job is not None:
                if not job.status.terminal:
                    # A condition per job, so that the end of one job wakes only those who wait for that job.
                    ended = self._ended.setdefault(job_id, threading.Condition(self._lock))
                    self._clock.wait_for(ended, lambda: job.status.terminal or self._closed, deadline)
                    if job.deleted:
                        raise NotFound(ErrorCode.JOB_NOT_FOUND, f"Job {job_id} not found")
                    if not job.status.terminal:
                        self._require_open()
                return self._document(job), job.status.terminal
        return self._archive.document(job_id), True

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
            job = self._jobs.get(job_id)
            if job is None:
                self._archive.document(job_id)
            if job is None or job.status.terminal:
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
            job = self._jobs.get(job_id)
            if job is not None:
                job.deleted = True
                if not job.status.terminal:
                    self._cancel(job)
                self._jobs.pop(job_id, None)
            self._archive.delete(job_id)

    def queue_length(self) -> int:
        """Return the number of jobs that have not ended: the queue position of the next one."""
        with self._lock:
            return len(self._queue) + (self._running is not None)

    def close(self) -> None:
        """Stop working; a running job is interrupted, and whoever waits for a job is told."""
        with self._lock:
            self._closed = True
            if self._running is not None:
                self._running.interrupt()
            self._work.notify_all()
            for ended in self._ended.values():
                ended.notify_all()
        self._station.wake()
        self._thread.join()

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

    def _end(self, job: Job, status: JobStatus, *, station: str, results: bytes | None = None) -> None:
        now = self._clock.now()
        job.record(STATION, station, now)
        if status is JobStatus.COMPLETED:
            # Clients look for both names of a job's end.
            job.record(STATION, "completed", now)
            job.record(SERVER, "ready", now)
        else:
            job.record(SERVER, status.value, now)
        if self._running is not None and self._running.job is job:
            job.runtime_ms = round(1000 * (self._clock.monotonic() - self._running.began))
        job.status = status
        job.submission = None
        job.has_results = results is not None
        self._write_end(job, results)
        ended = self._ended.pop(job.facts.id, None)
        if ended is not None:
            ended.notify_all()
        self._work.notify_all()

    def _write_end(self, job: Job, results: bytes | None) -> None:
        try:
            self._archive.end(job, results)
        except sqlite3.Error as error:
            # On a full disk, say.
            _log.exception("job %s", job.facts.id)
            if job.has_results:
                job.has_results = False
                job.status = JobStatus.FAILED
                job.errors.append(("internal_error", f"The results cannot be kept: {error}"))
                job.record(SERVER, JobStatus.FAILED.value, self._clock.now())
            try:
                self._archive.end(job, None)
            except sqlite3.Error:
                # It stays in memory, so that its end is known all the same.
                return
        del self._jobs[job.facts.id]

    def _work_through(self) -> None:
        while True:
            with self._lock:
                self._work.wait_for(lambda: self._queue or self._closed)
                if self._closed:
                    return
            with self._station.hold(lambda: self._closed) as held:
                run = self._next() if held else None
                if run is not None:
                    self._process(run.job, run)
                    with self._lock:
                        self._running = None

    def _next(self) -> Run | None:
        with self._lock:
            # While the station was occupied, all jobs may have been cancelled.
            if self._closed or not self._queue:
                return None
            job = self._queue.popleft()
            job.status = JobStatus.PROCESSING
            self._running = Run(job, self._lock, self._work, self._clock, self._occupancy(job))
            return self._running

    def _occupancy(self, job: Job) -> float:
        settings = self._settings
        executions = job.facts.circuits_num * job.facts.shots
        return (settings.duration + settings.duration_per_execution * executions) / settings.speed

    def _estimate_ms(self, job: Job) -> int:
        return round(1000 * self._occupancy(job))

    def _process(self, job: Job, run: Run) -> None:
        try:
            submission = self._start(job, run)
            results = pack(self._execute(submission, run))
        except Interrupted:
            return
        except (JobFailed, ApiError) as error:
            problem = str(error)
        except Exception as error:  # noqa: BLE001 - one broken job must not end the machine
            _log.exception("job %s", job.facts.id)
            problem = f"{type(error).__name__}: {error}"
        else:
            with self._lock:
                if not job.status.terminal:
                    self._end(job, JobStatus.COMPLETED, station="ready", results=results)
            return
        with self._lock:
            if not job.status.terminal:
                job.errors.append(("circuit_execution_error", problem))
                self._end(job, JobStatus.FAILED, station="failed")

    def _start(self, job: Job, run: Run) -> Submission:
        with self._lock:
            if run.interrupted:
                raise Interrupted
            # After a sudden end of the process this tells a job that had started from one that waited.
            self._archive.update([job])
            submission = job.submission
        if submission is None:
            submission = self._read_again(self._archive.payload(job.facts.id), job.facts)
        return submission
