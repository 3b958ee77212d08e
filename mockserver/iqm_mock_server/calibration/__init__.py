# SPDX-License-Identifier: Apache-2.0
"""Calibration sets and the three documents that the API derives from one."""

from iqm_mock_server.calibration.documents import calibration_set, dynamic_architecture, quality_metrics
from iqm_mock_server.calibration.history import CalibrationHistory

__all__ = ["CalibrationHistory", "calibration_set", "dynamic_architecture", "quality_metrics"]
