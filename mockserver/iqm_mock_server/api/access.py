# SPDX-License-Identifier: Apache-2.0
"""How a request handler reaches the quantum computers and the tokens of its application."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from iqm_mock_server.computers import QuantumComputers
    from iqm_mock_server.tokens import TokenRegistry

EXTENSION = "iqm_mock_server"
TOKENS = "iqm_mock_server.tokens"
CONTROL = "iqm_mock_server.control"


def computers() -> QuantumComputers:
    """Return the quantum computers of the current application."""
    return cast("QuantumComputers", current_app.extensions[EXTENSION])


def tokens() -> TokenRegistry:
    """Return the tokens of the current application."""
    return cast("TokenRegistry", current_app.extensions[TOKENS])
