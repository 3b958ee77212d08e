# SPDX-License-Identifier: Apache-2.0
"""From published figures to channels.

A gate takes time, and in that time its qubits relax; the published fidelity of the gate already contains
that. So relaxation comes first and a depolarizing channel only makes up what is missing, such that the
average fidelity of the whole channel is the published one. With the process fidelity ``F_pro = tr(R) /
d**2`` of a channel's Pauli transfer matrix ``R``, the average fidelity is ``(d F_pro + 1) / (d + 1)`` [1]_;
relaxation of one qubit has ``tr(R) = 1 + 2 exp(-t/t2) + exp(-t/t1)``, and depolarizing after it scales all
but the leading 1.

A published t2 comes from a Ramsey experiment, which is dominated by slow noise that a short gate hardly
sees. Where relaxation alone would exceed the published infidelity, pure dephasing during the gate is
therefore reduced until it does not; amplitude damping stays as it is.

.. [1] M. A. Nielsen, Phys. Lett. A 303, 249 (2002), arXiv:quant-ph/0205035.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iqm_mock_server.machines import CalibrationFigures, Coherence

_BISECTIONS = 60
"""Halvings of an interval of length one, down to rounding error."""


NOISY_GATES = frozenset({"prx", "cz", "move"})
"""Gates whose noise follows from their fidelity; a readout's fidelity describes its outcome instead."""


@dataclass(frozen=True, slots=True)
class GateChannel:
    """The noise that follows a perfect gate.

    Parameters
    ----------
    relaxation
        Per qubit of the locus: t1 and the t2 that is effective during the gate, in seconds.
    duration
        Seconds over which the qubits relax.
    depolarization
        Probability ``p`` of the depolarizing channel on all qubits of the locus.
    """

    relaxation: tuple[tuple[float, float], ...]
    duration: float
    depolarization: float


def gate_channel(coherences: Sequence[Coherence], duration: float, fidelity: float) -> GateChannel:
    """Return the channel of a gate.

    Parameters
    ----------
    coherences
        One for each qubit of the locus.
    duration
        Of the gate, in seconds.
    fidelity
        Published average gate fidelity.

    Raises
    ------
    ValueError
        When amplitude damping alone is worse than the published fidelity: the figures contradict each other.
        Also when the fidelity is below that of pure chance.
    """
    d = 1 << len(coherences)
    if fidelity < 1 / d:
        raise ValueError(f"a fidelity of {fidelity} is below {1 / d}, that of pure chance")
    wanted = ((d + 1) * fidelity - 1) / d

    def relaxed(dephasing: float) -> float:
        return math.prod(_process_fidelity(c.t1, _effective_t2(c, dephasing), duration) for c in coherences)

    if relaxed(0.0) < wanted:
        raise ValueError(
            f"a fidelity of {fidelity} contradicts t1 = {[c.t1 for c in coherences]} s: "
            f"in {duration} s amplitude damping alone brings it down to {(d * relaxed(0.0) + 1) / (d + 1)}"
        )
    low, high = 0.0, 1.0
    if relaxed(1.0) >= wanted:
        low = 1.0
    else:
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            low, high = (middle, high) if relaxed(middle) >= wanted else (low, middle)
    reached = relaxed(low)
    # Nothing is left to depolarize after a gate that takes longer than the qubits remember anything.
    kept = (d * d * wanted - 1) / (d * d * reached - 1) if d * d * reached > 1 else 1.0
    return GateChannel(
        relaxation=tuple((c.t1, _effective_t2(c, low)) for c in coherences),
        duration=duration,
        depolarization=max(0.0, 1 - kept),
    )


def check_figures(figures: CalibrationFigures) -> None:
    """Check that every gate of a calibration set has a channel, and every readout its errors.

    Raises
    ------
    ValueError
        Naming the gate and the locus whose figures contradict each other.
    """
    for name in NOISY_GATES & figures.gates.keys():
        for at in figures.gates[name].loci:
            if at.fidelity is None:
                continue
            try:
                gate_channel(
                    [figures.coherence[component] for component in at.locus],
                    figures.duration_at(name, at.locus),
                    at.fidelity,
                )
            except ValueError as error:
                raise ValueError(f"{name} at {list(at.locus)}: {error}") from error
    for at in figures.gates["measure"].loci if "measure" in figures.gates else ():
        if at.fidelity is not None and max(readout_errors(figures, at.fidelity)) > 1:
            raise ValueError(
                f"measure at {list(at.locus)}: a fidelity of {at.fidelity} makes a readout error above 1: "
                f"readout_one_to_zero_share is {figures.readout_one_to_zero_share}"
            )


def readout_errors(figures: CalibrationFigures, fidelity: float) -> tuple[float, float]:
    """Split a readout fidelity into the two errors it averages.

    Returns
    -------
    tuple[float, float]
        Probability of reading 0 as 1, and of reading 1 as 0; their mean is ``1 - fidelity``.
    """
    error = 2 * (1 - fidelity)
    share = figures.readout_one_to_zero_share
    return error * (1 - share), error * share


def average_fidelity(channel: GateChannel) -> float:
    """Return the average fidelity of a gate's channel."""
    d = 1 << len(channel.relaxation)
    relaxed = math.prod(_process_fidelity(t1, t2, channel.duration) for t1, t2 in channel.relaxation)
    process = (1 + (1 - channel.depolarization) * (d * d * relaxed - 1)) / (d * d)
    return (d * process + 1) / (d + 1)


def _process_fidelity(t1: float, t2: float, duration: float) -> float:
    return (1 + 2 * math.exp(-duration / t2) + math.exp(-duration / t1)) / 4


def _effective_t2(coherence: Coherence, dephasing: float) -> float:
    """Scale the pure dephasing rate ``1/t2 - 1/(2 t1)`` by a factor between 0 and 1."""
    damping = 1 / (2 * coherence.t1)
    return min(1 / (damping + dephasing * (1 / coherence.t2 - damping)), 2 * coherence.t1)
