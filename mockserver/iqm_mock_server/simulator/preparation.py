# SPDX-License-Identifier: Apache-2.0
"""In which state shots begin, and what heralding makes of that.

A qubit that is left to itself is excited with a small probability, the thermal population. A published
readout error cannot tell that apart from a misread 0, because both look alike where it is measured; so what
is excited here is taken out of the readout errors, such that preparing a state and reading it at once fails
as often as published. Heralding removes most of the excitations and so is worth something.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from iqm_mock_server.simulator.noise import readout_errors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iqm_mock_server.machines import CalibrationFigures

_LARGEST_SHARE = 0.5
"""Share of the smaller one of a qubit's two readout errors that can be due to excitations."""


@dataclass(frozen=True, slots=True)
class QubitStart:
    """One qubit at the beginning of a shot.

    Parameters
    ----------
    excited
        Probability to be in 1.
    zero_to_one, one_to_zero
        Probability to read 0 as 1, and to read 1 as 0.
    """

    excited: float = 0.0
    zero_to_one: float = 0.0
    one_to_zero: float = 0.0

    @property
    def passes(self) -> float:
        """Probability that a heralding measurement gives 0."""
        return (1 - self.excited) * (1 - self.zero_to_one) + self.excited * self.one_to_zero

    def heralded(self) -> QubitStart:
        """Return the qubit after a heralding measurement that gave 0."""
        if self.excited == 0:
            return self
        excited = self.excited * self.one_to_zero / self.passes
        return QubitStart(excited, self.zero_to_one, self.one_to_zero)


def qubit_start(figures: CalibrationFigures, component: str) -> QubitStart:
    """Return how a component begins a shot; one that cannot be measured begins in its ground state."""
    calibrated = figures.at("measure", (component,))
    if calibrated is None or calibrated.fidelity is None:
        return QubitStart()
    zero_to_one, one_to_zero = readout_errors(figures, calibrated.fidelity)
    excited = min(figures.thermal_population, _LARGEST_SHARE * min(zero_to_one, one_to_zero))
    # The published errors are (1 - excited) of one error and excited of the complement of the other.
    zero, one = zero_to_one - excited, one_to_zero - excited
    return QubitStart(
        excited,
        ((1 - excited) * zero + excited * one) / (1 - 2 * excited),
        ((1 - excited) * one + excited * zero) / (1 - 2 * excited),
    )


def heralded_shots(starts: Iterable[QubitStart], shots: int, seed: int) -> int:
    """Draw how many shots a heralding measurement of all these qubits keeps."""
    passes = math.prod(start.passes for start in starts)
    # A stream of its own: the outcomes themselves are drawn from the bare seed.
    return int(np.random.default_rng([seed, 1]).binomial(shots, min(passes, 1.0)))
