# SPDX-License-Identifier: Apache-2.0
"""Documents about a job."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID  # noqa: TC003 - pydantic needs it at run time

from pydantic import Field, StringConstraints

from iqm_mock_server.schemas.model import Document, Timestamp

Count = Annotated[int, Field(ge=0)]
Bit = Annotated[int, Field(ge=0, le=1)]


class QcReference(Document):
    """The quantum computer of a job."""

    id: UUID


class Artifact(Document):
    """Results that can be read."""

    type: Literal["measurements", "measurement_counts"]


class Message(Document):
    """A remark about a job."""

    source: str
    message: str


class JobError(Document):
    """Why a job failed."""

    error_code: str
    message: str
    source: str


class TimelineEvent(Document):
    """A step in a job's life."""

    source: str
    status: str
    timestamp: Timestamp


class Progress(Document):
    """How far something is."""

    value: Count
    max_value: Count


class Execution(Document):
    """How far a job is."""

    progress: dict[str, Progress]


class Compilation(Document):
    """What a job was compiled for."""

    calibration_set_id: UUID | None = None
    execution_runtime_estimate_ms: Count | None = None


class JobDocument(Document):
    """A job, without its payload and its results."""

    id: UUID
    type: Literal["circuit"]
    status: Literal["waiting", "processing", "completed", "failed", "cancelled"]
    qc: QcReference
    artifacts: list[Artifact]
    messages: list[Message]
    errors: list[JobError]
    timeline: list[TimelineEvent]
    execution: Execution
    compilation: Compilation
    # These are absent, never null, where they do not apply: one client reads a null as a number and fails.
    queue_position: Count | None = Field(default=None, description="Jobs ahead, while the job waits.")
    runtime_ms: Count | None = Field(default=None, description="How long the job occupied the machine.")
    tag: str | None = Field(default=None, description="The submitter's own label.")


CircuitMeasurements = dict[str, list[list[Bit]]]
"""Outcomes of one circuit: per measurement key one row per shot, bits in the order of the locus."""


class CircuitCounts(Document):
    """The histogram of one circuit's outcomes."""

    measurement_keys: list[str] = Field(description="Their bits make a bitstring, in this order.")
    counts: dict[Annotated[str, StringConstraints(pattern="^[01]+$")], Annotated[int, Field(gt=0)]]
