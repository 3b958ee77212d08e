# SPDX-License-Identifier: Apache-2.0
"""The Qiskit view of the jobs of a QDMI device."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qiskit.providers import JobStatus as QiskitStatus
from qiskit.providers import JobV1
from qiskit.result import Result
from qiskit.result.models import ExperimentResult, ExperimentResultData

import qdmikit
from qdmikit import Job, JobStatus
from qdmikit._core import is_terminal
from qdmikit.qiskit.errors import QDMIJobError, QDMIJobTimeoutError
from qdmikit.qiskit.submission import Experiment

if TYPE_CHECKING:
    from qdmikit.qiskit.backend import QDMIBackend

_STATUS = {
    JobStatus.CREATED: QiskitStatus.INITIALIZING,
    JobStatus.SUBMITTED: QiskitStatus.QUEUED,
    JobStatus.QUEUED: QiskitStatus.QUEUED,
    JobStatus.RUNNING: QiskitStatus.RUNNING,
    JobStatus.DONE: QiskitStatus.DONE,
    JobStatus.CANCELED: QiskitStatus.CANCELLED,
    JobStatus.FAILED: QiskitStatus.ERROR,
}

StatusCallback = Callable[[str, QiskitStatus, "QDMIJob"], None]


class QDMIJob(JobV1):  # type: ignore[misc] # Qiskit ships no types
    """Circuits that were submitted together; made by `QDMIBackend.run`.

    Parameters
    ----------
    backend
        The backend they run on.
    experiments
        One entry per circuit, in the order given to `run`.
    memory
        Whether results hold the outcome of each shot.
    required_shots
        How many shots each circuit must have for there to be a result; None where any number will do.
    """

    def __init__(
        self,
        backend: "QDMIBackend",
        experiments: Sequence[Experiment],
        *,
        memory: bool,
        required_shots: int | None = None,
    ) -> None:
        self._experiments = tuple(experiments)
        self._jobs: tuple[Job, ...] = tuple({id(entry.job): entry.job for entry in experiments}.values())
        self._memory = memory
        self._required_shots = required_shots
        self._result: Result | None = None
        super().__init__(backend, ",".join(job.id for job in self._jobs))

    def submit(self) -> None:
        """Refuse: the job was submitted when it was made.

        Raises
        ------
        QDMIJobError
            Always.
        """
        raise QDMIJobError(
            f"job {self.job_id()} has been submitted already; call backend.run() for another one"
        )

    def status(self) -> QiskitStatus:
        """Ask the device how far the job is.

        Circuits that the device took one by one are over when the last one is: ERROR if one failed, else
        CANCELLED if one was cancelled, else DONE.
        """
        states = {job.status for job in self._jobs}
        if all(map(is_terminal, states)):
            for worst in (JobStatus.FAILED, JobStatus.CANCELED):
                if worst in states:
                    return _STATUS[worst]
            return QiskitStatus.DONE
        if JobStatus.RUNNING in states or any(map(is_terminal, states)):
            return QiskitStatus.RUNNING
        return QiskitStatus.QUEUED if len(states) > 1 else _STATUS[states.pop()]

    def queue_position(self) -> int | None:
        """Return how many jobs are ahead of this one in the device's queue.

        None if it is not queued, or the device does not say. Of several jobs of the device, the last counts.
        """
        positions = [job.queue_position for job in self._jobs]
        return max((position for position in positions if position is not None), default=None)

    def cancel(self) -> bool:
        """Cancel whatever is not over yet.

        Returns
        -------
        True if the device cancelled something, False if everything was over.

        Raises
        ------
        qdmikit.Error
            If the device refuses for another reason.
        """
        cancelled = False
        for job in self._jobs:
            try:
                job.cancel()
            except qdmikit.InvalidArgument:
                if not is_terminal(job.status):
                    raise
            else:
                cancelled = job.status is JobStatus.CANCELED or cancelled
        return cancelled

    def wait_for_final_state(
        self, timeout: float | None = None, wait: float = 5, callback: StatusCallback | None = None
    ) -> None:
        """Wait until the job is over; the device wakes us, nothing is polled.

        Parameters
        ----------
        timeout
            Seconds to wait in all; None waits for ever.
        wait
            Seconds between two calls of `callback`; without one it has no meaning.
        callback
            Called with job id, status and this job, now and then, the last time when the job is over.

        Raises
        ------
        QDMIJobTimeoutError
            If the time ran out.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        for job in self._jobs:
            self._wait_for(job, deadline, wait, callback)
        if callback is not None:
            callback(self.job_id(), self.status(), self)

    def result(self, timeout: float | None = None) -> Result:
        """Wait for the job and return its outcomes.

        Parameters
        ----------
        timeout
            Seconds to wait in all; None waits for ever.

        Returns
        -------
        Result
            One experiment per circuit, in order. Its shots are those the device returned, which may be fewer
            than were asked for (heralding discards some). When some circuits failed, `success` is False, here
            and in their experiments, whose `status` holds the reason.

        Raises
        ------
        QDMIJobTimeoutError
            If the time ran out; the job goes on.
        QDMIJobError
            If no circuit succeeded, or a result does not fit its circuit, or all shots were required and some
            are missing.
        qdmikit.Error
            If a result cannot be fetched.
        """
        self.wait_for_final_state(timeout)
        if self._result is None:
            self._result = self._read_result()
        return self._result

    def _wait_for(
        self, job: Job, deadline: float | None, interval: float, callback: StatusCallback | None
    ) -> None:
        while True:
            remaining = None if deadline is None else deadline - time.monotonic()
            if remaining is not None and remaining <= 0:
                if is_terminal(job.status):
                    return
                raise QDMIJobTimeoutError(
                    f"job {job.id} on {self.backend().name} is {job.status.name}, not over in the time "
                    "allowed; it goes on, and result() can be called again"
                )
            pause = remaining
            if callback is not None:
                callback(self.job_id(), self.status(), self)
                pause = interval if remaining is None else min(interval, remaining)
            try:
                job.wait(pause)
            except qdmikit.Timeout:
                if pause is None:
                    raise  # not ours: something below has a limit of its own
            else:
                return

    def _read_result(self) -> Result:
        results = [self._read_experiment(experiment) for experiment in self._experiments]
        if not any(entry.success for entry in results):
            reasons = "; ".join(dict.fromkeys(str(entry.status) for entry in results))
            raise QDMIJobError(f"job {self.job_id()} on {self.backend().name} has no results: {reasons}")
        if self._required_shots is not None:
            for entry in results:
                self._require_shots(entry, self._required_shots)
        success = all(entry.success for entry in results)
        return Result(
            backend_name=self.backend().name,
            backend_version=self.backend().backend_version,
            job_id=self.job_id(),
            success=success,
            results=results,
            status="COMPLETED" if success else "PARTIALLY COMPLETED",
        )

    def _require_shots(self, entry: ExperimentResult, required: int) -> None:
        label = f"circuit {entry.header['name']!r} of job {self.job_id()} on {self.backend().name}"
        if not entry.success:
            raise QDMIJobError(f"{label} has no result: {entry.status}")
        if entry.shots != required:
            raise QDMIJobError(
                f"{label} has {entry.shots} of {required} shots, and all were required, as by a sampler; "
                "leave out options by which the device discards shots, as heralding, or use backend.run()"
            )

    def _read_experiment(self, experiment: Experiment) -> ExperimentResult:
        reason = _failure(experiment)
        if reason is not None:
            return ExperimentResult(
                shots=0, success=False, data=ExperimentResultData(), status=reason, header=experiment.header
            )
        shots = experiment.job.memory(experiment.index) if self._memory else None
        counts = experiment.job.counts(experiment.index) if shots is None else Counter(shots)
        header = experiment.header
        if header["memory_slots"] is None:
            header = header | {"memory_slots": len(next(iter(counts), ""))}
        self._require_width(counts, header)
        data: dict[str, object] = {"counts": {hex(int(bits, 2)): count for bits, count in counts.items()}}
        if shots is not None:
            outcomes = {bits: hex(int(bits, 2)) for bits in counts}
            data["memory"] = [outcomes[bits] for bits in shots]
        return ExperimentResult(
            shots=sum(counts.values()),
            success=True,
            data=ExperimentResultData(**data),
            status="DONE",
            header=header,
        )

    def _require_width(self, outcomes: Iterable[str], header: Mapping[str, Any]) -> None:
        slots = header["memory_slots"]
        for bits in outcomes:
            if len(bits) != slots:
                raise QDMIJobError(
                    f"job {self.job_id()} on {self.backend().name} returned the outcome {bits!r} "
                    f"({len(bits)} bits) for circuit {header['name']!r}, which has {slots}"
                )


def _failure(experiment: Experiment) -> str | None:
    """Return why a circuit of a job that is over has no outcomes, None if it has."""
    job = experiment.job
    status = job.status
    if status is JobStatus.DONE:
        return None
    # None where the device reports the outcome of the whole job only.
    if job.program_status(experiment.index) is JobStatus.DONE:
        return None
    if status is JobStatus.CANCELED:
        return "it was cancelled"
    try:
        job.counts(experiment.index)
    except qdmikit.Error as error:
        return str(error)
    return "it failed, and the device does not say why"
