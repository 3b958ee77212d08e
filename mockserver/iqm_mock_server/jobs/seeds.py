# SPDX-License-Identifier: Apache-2.0
"""Seeds that depend on what is run and on nothing else, so that a result never depends on order or time."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from iqm_mock_server.circuits.program import Circuit
    from iqm_mock_server.simulator.task import Preparation


def job_seed(
    server_seed: int,
    circuits: tuple[Circuit, ...],
    shots: int,
    calibration_set_id: UUID,
    preparation: Preparation,
) -> int:
    """Return a job's seed.

    It is made of the circuits rather than of the payload's text, so that the same program written in
    another way (spaces, order of fields, turns for radians) gives the same result.
    """
    programs = [circuit.operations for circuit in circuits]
    return _digest(f"{server_seed}|{programs!r}|{shots}|{calibration_set_id}|{preparation!r}")


def circuit_seed(seed: int, index: int) -> int:
    """Return the seed of one circuit of a job: equal circuits of one job still give independent samples."""
    return _digest(f"{seed}|{index}")


def calibration_seed(server_seed: int, calibration_set_id: UUID, number: int) -> int:
    """Return the seed of a calibration: of what it starts from, and the how manieth of its machine it is."""
    return _digest(f"{server_seed}|{calibration_set_id}|calibration {number}")


def _digest(text: str) -> int:
    # 31 bits are what every random number generator involved accepts.
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") >> 1
