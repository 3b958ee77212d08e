# SPDX-License-Identifier: Apache-2.0
"""How figures change from one calibration to the next.

Each figure wanders about the one that the machine started with, and never far: coherence times by at most a
third, infidelities by at most a half. What was made to fail once, a ruined coupler or one without any gate,
works again: each calibration calibrates all that the machine started with. How real machines drift is not
published; these widths are this project's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iqm_mock_server.calibration.figures import as_good_as_possible, with_figures, with_loci
from iqm_mock_server.machines import Coherence

if TYPE_CHECKING:
    import numpy as np

    from iqm_mock_server.machines import CalibrationFigures, Gate
    from iqm_mock_server.machines.model import LocusFigures

_PULL = 0.3
"""Share of the distance to the machine's first figure that one calibration makes good."""

_TIME_SPREAD = 0.08
_INFIDELITY_SPREAD = 0.12
_FARTHEST_TIME = 4 / 3
_FARTHEST_INFIDELITY = 1.5
_WORST_INFIDELITY = 0.5
"""What any gate and any readout can have; beyond it figures stop to describe a gate."""


def drifted(
    figures: CalibrationFigures, first: CalibrationFigures, random: np.random.Generator
) -> CalibrationFigures:
    """Return the figures of the next calibration.

    Parameters
    ----------
    figures
        Of the last calibration.
    first
        Those that the machine started with.
    random
        Source of the drift; the same one gives the same figures.
    """
    coherence = {}
    for name, home in first.coherence.items():
        last = figures.coherence[name]
        t1 = _wander(last.t1, home.t1, _TIME_SPREAD, _FARTHEST_TIME, random)
        t2 = _wander(last.t2, home.t2, _TIME_SPREAD, _FARTHEST_TIME, random)
        coherence[name] = Coherence(t1=t1, t2=min(t2, 2 * t1))
    gates = {
        name: with_loci(
            gate,
            tuple(
                _drifted_locus(name, gate, at, figures.at(name, at.locus), coherence, random)
                for at in gate.loci
            ),
        )
        for name, gate in first.gates.items()
    }
    return with_figures(figures, coherence, gates)


def _drifted_locus(
    name: str,
    gate: Gate,
    home: LocusFigures,
    last: LocusFigures | None,
    coherence: dict[str, Coherence],
    random: np.random.Generator,
) -> LocusFigures:
    if home.fidelity is None:
        return home
    start = home.fidelity if last is None or last.fidelity is None else last.fidelity
    infidelity = _wander(1 - start, 1 - home.fidelity, _INFIDELITY_SPREAD, _FARTHEST_INFIDELITY, random)
    infidelity = min(infidelity, max(1 - home.fidelity, _WORST_INFIDELITY))
    wandered = home.model_copy(update={"fidelity": 1 - infidelity})
    return as_good_as_possible(name, gate, wandered, coherence)


def _wander(last: float, home: float, spread: float, farthest: float, random: np.random.Generator) -> float:
    if home <= 0:
        return home
    pulled = last * (home / last) ** _PULL if last > 0 else home
    moved = pulled * float(random.lognormal(0.0, spread))
    return min(max(moved, home / farthest), home * farthest)
