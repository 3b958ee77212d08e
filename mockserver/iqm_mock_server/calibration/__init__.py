# SPDX-License-Identifier: Apache-2.0
"""Calibration sets, the runs that make new ones, and the documents that the API derives from one."""

from iqm_mock_server.calibration.documents import calibration_set, dynamic_architecture, quality_metrics
from iqm_mock_server.calibration.history import CalibrationHistory
from iqm_mock_server.calibration.runs import CalibrationRuns

__all__ = [
    "CalibrationHistory",
    "CalibrationRuns",
    "calibration_set",
    "dynamic_architecture",
    "quality_metrics",
]
