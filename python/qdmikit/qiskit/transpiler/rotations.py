# SPDX-License-Identifier: Apache-2.0
"""One-qubit unitaries as a z rotation after an r gate, numbers or symbols.

With `R(theta, phi) = exp(-i theta/2 (cos(phi) X + sin(phi) Y))` and `RZ(a) = exp(-i a/2 Z)`, each one-qubit
unitary is `RZ(a) R(theta, phi)` up to a global phase, and z rotations move forward through r gates by

    R(theta, phi) RZ(a) = RZ(a) R(theta, phi - a)

(D. C. McKay et al., "Efficient Z gates for quantum computing", Phys. Rev. A 96, 022330 (2017)). A z rotation
that has to be played after all costs one r gate more:

    RZ(a) R(theta, phi) = R(pi, phi + a/2) R(pi - theta, phi + pi)
"""

import cmath
import math
from typing import Any, NamedTuple, TypeAlias

from qiskit.circuit import ParameterExpression

Matrix: TypeAlias = tuple[complex, complex, complex, complex]
"""A 2 x 2 unitary, row by row."""

Angle: TypeAlias = Any
"""Radians: a float, or an expression of parameters that are not bound yet."""

IDENTITY: Matrix = (1.0 + 0j, 0j, 0j, 1.0 + 0j)

NEGLIGIBLE = 1e-9
"""Rotations by less (rad) are none; the numbers are products of a few rounded ones."""


class Rotation(NamedTuple):
    """A unitary taken apart: `exp(i phase) RZ(z) R(theta, phi)`, all in radians.

    Attributes
    ----------
    phase, z
        The global phase and the angle of the z rotation.
    theta, phi
        Angle, in [0, pi], and axis of the r gate.
    """

    phase: float
    z: float
    theta: float
    phi: float

    @property
    def is_diagonal(self) -> bool:
        """Whether nothing but the z rotation is left."""
        return self.theta == 0.0

    @property
    def is_flip(self) -> bool:
        """Whether it takes |0> to |1> and back."""
        return self.theta == math.pi


def multiply(left: Matrix, right: Matrix) -> Matrix:
    """Return the product; `right` acts first."""
    a, b, c, d = left
    e, f, g, h = right
    return (a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h)


def r_matrix(theta: float, phi: float) -> Matrix:
    """Return the matrix of `R(theta, phi)`."""
    cosine, sine = math.cos(theta / 2), math.sin(theta / 2)
    axis = cmath.rect(1.0, phi)
    return (cosine + 0j, -1j * sine * axis.conjugate(), -1j * sine * axis, cosine + 0j)


def rz_matrix(angle: float) -> Matrix:
    """Return the matrix of `RZ(angle)`."""
    half = cmath.rect(1.0, angle / 2)
    return (half.conjugate(), 0j, 0j, half)


def take_apart(matrix: Matrix) -> Rotation:
    """Write a unitary as `exp(i phase) RZ(z) R(theta, phi)`.

    Parameters
    ----------
    matrix
        A unitary, row by row.
    """
    m00, m01, m10, m11 = matrix
    theta = 2 * math.atan2(abs(m10), abs(m00))
    if theta < NEGLIGIBLE:
        low, high = cmath.phase(m00), cmath.phase(m11)
        return Rotation((low + high) / 2, high - low, 0.0, 0.0)
    if math.pi - theta < NEGLIGIBLE:  # z and phi are one angle here; let it be phi
        low, high = cmath.phase(m01), cmath.phase(m10)
        return Rotation((low + high + math.pi) / 2, 0.0, math.pi, (high - low) / 2)
    low, high = cmath.phase(m00), cmath.phase(m11)
    phi = cmath.phase(m10) + math.pi / 2 - high
    return Rotation((low + high) / 2, high - low, theta, phi)


def as_r_gates(z: Angle, theta: float, phi: Angle) -> tuple[list[tuple[Angle, Angle]], Angle]:
    """Write `RZ(z) R(theta, phi)` with as few r gates as there can be.

    Parameters
    ----------
    z, theta, phi
        Radians; `theta` is a number.

    Returns
    -------
    The r gates' `(theta, phi)` in the order in which they act, and the global phase that the gates lack, in
    radians.
    """
    if not isinstance(z, ParameterExpression):
        turns = round(z / (2 * math.pi))
        if abs(z - 2 * math.pi * turns) < NEGLIGIBLE:  # RZ(2 pi) = -1
            return ([(theta, phi)] if theta else []), math.pi * (turns % 2)
    gates = [(math.pi - theta, phi + math.pi), (math.pi, phi + z / 2)]
    return [gate for gate in gates if gate[0] > NEGLIGIBLE], 0.0


def normalised(angle: Angle) -> Angle:
    """Return a number as the same angle in [-pi, pi], and anything else as it is."""
    return angle if isinstance(angle, ParameterExpression) else math.remainder(angle, 2 * math.pi)
