# SPDX-License-Identifier: Apache-2.0
"""How a request handler reaches the quantum computers of its application."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from iqm_mock_server.computers import QuantumComputers

EXTENSION = "iqm_mock_server"


def computers() -> QuantumComputers:
    """Return the quantum computers of the current application."""
    return cast("QuantumComputers", current_app.extensions[EXTENSION])
