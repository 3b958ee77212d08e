# SPDX-License-Identifier: Apache-2.0
"""From a payload's circuits to `Circuit`, on physical components."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from iqm_mock_server.circuits.program import (
    Barrier,
    Circuit,
    ConditionalPrx,
    Cz,
    Delay,
    Measure,
    Move,
    Operation,
    Prx,
    Reset,
)
from iqm_mock_server.errors import InvalidPayload
from iqm_mock_server.schemas.problems import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iqm_mock_server.machines import Locus
    from iqm_mock_server.schemas.run_request import CircuitBody, InstructionBody, RunRequest

_RESERVED_KEYS = {"__HERALD", "__ONLY_PROBE", "__ADDITIONAL_SUBSCRIPTION"}

_Angle = Annotated[float, Field(allow_inf_nan=False)]


class _Arguments(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _NoArguments(_Arguments):
    pass


class _RotationArguments(_Arguments):
    angle: _Angle | None = None
    phase: _Angle | None = None
    angle_t: _Angle | None = None
    phase_t: _Angle | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        radians = self.angle is not None and self.phase is not None
        turns = self.angle_t is not None and self.phase_t is not None
        given = [self.angle, self.phase, self.angle_t, self.phase_t]
        if radians == turns or sum(value is not None for value in given) != 2:
            raise PydanticCustomError(
                "angles", "either 'angle' and 'phase' or 'angle_t' and 'phase_t' are required"
            )
        return self

    def radians(self) -> tuple[float, float]:
        if self.angle is not None and self.phase is not None:
            return self.angle, self.phase
        return math.tau * (self.angle_t or 0.0), math.tau * (self.phase_t or 0.0)


class _MeasureArguments(_Arguments):
    key: str = Field(min_length=1)
    feedback_key: str | None = None


class _ConditionalArguments(_RotationArguments):
    feedback_key: str
    feedback_qubit: str


class _DelayArguments(_Arguments):
    duration: float = Field(ge=0, allow_inf_nan=False)


def read_circuits(request: RunRequest) -> tuple[Circuit, ...]:
    """Read all circuits of a request and apply its qubit mapping.

    Raises
    ------
    InvalidPayload
        When an operation is unknown, its arguments are wrong, or the mapping does not cover a circuit.
    """
    mapping = _qubit_mapping(request)
    return tuple(_read_program(index, program, mapping) for index, program in enumerate(request.circuits))


def _read_program(index: int, program: CircuitBody | str, mapping: dict[str, str] | None) -> Circuit:
    if not isinstance(program, str):
        return _read_circuit(index, program, mapping)
    # Here and not above: it brings an LLVM, which most jobs do not need.
    from iqm_mock_server.circuits.qir import read_qir

    return read_qir(index, program, mapping)


def _qubit_mapping(request: RunRequest) -> dict[str, str] | None:
    if request.qubit_mapping is None:
        return None
    mapping = {entry.logical_name: entry.physical_name for entry in request.qubit_mapping}
    if len(mapping) != len(request.qubit_mapping):
        raise InvalidPayload("qubit_mapping: a logical qubit is mapped twice.")
    if len(set(mapping.values())) != len(mapping):
        raise InvalidPayload("qubit_mapping: multiple logical qubits map to the same physical qubit.")
    return mapping


def _read_circuit(index: int, body: CircuitBody, mapping: dict[str, str] | None) -> Circuit:
    operations = []
    keys: set[str] = set()
    for position, instruction in enumerate(body.instructions):
        where = f"Circuit {index} ({body.name!r}), instruction {position} ({instruction.name!r})"
        operation = _read_instruction(where, instruction, mapping)
        if isinstance(operation, Measure):
            if operation.key in keys:
                raise InvalidPayload(f"{where}: Measurement key {operation.key!r} is not unique.")
            if operation.key in _RESERVED_KEYS:
                raise InvalidPayload(f"{where}: Measurement key {operation.key!r} is reserved.")
            keys.add(operation.key)
        operations.append(operation)
    return Circuit(body.name, tuple(operations))


def _read_instruction(where: str, instruction: InstructionBody, mapping: dict[str, str] | None) -> Operation:
    build = _BUILDERS.get(instruction.name)
    if build is None:
        raise InvalidPayload(
            f"{where}: unknown or unavailable operation; this server runs {', '.join(_BUILDERS)}."
        )
    try:
        locus = tuple(
            instruction.components if mapping is None else [mapping[q] for q in instruction.components]
        )
    except KeyError as error:
        raise InvalidPayload(f"{where}: qubit_mapping does not map {error}.") from error
    try:
        return build(locus, instruction.implementation, instruction.args)
    except ValidationError as error:
        raise InvalidPayload(f"{where}: args.{describe(error)}") from error


def _prx(locus: Locus, implementation: str | None, args: Mapping[str, object]) -> Operation:
    return Prx(locus, implementation, *_RotationArguments.model_validate(args).radians())


def _cz(locus: Locus, implementation: str | None, args: Mapping[str, object]) -> Operation:
    _NoArguments.model_validate(args)
    return Cz(locus, implementation)


def _move(locus: Locus, implementation: str | None, args: Mapping[str, object]) -> Operation:
    _NoArguments.model_validate(args)
    return Move(locus, implementation)


def _measure(locus: Locus, implementation: str | None, args: Mapping[str, object]) -> Operation:
    arguments = _MeasureArguments.model_validate(args)
    return Measure(locus, implementation, arguments.key, arguments.feedback_key)


def _cc_prx(locus: Locus, implementation: str | None, args: Mapping[str, object]) -> Operation:
    arguments = _ConditionalArguments.model_validate(args)
    return ConditionalPrx(
        locus, implementation, *arguments.radians(), arguments.feedback_key, arguments.feedback_qubit
    )


def _reset(locus: Locus, implementation: str | None, args: Mapping[str, object]) -> Operation:
    _NoArguments.model_validate(args)
    return Reset(locus, implementation)


def _barrier(locus: Locus, implementation: str | None, args: Mapping[str, object]) -> Operation:
    _NoArguments.model_validate(args)
    return Barrier(locus, implementation)


def _delay(locus: Locus, implementation: str | None, args: Mapping[str, object]) -> Operation:
    return Delay(locus, implementation, _DelayArguments.model_validate(args).duration)


_BUILDERS: dict[str, Callable[[Locus, str | None, Mapping[str, object]], Operation]] = {
    "prx": _prx,
    "cz": _cz,
    "move": _move,
    "measure": _measure,
    "cc_prx": _cc_prx,
    "reset": _reset,
    "barrier": _barrier,
    "delay": _delay,
}
