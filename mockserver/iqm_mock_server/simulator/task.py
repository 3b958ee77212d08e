# SPDX-License-Identifier: Apache-2.0
"""What is handed to the simulator process: one circuit with its noise spelt out, on qubits numbered from 0.

Times in seconds, angles in radians.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Method(enum.StrEnum):
    """Simulation methods, by the names qiskit-aer gives them."""

    STATEVECTOR = "statevector"
    DENSITY_MATRIX = "density_matrix"
    MATRIX_PRODUCT_STATE = "matrix_product_state"


@dataclass(frozen=True, slots=True)
class Rotation:
    """A prx gate."""

    qubit: int
    angle: float
    phase: float


@dataclass(frozen=True, slots=True)
class ControlledZ:
    """A cz gate."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class MeasureBit:
    """A measurement of one qubit into one bit."""

    qubit: int
    bit: int


@dataclass(frozen=True, slots=True)
class ResetQubit:
    """A reset to the ground state."""

    qubit: int


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Amplitude damping (t1) and dephasing (t2) over a time."""

    qubit: int
    t1: float
    t2: float
    duration: float


@dataclass(frozen=True, slots=True)
class Depolarization:
    """The channel ``(1 - p) rho + p I / d`` on some qubits."""

    qubits: tuple[int, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class Conditional:
    """Steps that happen when a bit is 1, and others that happen when it is 0."""

    bit: int
    if_one: tuple[Step, ...]
    if_zero: tuple[Step, ...]


Step = Rotation | ControlledZ | MeasureBit | ResetQubit | Relaxation | Depolarization | Conditional


@dataclass(frozen=True, slots=True)
class Task:
    """One circuit to sample.

    Parameters
    ----------
    readout_errors
        Per qubit: probability of reading 0 as 1, and of reading 1 as 0. Empty for a perfect readout.
    seed
        31 bits; the same task with the same seed gives the same samples.
    """

    qubits_num: int
    bits_num: int
    steps: tuple[Step, ...]
    readout_errors: tuple[tuple[float, float], ...]
    shots: int
    seed: int
    method: Method


@dataclass(frozen=True, slots=True)
class Samples:
    """Outcomes of one task.

    Parameters
    ----------
    packed
        Shape ``(shots, ceil(bits_num / 8))``, bit ``k`` of a shot in byte ``k // 8`` at weight ``2 ** (k %
        8)``.
    """

    packed: npt.NDArray[np.uint8]
    bits_num: int
