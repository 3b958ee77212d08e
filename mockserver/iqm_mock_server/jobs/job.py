# SPDX-License-Identifier: Apache-2.0
"""A job: what was asked, what happened to it so far, and what came out."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from iqm_mock_server.clock import timestamp

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from iqm_mock_server.circuits.program import Circuit
    from iqm_mock_server.jobs.results import CircuitResult
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


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One step in a job's life."""

    source: str
    status: str
    moment: dt.datetime


@dataclass(slots=True)
class Job:
    """The state of one job. Whoever reads or changes it holds its engine's lock."""

    id: UUID
    submission: Submission
    status: JobStatus = JobStatus.WAITING
    timeline: list[TimelineEntry] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    errors: list[tuple[str, str]] = field(default_factory=list)
    circuits_done: int = 0
    results: tuple[CircuitResult, ...] | None = None
    circuits_num: int = field(init=False)

    def __post_init__(self) -> None:
        self.circuits_num = len(self.submission.circuits)

    def forget_program(self) -> None:
        """Let go of the circuits, which nobody needs after the job's end; the payload stays."""
        self.submission = replace(self.submission, circuits=(), plans=())

    def record(self, source: str, status: str, moment: dt.datetime) -> None:
        """Add a step to the timeline."""
        self.timeline.append(TimelineEntry(source, status, moment))

    def document(self, queue_position: int | None) -> dict[str, Any]:
        """Return the job as the API shows it.

        Parameters
        ----------
        queue_position
            Number of jobs ahead; the field is left out when it is None, because one client fails on a null.
        """
        document: dict[str, Any] = {
            "id": str(self.id),
            "type": "circuit",
            "status": self.status.value,
            "qc": {"id": str(self.submission.computer_id)},
            "execution": {
                "progress": {"circuits": {"value": self.circuits_done, "max_value": self.circuits_num}}
            },
            "compilation": {"calibration_set_id": str(self.submission.calibration_set_id)},
            "artifacts": [{"type": name} for name in ARTIFACTS] if self.results is not None else [],
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
        if self.submission.tag is not None:
            document["tag"] = self.submission.tag
        return document
