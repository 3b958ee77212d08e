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


TWIRLED_TIME = 0.01
"""Relaxation with t2 > t1 is no mixture of Clifford gates, so in stabilizer simulations its Pauli twirl
stands for it. That has the same average fidelity but relaxes to an even mixture rather than to 0: a
difference that does not show up to this multiple of t1."""


class Method(enum.StrEnum):
    """Simulation methods, by the names qiskit-aer gives them."""

    STATEVECTOR = "statevector"
    DENSITY_MATRIX = "density_matrix"
    MATRIX_PRODUCT_STATE = "matrix_product_state"
    STABILIZER = "stabilizer"


@dataclass(frozen=True, slots=True)
class Preparation:
    """How each shot begins.

    Parameters
    ----------
    heralded
        Whether the qubits in use are measured first, and shots in which one of them is not 0 are dropped.
    reset
        Whether the qubits are brought back to their ground state, as far as the machine can do that; else a
        shot begins in the state in which the last one ended.
    """

    heralded: bool = False
    reset: bool = True


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
class Exchange:
    """A move gate, for a pair that holds at most one excitation: 01 and 10 are swapped."""

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
class Excitation:
    """A bit flip that happens with a probability: a qubit that was not in its ground state."""

    qubit: int
    probability: float


@dataclass(frozen=True, slots=True)
class Conditional:
    """Steps that happen when a bit is 1, and others that happen when it is 0."""

    bit: int
    if_one: tuple[Step, ...]
    if_zero: tuple[Step, ...]


Step = (
    Rotation
    | ControlledZ
    | Exchange
    | MeasureBit
    | ResetQubit
    | Relaxation
    | Depolarization
    | Excitation
    | Conditional
)


@dataclass(frozen=True, slots=True)
class Task:
    """One circuit to sample.

    Parameters
    ----------
    opening
        Steps that bring the qubits into their first state: of every shot, or where shots are chained of the
        first one.
    steps
        What every shot does after that.
    readout_errors
        Per qubit: probability of reading 0 as 1, and of reading 1 as 0. Empty for a perfect readout.
    seed
        31 bits; the same task with the same seed gives the same samples.
    chained
        Whether each shot begins in the state in which the last one ended.
    heralds_num
        Bits that a chained task measures beyond `bits_num`: shots in which one of them is 1 are dropped.
    """

    qubits_num: int
    bits_num: int
    opening: tuple[Step, ...]
    steps: tuple[Step, ...]
    readout_errors: tuple[tuple[float, float], ...]
    shots: int
    seed: int
    method: Method
    chained: bool = False
    heralds_num: int = 0


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
