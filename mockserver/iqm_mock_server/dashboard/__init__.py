# SPDX-License-Identifier: Apache-2.0
"""The dashboard: a page at ``/`` that shows the machines, their jobs and their calibrations."""

from iqm_mock_server.dashboard.data import blueprint as data
from iqm_mock_server.dashboard.page import blueprint as page

__all__ = ["BLUEPRINTS"]

BLUEPRINTS = (page, data)
