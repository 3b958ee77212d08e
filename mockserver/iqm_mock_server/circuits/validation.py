# SPDX-License-Identifier: Apache-2.0
"""Whether a machine, as calibrated, can run a circuit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iqm_mock_server.circuits.moves import check_moves
from iqm_mock_server.circuits.program import (
    Barrier,
    Circuit,
    ConditionalPrx,
    Delay,
    Measure,
    Operation,
    Reset,
)
from iqm_mock_server.errors import InvalidPayload

if TYPE_CHECKING:
    from iqm_mock_server.machines import CalibrationFigures, Machine
    from iqm_mock_server.schemas.run_request import MoveValidation

# These have no calibration of their own.
_UNCALIBRATED = (Barrier, Delay, Reset)

_PARTS = {"cc_prx": ("cc_prx", "prx"), "reset": ("measure", "cc_prx", "prx")}
"""Gates that must be calibrated at each component: a conditional pulse is a prx, and a reset is a measurement
with such a pulse after it."""


def validate_circuits(
    circuits: tuple[Circuit, ...],
    shots: int,
    machine: Machine,
    figures: CalibrationFigures,
    move_validation: MoveValidation,
) -> None:
    """Check circuits against a machine's limits and calibrated loci, and their MOVE gates.

    Raises
    ------
    InvalidPayload
        Naming the first circuit and instruction that cannot be run, and why.
    """
    _check_limits(circuits, shots, machine)
    for index, circuit in enumerate(circuits):
        measured: dict[str, Measure] = {}
        for position, operation in enumerate(circuit.operations):
            where = f"Circuit {index} ({circuit.name!r}), instruction {position} ({operation.name!r})"
            _check_locus(where, operation, machine, figures)
            if isinstance(operation, Measure) and operation.feedback_key is not None:
                measured[operation.feedback_key] = operation
            elif isinstance(operation, ConditionalPrx):
                _check_feedback(where, operation, measured)
        check_moves(index, circuit, move_validation)


def _check_limits(circuits: tuple[Circuit, ...], shots: int, machine: Machine) -> None:
    limits = machine.limits
    longest = max(len(circuit.operations) for circuit in circuits)
    for what, value, limit in (
        ("circuits", len(circuits), limits.max_circuits_per_job),
        ("shots", shots, limits.max_shots_per_circuit),
        ("executions (circuits x shots)", len(circuits) * shots, limits.max_executions_per_job),
        ("instructions in one circuit", longest, limits.max_instructions_per_circuit),
    ):
        if value > limit:
            raise InvalidPayload(f"Too many {what}: {value}, {machine.alias} takes {limit}.")


def _check_locus(where: str, operation: Operation, machine: Machine, figures: CalibrationFigures) -> None:
    unknown = [name for name in operation.locus if name not in machine.components]
    if unknown:
        raise InvalidPayload(f"{where}: {machine.alias} has no component {', '.join(unknown)}.")
    if isinstance(operation, _UNCALIBRATED):
        if operation.implementation is not None:
            raise InvalidPayload(f"{where}: the operation has no implementations to choose from.")
        _check_parts(where, operation, figures)
        return
    gate = figures.gates.get(operation.name)
    if gate is None:
        raise InvalidPayload(f"{where}: calibration set {figures.id} does not have this gate.")
    if operation.implementation not in {None, gate.implementation}:
        raise InvalidPayload(
            f"{where}: implementation {operation.implementation!r} is not calibrated, "
            f"{gate.implementation!r} is."
        )
    # A joint measurement is as many measurements of one qubit each.
    loci = [(name,) for name in operation.locus] if isinstance(operation, Measure) else [operation.locus]
    if any(figures.at(operation.name, locus) is None for locus in loci):
        raise InvalidPayload(f"{where}: not calibrated at locus {list(operation.locus)}.")
    _check_parts(where, operation, figures)


def _check_parts(where: str, operation: Operation, figures: CalibrationFigures) -> None:
    for part in _PARTS.get(operation.name, ()):
        for name in operation.locus:
            if figures.at(part, (name,)) is None:
                raise InvalidPayload(f"{where}: it needs {part}, which is not calibrated at {name}.")


def _check_feedback(where: str, operation: ConditionalPrx, measured: dict[str, Measure]) -> None:
    source = measured.get(operation.feedback_key)
    if source is None:
        raise InvalidPayload(
            f"{where}: no measurement before it has feedback_key {operation.feedback_key!r}."
        )
    if operation.feedback_qubit not in source.locus:
        raise InvalidPayload(
            f"{where}: the measurement with feedback_key {operation.feedback_key!r} "
            f"does not measure {operation.feedback_qubit}."
        )
