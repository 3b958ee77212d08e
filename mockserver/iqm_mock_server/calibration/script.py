# SPDX-License-Identifier: Apache-2.0
"""What the next calibration finds, where somebody wants to decide that: a ruined coupler, for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from iqm_mock_server.calibration.figures import as_good_as_possible, with_figures, with_loci
from iqm_mock_server.machines.model import (
    Coherence,
    Fidelity,
    Gate,
    Locus,
    Seconds,
)

if TYPE_CHECKING:
    from iqm_mock_server.machines import CalibrationFigures


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CoherenceChange(_Model):
    """New relaxation times of one component; what is left out stays."""

    t1: Seconds | None = None
    t2: Seconds | None = None


class GateChange(_Model):
    """New figures of one gate at one locus.

    Parameters
    ----------
    missing
        The gate could not be calibrated there.
    """

    gate: str
    locus: Locus = Field(min_length=1)
    fidelity: Fidelity | None = None
    duration: Seconds | None = None
    missing: bool = False

    @model_validator(mode="after")
    def _either(self) -> Self:
        if self.missing and (self.fidelity is not None or self.duration is not None):
            raise ValueError("a gate that is missing has no figures")
        return self


class Script(_Model):
    """How one calibration ends.

    Parameters
    ----------
    error
        The calibration fails with this text.
    seconds
        How long it takes, before the server's speed is applied; as long as any other when left out.
    drift
        Whether everything else drifts as in any calibration.
    coherence, gates
        Figures that come out as given here.
    """

    error: str | None = None
    seconds: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    drift: bool = True
    coherence: dict[str, CoherenceChange] = Field(default_factory=dict)
    gates: list[GateChange] = Field(default_factory=list)


def apply(script: Script, figures: CalibrationFigures) -> CalibrationFigures:
    """Return figures with the script's changes.

    Raises
    ------
    ValueError
        When the script names a component or a locus that is not calibrated, or a figure that cannot be.
    """
    coherence = dict(figures.coherence)
    for name, change in script.coherence.items():
        if name not in coherence:
            raise ValueError(f"coherence: there is no component {name!r}")
        new = {key: value for key, value in change.model_dump().items() if value is not None}
        coherence[name] = Coherence.model_validate(coherence[name].model_dump() | new)
    # What shorter times make impossible gets worse with them; what is scripted stays as it is.
    gates = {
        name: with_loci(gate, tuple(as_good_as_possible(name, gate, at, coherence) for at in gate.loci))
        for name, gate in figures.gates.items()
    }
    for gate_change in script.gates:
        if gate_change.gate not in gates:
            raise ValueError(f"gates: there is no gate {gate_change.gate!r}")
        found = figures.at(gate_change.gate, gate_change.locus)
        if found is None:
            raise ValueError(f"gates: {gate_change.gate} is not calibrated at {list(gate_change.locus)}")
        gates[gate_change.gate] = _changed(gates[gate_change.gate], found.locus, gate_change)
    return with_figures(figures, coherence, gates)


def _changed(gate: Gate, locus: Locus, change: GateChange) -> Gate:
    loci = []
    for at in gate.loci:
        if at.locus != locus:
            loci.append(at)
        elif not change.missing:
            new = {"fidelity": change.fidelity, "duration": change.duration}
            loci.append(at.model_copy(update={key: value for key, value in new.items() if value is not None}))
    return with_loci(gate, tuple(loci))
