# SPDX-License-Identifier: Apache-2.0
"""The HTTP resources, one blueprint each."""

from iqm_mock_server.api.access import EXTENSION
from iqm_mock_server.api.calibration_sets import blueprint as calibration_sets
from iqm_mock_server.api.cocos import blueprint as cocos
from iqm_mock_server.api.jobs import blueprint as jobs
from iqm_mock_server.api.quantum_computers import blueprint as quantum_computers

__all__ = ["BLUEPRINTS", "EXTENSION"]

BLUEPRINTS = (quantum_computers, calibration_sets, jobs, cocos)
