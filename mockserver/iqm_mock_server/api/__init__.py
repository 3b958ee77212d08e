# SPDX-License-Identifier: Apache-2.0
"""The HTTP resources, one blueprint each."""

from iqm_mock_server.api.access import CONTROL, EXTENSION, TOKENS
from iqm_mock_server.api.calibration_sets import blueprint as calibration_sets
from iqm_mock_server.api.cocos import blueprint as cocos
from iqm_mock_server.api.control import blueprint as control
from iqm_mock_server.api.jobs import blueprint as jobs
from iqm_mock_server.api.quantum_computers import blueprint as quantum_computers
from iqm_mock_server.api.server import blueprint as server
from iqm_mock_server.api.tokens import blueprint as tokens
from iqm_mock_server.api.tokens import refreshing

__all__ = ["BLUEPRINTS", "CONTROL", "CONTROL_BLUEPRINT", "EXTENSION", "TOKENS"]

BLUEPRINTS = (server, quantum_computers, calibration_sets, jobs, tokens, refreshing, cocos)
CONTROL_BLUEPRINT = control
