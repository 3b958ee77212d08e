# SPDX-License-Identifier: Apache-2.0
"""Making calibration figures of others, without contradictions among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iqm_mock_server.machines import Gate
from iqm_mock_server.simulator.noise import NOISY_GATES, gate_channel

if TYPE_CHECKING:
    from iqm_mock_server.machines import CalibrationFigures, Coherence
    from iqm_mock_server.machines.model import LocusFigures

_STEP = 1.1


def with_figures(
    figures: CalibrationFigures, coherence: dict[str, Coherence], gates: dict[str, Gate]
) -> CalibrationFigures:
    """Return a calibration with other figures."""
    return figures.model_copy(update={"coherence": coherence, "gates": gates})


def with_loci(gate: Gate, loci: tuple[LocusFigures, ...]) -> Gate:
    """Return a gate with other loci; not a copy, which would keep the old one's index of them."""
    return Gate(implementation=gate.implementation, duration=gate.duration, loci=loci)


def as_good_as_possible(
    name: str, gate: Gate, at: LocusFigures, coherence: dict[str, Coherence]
) -> LocusFigures:
    """Lower a fidelity that is better than the coherence times allow."""
    if at.fidelity is None or name not in NOISY_GATES:
        return at
    infidelity = 1 - at.fidelity
    # That of a gate after which nothing is left but chance, which no coherence times contradict.
    worst = 1 - 0.5 ** len(at.locus)
    while not _feasible(gate, at, 1 - infidelity, coherence):
        infidelity = min(infidelity * _STEP if infidelity > 0 else 1e-6, worst)
    return at.model_copy(update={"fidelity": 1 - infidelity})


def _feasible(gate: Gate, at: LocusFigures, fidelity: float, coherence: dict[str, Coherence]) -> bool:
    try:
        gate_channel(
            [coherence[component] for component in at.locus],
            gate.duration if at.duration is None else at.duration,
            fidelity,
        )
    except ValueError:
        return False
    return True
