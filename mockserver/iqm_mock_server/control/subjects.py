# SPDX-License-Identifier: Apache-2.0
"""Which quantum computer a request is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote
from uuid import UUID

from iqm_mock_server.errors import ApiError

if TYPE_CHECKING:
    from iqm_mock_server.computers import QuantumComputer, QuantumComputers

_NAMED = re.compile("/api/v1/(?:quantum-computers|calibration-sets|jobs)/([^/]+)(?:/.*)?")
_RUN = re.compile("/cocos/api/v4/calibration/runs(?:/([^/]+)/.*)?")


def subject_of(computers: QuantumComputers, path: str, query: str) -> QuantumComputer | None:
    """Return the quantum computer that a request is about; None when it is about none, or all."""
    try:
        if named := _NAMED.fullmatch(path):
            return _named(computers, unquote(named[1]))
        if run := _RUN.fullmatch(path):
            return _calibrated(computers, run[1], query)
    except (ApiError, ValueError):
        # Nobody knows it, which the server will say itself.
        pass
    return None


def _named(computers: QuantumComputers, name: str) -> QuantumComputer | None:
    for computer in computers:
        if name in computer.names:
            return computer
    engine = computers.engine_of(UUID(name))
    return next(computer for computer in computers if computer.engine is engine)


def _calibrated(computers: QuantumComputers, run: str | None, query: str) -> QuantumComputer | None:
    if run is not None:
        run_id = UUID(run)
        return next((each for each in computers if each.calibration_runs.owns(run_id)), None)
    alias = parse_qs(query).get("qc")
    return next(iter(computers)) if alias is None else computers.find(alias[0])
