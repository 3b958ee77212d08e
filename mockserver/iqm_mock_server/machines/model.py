# SPDX-License-Identifier: Apache-2.0
"""The format of a machine file.

Times are in seconds, fidelities are average gate fidelities in [0, 1].
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Annotated, Literal, Self
from uuid import UUID  # noqa: TC003 - pydantic needs it at run time

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, FiniteFloat, model_validator

Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Fidelity = Annotated[float, Field(gt=0, le=1)]
Count = Annotated[int, Field(gt=0)]
Locus = tuple[str, ...]
# Names stand in the observations' names, whose parts are joined by "." and "__".
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9]+(_[A-Za-z0-9]+)*$")]

SYMMETRIC_GATES = frozenset({"cz"})
"""Gates whose locus may be given in either order."""

_FIDELITY_GATES = frozenset({"prx", "cz", "move", "measure"})
"""Gates that cannot be simulated without a fidelity."""
_RESONATOR_PLACES: dict[str, set[tuple[bool, ...]]] = {
    "prx": {(False,)},
    "cc_prx": {(False,)},
    "measure": {(False,)},
    "cz": {(False, False), (False, True)},
    "move": {(False, True)},
}
"""Which places of a locus can be resonators."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Coherence(_Model):
    """Relaxation and dephasing times of one component."""

    t1: Seconds
    t2: Seconds

    @model_validator(mode="after")
    def _physical(self) -> Self:
        if self.t2 > 2 * self.t1:
            raise ValueError(f"t2 = {self.t2} s is longer than 2 t1 = {2 * self.t1} s")
        return self


class LocusFigures(_Model):
    """One place where a gate is calibrated."""

    locus: Locus = Field(min_length=1)
    fidelity: Fidelity | None = None
    duration: Seconds | None = None


class Gate(_Model):
    """One native gate in its default implementation."""

    implementation: Name
    duration: Seconds
    loci: tuple[LocusFigures, ...]

    @cached_property
    def _by_locus(self) -> dict[Locus, LocusFigures]:
        return {figures.locus: figures for figures in self.loci}

    def find(self, locus: Locus, *, symmetric: bool = False) -> LocusFigures | None:
        """Return the figures calibrated at a locus (of a symmetric gate: in either order), if any."""
        found = self._by_locus.get(locus)
        if found is None and symmetric:
            found = self._by_locus.get(locus[::-1])
        return found


class CalibrationFigures(_Model):
    """What a calibration measures.

    Parameters
    ----------
    readout_one_to_zero_share
        Share of the readout error that is reading 1 as 0. A qubit that relaxes while it is read adds only
        to that.
    feedback_latency
        Seconds between the end of a measurement and the start of a gate that depends on it.
    thermal_population
        Probability that a qubit begins a shot in 1, as far as its readout errors leave room for that. The
        default is this project's own choice.
    """

    id: UUID
    created: AwareDatetime
    readout_one_to_zero_share: Fidelity
    reset_duration: Seconds
    feedback_latency: Seconds
    thermal_population: Annotated[float, Field(ge=0, lt=0.5)] = 0.01
    coherence: dict[str, Coherence]
    gates: dict[str, Gate]

    @property
    def created_utc(self) -> dt.datetime:
        """Moment of the calibration, in UTC."""
        return self.created.astimezone(dt.UTC)

    def at(self, gate: str, locus: Locus) -> LocusFigures | None:
        """Return what is calibrated for a gate at a locus, or None when it is not."""
        if gate not in self.gates:
            return None
        return self.gates[gate].find(locus, symmetric=gate in SYMMETRIC_GATES)

    def duration_at(self, gate: str, locus: Locus) -> float:
        """Return how many seconds a gate takes at a locus where it is calibrated."""
        figures = self.at(gate, locus)
        if figures is None or figures.duration is None:
            return self.gates[gate].duration
        return figures.duration


class Limits(_Model):
    """Largest job the machine takes; an execution is one shot of one circuit."""

    max_executions_per_job: Count
    max_instructions_per_circuit: Count
    max_circuits_per_job: Count
    max_shots_per_circuit: Count


class Machine(_Model):
    """One quantum computer with the calibration it starts with.

    Parameters
    ----------
    positions
        Where the dashboard draws each component, x to the right and y downwards, in units of the distance
        between two neighbours; left out, it finds a drawing by itself.
    """

    format: Literal[1]
    source: str
    id: UUID
    # "_" is refused because one of the clients maps the last "_" of an alias to ":".
    alias: str = Field(pattern=r"^[a-z0-9]+([:-][a-z0-9]+)*$")
    display_name: str
    description: str
    dut_label: str
    qubits: tuple[Name, ...] = Field(min_length=1)
    computational_resonators: tuple[Name, ...]
    connectivity: tuple[tuple[str, str], ...]
    positions: dict[str, tuple[FiniteFloat, FiniteFloat]] | None = None
    limits: Limits
    calibration: CalibrationFigures

    @property
    def components(self) -> tuple[str, ...]:
        """Qubits, then computational resonators."""
        return self.qubits + self.computational_resonators

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        components = set(self.components)
        if len(components) != len(self.components):
            raise ValueError("a component is listed twice")
        for pair in self.connectivity:
            _require_known(components, pair, "connectivity")
        if self.positions is not None and set(self.positions) != components:
            raise ValueError("positions must list exactly the machine's components")
        if set(self.calibration.coherence) != components:
            raise ValueError("calibration.coherence must list exactly the machine's components")
        couplers = {frozenset(pair) for pair in self.connectivity}
        for name, gate in self.calibration.gates.items():
            for figures in gate.loci:
                _require_known(components, figures.locus, f"gate {name}")
                self._check_locus(name, figures.locus, couplers)
                if name in _FIDELITY_GATES and figures.fidelity is None:
                    raise ValueError(f"gate {name} has no fidelity at {list(figures.locus)}")
            if len({figures.locus for figures in gate.loci}) != len(gate.loci):
                raise ValueError(f"gate {name} has a locus twice")
        return self

    def _check_locus(self, gate: str, locus: Locus, couplers: set[frozenset[str]]) -> None:
        resonators = tuple(name in self.computational_resonators for name in locus)
        if gate in _RESONATOR_PLACES and resonators not in _RESONATOR_PLACES[gate]:
            raise ValueError(f"gate {gate} cannot act on {list(locus)}, or not in this order")
        if len(locus) == 2 and frozenset(locus) not in couplers:
            raise ValueError(f"gate {gate} has a locus {list(locus)} that connectivity does not have")


def _require_known(components: set[str], locus: Locus, where: str) -> None:
    if unknown := [name for name in locus if name not in components]:
        raise ValueError(f"{where} names unknown components {unknown}")
