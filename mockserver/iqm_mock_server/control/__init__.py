# SPDX-License-Identifier: Apache-2.0
"""Making a server misbehave on purpose, and writing down what was asked of it."""

from iqm_mock_server.control.ledger import Ledger
from iqm_mock_server.control.middleware import Control
from iqm_mock_server.control.plan import FaultPlan, Legacy, load_plan

__all__ = ["Control", "FaultPlan", "Ledger", "Legacy", "load_plan"]
