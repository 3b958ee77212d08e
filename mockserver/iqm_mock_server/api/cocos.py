# SPDX-License-Identifier: Apache-2.0
"""The calibration service, which some servers have."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from iqm_mock_server.api.access import computers
from iqm_mock_server.errors import ApiError, ErrorCode, NotFound

blueprint = Blueprint("cocos", __name__, url_prefix="/cocos")


@blueprint.get("/health")
def health() -> dict[str, Any]:
    """Say that there is a calibration service; clients take any failure for its absence."""
    _require_service()
    return {
        "services": [{"name": "CoCoS", "status": "alive"}, {"name": "Station Control", "status": "alive"}],
        "warnings": [],
    }


@blueprint.post("/api/v4/calibration/runs")
def start() -> dict[str, Any]:
    """Refuse to calibrate."""
    _require_service()
    raise ApiError(501, ErrorCode.INTERNAL_ERROR, "This server does not run calibrations")


def _require_service() -> None:
    if not computers().settings.calibration_service:
        raise NotFound(ErrorCode.NOT_FOUND, "This server has no calibration service")
