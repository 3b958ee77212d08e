# SPDX-License-Identifier: Apache-2.0
"""A job: what was asked, what happened to it so far, and how the API shows it."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from iqm_mock_server.clock import timestamp

if TYPE_CHECKING:
    from uuid import UUID

    from iqm_mock_server.circuits.program import Circuit
    from iqm_mock_server.simulator.methods import Plan

SERVER = "iqm-server"
STATION = "iqm-station-control"

ARTIFACTS = ("measurements", "measurement_counts")


class JobStatus(enum.StrEnum):
    """The five states that clients know; finer steps go to the timeline."""

    WAITING = "waiting"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def terminal(self) -> bool:
        """Whether the state is final."""
        return self in {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED}


@dataclass(frozen=True, slots=True)
class Submission:
    """A circuit job that has been accepted.

    Parameters
    ----------
    payload
        The request body, gzip-compressed.
    seed
        Seed of everything random in this job; a function of the server's seed, the circuits and the
        calibration set.
    notes
        What the submitter should know; they become messages of the job.
    plans
        How each circuit will be simulated.
    """

    computer_id: UUID
    payload: bytes
    circuits: tuple[Circuit, ...]
    shots: int
    calibration_set_id: UUID
    tag: str | None
    seed: int
    plans: tuple[Plan, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobFacts:
    """What never changes about a job and is known without reading its payload."""

    id: UUID
    computer_id: UUID
    circuits_num: int
    shots: int
    calibration_set_id: UUID
    tag: str | None
    seed: int

    @classmethod
    def of(cls, job_id: UUID, submission: Submission) -> Self:
        """Return the facts about a new job."""
        return cls(
            job_id,
            submission.computer_id,
            len(submission.circuits),
            submission.shots,
            submission.calibration_set_id,
            submission.tag,
            submission.seed,
        )


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One step in a job's life."""

    source: str
    status: str
    moment: dt.datetime


@dataclass(slots=True, eq=False)
class Job:
    """The state of one job. Whoever reads or changes it holds its engine's lock.

    Parameters
    ----------
    submission
        What is to be run; None when it has to be read from the kept payload first.
    has_results
        Whether its artifacts can be read.
    deleted
        Whether it was deleted while somebody waited for it.
    estimate_ms
        For how many milliseconds it will occupy the machine at least.
    runtime_ms
        For how many milliseconds it did; None while it has not ended, or never ran.
    """

    facts: JobFacts
    submission: Submission | None = None
    status: JobStatus = JobStatus.WAITING
    timeline: list[TimelineEntry] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    circuits_done: int = 0
    has_results: bool = False
    deleted: bool = False
    estimate_ms: int = 0
    runtime_ms: int | None = None

    @classmethod
    def restored(cls, facts: JobFacts, status: JobStatus, document: dict[str, Any]) -> Self:
        """Return a job that had not ended when it was written down."""
        timeline = [
            TimelineEntry(entry["source"], entry["status"], dt.datetime.fromisoformat(entry["timestamp"]))
            for entry in document["timeline"]
        ]
        messages = [entry["message"] for entry in document["messages"]]
        return cls(facts, status=status, timeline=timeline, messages=messages)

    def start_over(self, moment: dt.datetime) -> None:
        """Put a restored job back into the queue, whatever had been done for it."""
        if self.status is JobStatus.PROCESSING:
            self.record(SERVER, "interrupted", moment)
            self.messages.append("The server was restarted while this job ran: the job starts over.")
        self.record(SERVER, "requeued", moment)
        self.status = JobStatus.WAITING

    def record(self, source: str, status: str, moment: dt.datetime) -> None:
        """Add a step to the timeline."""
        self.timeline.append(TimelineEntry(source, status, moment))

    def document(self, queue_position: int | None = None) -> dict[str, Any]:
        """Return the job as the API shows it.

        Parameters
        ----------
        queue_position
            Number of jobs ahead; the field is left out when it is None, because one client fails on a null.
        """
        facts = self.facts
        document: dict[str, Any] = {
            "id": str(facts.id),
            "type": "circuit",
            "status": self.status.value,
            "qc": {"id": str(facts.computer_id)},
            "execution": {
                "progress": {"circuits": {"value": self.circuits_done, "max_value": facts.circuits_num}}
            },
            "compilation": {
                "calibration_set_id": str(facts.calibration_set_id),
                "execution_runtime_estimate_ms": self.estimate_ms,
            },
            "artifacts": [{"type": name} for name in ARTIFACTS] if self.has_results else [],
            "messages": [{"source": STATION, "message": message} for message in self.messages],
            "errors": [
                {"error_code": code, "message": message, "source": STATION} for code, message in self.errors
            ],
            "timeline": [
                {"source": entry.source, "status": entry.status, "timestamp": timestamp(entry.moment)}
                for entry in self.timeline
            ],
        }
        if queue_position is not None:
            document["queue_position"] = queue_position
        if self.runtime_ms is not None:
            document["runtime_ms"] = self.runtime_ms
        if facts.tag is not None:
            document["tag"] = facts.tag
        return document
