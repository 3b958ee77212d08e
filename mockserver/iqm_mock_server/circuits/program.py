# SPDX-License-Identifier: Apache-2.0
"""A circuit in one form, whichever of the wire forms it came in. Angles in radians, times in seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from iqm_mock_server.machines import Locus


@dataclass(frozen=True, slots=True)
class Operation:
    """One instruction on physical components.

    Parameters
    ----------
    locus
        Components it acts on, in the instruction's own order.
    implementation
        Implementation asked for; ``None`` for the default one.
    """

    name: ClassVar[str]
    locus: Locus
    implementation: str | None


@dataclass(frozen=True, slots=True)
class Prx(Operation):
    """``exp(-i (X cos phase + Y sin phase) angle / 2)``."""

    name = "prx"
    angle: float
    phase: float


@dataclass(frozen=True, slots=True)
class Cz(Operation):
    """``diag(1, 1, 1, -1)``."""

    name = "cz"


@dataclass(frozen=True, slots=True)
class Move(Operation):
    """Swaps 01 and 10 between a qubit and a computational resonator; the locus is in this order."""

    name = "move"


@dataclass(frozen=True, slots=True)
class Measure(Operation):
    """Measurement in the Z basis; the result has one bit per component, in locus order."""

    name = "measure"
    key: str
    feedback_key: str | None


@dataclass(frozen=True, slots=True)
class ConditionalPrx(Operation):
    """A `Prx` that happens iff the latest measurement with this feedback key gave 1 on the feedback qubit."""

    name = "cc_prx"
    angle: float
    phase: float
    feedback_key: str
    feedback_qubit: str


@dataclass(frozen=True, slots=True)
class Reset(Operation):
    """Active reset to the ground state."""

    name = "reset"


@dataclass(frozen=True, slots=True)
class Barrier(Operation):
    """Nothing after it on these components starts before everything ahead of it has ended."""

    name = "barrier"


@dataclass(frozen=True, slots=True)
class Delay(Operation):
    """The components idle for a time."""

    name = "delay"
    duration: float


@dataclass(frozen=True, slots=True)
class Circuit:
    """A named sequence of operations."""

    name: str
    operations: tuple[Operation, ...]

    @property
    def measurements(self) -> list[Measure]:
        """The measurements, in program order."""
        return [operation for operation in self.operations if isinstance(operation, Measure)]

    @property
    def active(self) -> frozenset[str]:
        """Components whose state can change: idling and barriers leave the ground state as it is."""
        return frozenset(
            component
            for operation in self.operations
            if not isinstance(operation, Barrier | Delay)
            for component in operation.locus
        )
