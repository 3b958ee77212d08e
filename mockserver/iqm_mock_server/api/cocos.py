# SPDX-License-Identifier: Apache-2.0
"""The calibration service, which some servers have."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, request

from iqm_mock_server.api import failures
from iqm_mock_server.api.access import computers
from iqm_mock_server.api.operations import operation
from iqm_mock_server.computers import Condition
from iqm_mock_server.errors import ApiError, ErrorCode, NotFound
from iqm_mock_server.schemas.calibration_runs import (
    CalibrationConfiguration,
    RunAccepted,
    RunStatusDocument,
    Service,
    ServiceHealth,
    WhichComputer,
)

if TYPE_CHECKING:
    from iqm_mock_server.calibration import CalibrationRuns

blueprint = Blueprint("cocos", __name__, url_prefix="/cocos")

_RUNS = "/api/v4/calibration/runs"


@blueprint.get("/health")
@operation(ServiceHealth, failures=(failures.NOT_FOUND,))
def health() -> ServiceHealth:
    """Say that there is a calibration service; clients take any failure for its absence."""
    _require_service()
    return ServiceHealth(
        services=[Service(name=name, status="alive") for name in ("CoCoS", "Station Control")], warnings=[]
    )


@blueprint.post(_RUNS)
@operation(
    RunAccepted,
    query=WhichComputer,
    body=CalibrationConfiguration,
    body_read=False,
    example={"procedure_config": {"set_default": "always"}},
    failures=(failures.NOT_FOUND, failures.QC_NOT_FOUND, failures.UNAVAILABLE),
)
def start(query: WhichComputer) -> RunAccepted:
    """Start a calibration run.

    The body may be anything. Where it is a JSON object whose procedure_config.set_default is "never", the new
    calibration set does not become the default.
    """
    _require_service()
    served = computers()
    computer = next(iter(served)) if query.qc is None else served.find(query.qc)
    # Maintenance is a time to calibrate.
    if computer.condition is Condition.OFFLINE:
        raise ApiError(
            503, ErrorCode.INTERNAL_ERROR, f"{computer.machine.alias} cannot be calibrated: it is offline"
        )
    run_id, position = computer.calibration_runs.start(request.get_data(cache=False))
    return RunAccepted(id=run_id, queue_position=position)


@blueprint.get(f"{_RUNS}/<run>/status")
@operation(RunStatusDocument, failures=(failures.NOT_FOUND,))
def status(run: str) -> RunStatusDocument:
    """Return how far a calibration run is, and what came out of it."""
    runs, run_id = _find(run)
    return RunStatusDocument.model_validate(runs.document(run_id))


# Clients send an empty body here that claims to be JSON.
@blueprint.post(f"{_RUNS}/<run>/abort")
@operation(RunStatusDocument, failures=(failures.NOT_FOUND, failures.ILLEGAL_JOB_STATUS))
def abort(run: str) -> RunStatusDocument:
    """End a calibration run."""
    runs, run_id = _find(run)
    runs.abort(run_id)
    return RunStatusDocument.model_validate(runs.document(run_id))


def _find(run: str) -> tuple[CalibrationRuns, UUID]:
    _require_service()
    try:
        run_id = UUID(run)
    except ValueError:
        raise NotFound(ErrorCode.NOT_FOUND, f"Calibration run {run!r} not found") from None
    for computer in computers():
        if computer.calibration_runs.owns(run_id):
            return computer.calibration_runs, run_id
    raise NotFound(ErrorCode.NOT_FOUND, f"Calibration run {run!r} not found")


def _require_service() -> None:
    if not computers().settings.calibration_service:
        raise NotFound(ErrorCode.NOT_FOUND, "This server has no calibration service")
