# SPDX-License-Identifier: Apache-2.0
"""Documents of the calibration service."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID  # noqa: TC003 - pydantic needs it at run time

from pydantic import ConfigDict, Field

from iqm_mock_server.schemas.model import Body, Document, Query, Timestamp


class Service(Document):
    """One part of the calibration service."""

    name: str
    status: str


class ServiceHealth(Document):
    """That there is a calibration service."""

    services: list[Service]
    warnings: list[str]


class WhichComputer(Query):
    """Which of several quantum computers is calibrated; an addition of this server's own."""

    qc: str | None = Field(default=None, description="Alias or id; the first one when left out.")


class CalibrationConfiguration(Body):
    """What a run is to do; passed on as it is."""

    model_config = ConfigDict(extra="allow")


class RunAccepted(Document):
    """That a run was accepted."""

    id: UUID
    queue_position: int = Field(ge=0, description="Runs of the same machine that are ahead.")


class RunError(Document):
    """Why a run failed."""

    error_code: str
    message: str
    source: str


class RunResult(Document):
    """What came out of a run that has ended by itself."""

    success: bool
    calibration_set_id: UUID | None
    calibration_observations_tag: str | None
    calibration_error: str | None
    base_run_id: UUID | None


class RunStatusDocument(Document):
    """How far a run is."""

    id: UUID
    status: Literal["waiting", "processing", "ready", "failed", "aborted"]
    start_time: Timestamp | None
    end_time: Timestamp | None
    run_config: dict[str, Any] | None
    errors: list[RunError]
    result: RunResult | None
