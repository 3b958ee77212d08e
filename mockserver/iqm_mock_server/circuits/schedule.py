# SPDX-License-Identifier: Apache-2.0
"""When each operation of a circuit happens, and for how long its qubits idle afterwards.

Operations start as late as possible (the ALAP discipline): a qubit then waits in its ground state, where
waiting does no harm, rather than in a superposition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iqm_mock_server.circuits.program import (
    Barrier,
    ConditionalPrx,
    Delay,
    Measure,
    Reset,
)

if TYPE_CHECKING:
    from iqm_mock_server.circuits.program import Circuit, Operation
    from iqm_mock_server.machines import CalibrationFigures


@dataclass(frozen=True, slots=True)
class Scheduled:
    """An operation, with the seconds of idling that follow it on each qubit that is used again."""

    operation: Operation
    idle: dict[str, float]


@dataclass(frozen=True, slots=True)
class Schedule:
    """All operations in program order, and the circuit's duration in seconds."""

    steps: tuple[Scheduled, ...]
    duration: float


def schedule(circuit: Circuit, figures: CalibrationFigures) -> Schedule:
    """Lay out a circuit in time.

    Parameters
    ----------
    circuit
        A circuit that the calibration set can run.
    figures
        Source of the durations.

    Returns
    -------
    Schedule
        Of the same length as the circuit's operations.
    """
    # Backwards through the circuit; times count from the circuit's end into its past.
    busy: dict[str, float] = {}
    needed: dict[str, float] = {}
    reversed_steps = []
    for operation in reversed(circuit.operations):
        end = max((busy.get(component, 0.0) for component in operation.locus), default=0.0)
        if isinstance(operation, Measure) and operation.feedback_key is not None:
            end = max(end, needed.pop(operation.feedback_key, 0.0))
        start = end + duration_of(operation, figures)
        if isinstance(operation, ConditionalPrx):
            key = operation.feedback_key
            needed[key] = max(needed.get(key, 0.0), start + figures.feedback_latency)
        reversed_steps.append(
            Scheduled(
                operation, {name: end - busy[name] for name in operation.locus if end > busy.get(name, end)}
            )
        )
        busy.update(dict.fromkeys(operation.locus, start))
    return Schedule(tuple(reversed(reversed_steps)), max(busy.values(), default=0.0))


def duration_of(operation: Operation, figures: CalibrationFigures) -> float:
    """Return how many seconds an operation takes."""
    if isinstance(operation, Barrier):
        return 0.0
    if isinstance(operation, Delay):
        return operation.duration
    if isinstance(operation, Reset):
        return figures.reset_duration
    if isinstance(operation, Measure):
        return max(figures.duration_at(operation.name, (component,)) for component in operation.locus)
    return figures.duration_at(operation.name, operation.locus)
