# SPDX-License-Identifier: Apache-2.0
"""Calibration sets, by id or as ``default``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from iqm_mock_server.api import failures
from iqm_mock_server.api.access import computers
from iqm_mock_server.api.operations import operation
from iqm_mock_server.calibration import calibration_set, dynamic_architecture, quality_metrics
from iqm_mock_server.schemas.calibration_sets import DynamicArchitecture, ObservationSet

if TYPE_CHECKING:
    from iqm_mock_server.machines import CalibrationFigures, Machine

blueprint = Blueprint("calibration_sets", __name__, url_prefix="/api/v1/calibration-sets/<qc>/<cal>")

_FAILURES = (failures.QC_NOT_FOUND, failures.CALIBRATION_SET_NOT_FOUND)


@blueprint.get("")
@operation(ObservationSet, failures=_FAILURES)
def show(qc: str, cal: str) -> ObservationSet:
    """Return the calibration set's observations."""
    return ObservationSet.model_validate(calibration_set(*_find(qc, cal)))


@blueprint.get("/dynamic-quantum-architecture")
@operation(DynamicArchitecture, failures=_FAILURES)
def architecture(qc: str, cal: str) -> DynamicArchitecture:
    """Return which gates are calibrated where."""
    return DynamicArchitecture.model_validate(dynamic_architecture(*_find(qc, cal)))


@blueprint.get("/metrics")
@operation(ObservationSet, failures=_FAILURES)
def metrics(qc: str, cal: str) -> ObservationSet:
    """Return coherence times and fidelities."""
    return ObservationSet.model_validate(quality_metrics(*_find(qc, cal)))


def _find(qc: str, cal: str) -> tuple[Machine, CalibrationFigures]:
    computer = computers().find(qc)
    return computer.machine, computer.calibrations.find(cal)
