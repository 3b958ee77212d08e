# SPDX-License-Identifier: Apache-2.0
"""Rotations that are Clifford gates, which is what a stabilizer simulation can do."""

from __future__ import annotations

import math

_TOLERANCE = 1e-9
"""Radians by which an angle may miss a multiple of a quarter turn: clients write some 15 digits."""


def clifford_gates(angle: float, phase: float) -> tuple[str, ...] | None:
    """Write a prx as Clifford gates.

    Parameters
    ----------
    angle, phase
        Of the prx, in radians.

    Returns
    -------
    tuple[str, ...] or None
        Names of qiskit's gates in the order in which they act, equal to the prx up to a global phase; None
        when the prx is not a Clifford gate.
    """
    quarters = _multiple(angle, math.pi / 2)
    if quarters is None:
        return None
    quarters %= 4
    if quarters == 0:
        return ()
    if quarters == 2:
        # prx(pi, phase) = X Rz(-2 phase), so that half a quarter turn of the phase will do.
        turned = _multiple(2 * phase, math.pi / 2)
        return None if turned is None else (*("s",) * (-turned % 4), "x")
    turned = _multiple(phase, math.pi / 2)
    if turned is None:
        return None
    # prx(angle, phase) = Rz(phase) Rx(angle) Rz(-phase).
    return (*("s",) * (-turned % 4), "sx" if quarters == 1 else "sxdg", *("s",) * (turned % 4))


def _multiple(angle: float, unit: float) -> int | None:
    nearest = round(angle / unit)
    return nearest if abs(angle - nearest * unit) <= _TOLERANCE else None
