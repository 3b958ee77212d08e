# SPDX-License-Identifier: Apache-2.0
"""Calibration sets, by id or as ``default``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from iqm_mock_server.api.access import computers
from iqm_mock_server.calibration import calibration_set, dynamic_architecture, quality_metrics

if TYPE_CHECKING:
    from iqm_mock_server.machines import CalibrationFigures, Machine

blueprint = Blueprint("calibration_sets", __name__, url_prefix="/api/v1/calibration-sets/<qc>/<cal>")


@blueprint.get("")
def show(qc: str, cal: str) -> dict[str, Any]:
    """Return the calibration set's observations."""
    return calibration_set(*_find(qc, cal))


@blueprint.get("/dynamic-quantum-architecture")
def architecture(qc: str, cal: str) -> dict[str, Any]:
    """Return which gates are calibrated where."""
    return dynamic_architecture(*_find(qc, cal))


@blueprint.get("/metrics")
def metrics(qc: str, cal: str) -> dict[str, Any]:
    """Return coherence times and fidelities."""
    return quality_metrics(*_find(qc, cal))


def _find(qc: str, cal: str) -> tuple[Machine, CalibrationFigures]:
    computer = computers().find(qc)
    return computer.machine, computer.calibrations.find(cal)
