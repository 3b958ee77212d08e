# SPDX-License-Identifier: Apache-2.0
"""Devices whose qubits meet in computational resonators.

A qubit is moved into the resonator, other qubits do a cz with the resonator, and the qubit is moved back. For
transpiling such a device looks as if its qubits had a cz with each other; `InsertMoves` makes the moves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qiskit.circuit.library import CZGate
from qiskit.transpiler import InstructionProperties, Target

from qdmikit import Device, Operation, Site
from qdmikit.qiskit.move import MoveGate

Locus = tuple[int, ...]
Properties = dict[Locus, InstructionProperties | None]


@dataclass(frozen=True, eq=False)  # hashable, as arguments of passes have to be
class Resonators:
    """What qubits can do with resonators; qubits and resonators are numbered together.

    Attributes
    ----------
    move, cz
        Figures of the operations by locus, qubit first, resonator second.
    direct
        Figures of cz between two qubits, without a resonator.
    numbers
        The resonators' numbers, ascending; all are higher than any qubit's.
    """

    move: Mapping[Locus, InstructionProperties | None]
    cz: Mapping[Locus, InstructionProperties | None]
    direct: Mapping[Locus, InstructionProperties | None] = field(default_factory=dict)
    numbers: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", tuple(sorted({resonator for _, resonator in self.move})))

    def __bool__(self) -> bool:
        return bool(self.move) and bool(self.cz)

    def has_direct(self, one: int, other: int) -> bool:
        """Return whether two qubits have a cz without a resonator."""
        return (one, other) in self.direct or (other, one) in self.direct

    def ways(self, one: int, other: int) -> list[tuple[int, int]]:
        """Return which of two qubits can be moved where so that they have a cz, the best way first."""
        found = [
            (moved, resonator)
            for moved, still in ((one, other), (other, one))
            for resonator in self.numbers
            if (moved, resonator) in self.move and (still, resonator) in self.cz
        ]
        return sorted(found, key=lambda way: (self._error(way, other if way[0] == one else one), way))

    def pairs(self) -> Properties:
        """Return the figures of a cz between each two qubits that can have one, with the moves it takes."""
        qubits = sorted({qubit for qubit, _ in (*self.move, *self.cz)})
        figures: Properties = dict(self.direct)
        for one in qubits:
            for other in qubits:
                if one == other or self.has_direct(one, other):
                    continue
                if ways := self.ways(one, other):
                    moved, resonator = ways[0]
                    still = other if moved == one else one
                    figures[one, other] = InstructionProperties(
                        duration=self._duration((moved, resonator), still),
                        error=self._error((moved, resonator), still),
                    )
        return figures

    def move_error(self, way: tuple[int, int]) -> float:
        """Return the error of moving a qubit to a resonator; 0 if it is unknown."""
        return _number(self.move[way], "error")

    def _error(self, way: tuple[int, int], still: int) -> float:
        move, cz = self.move[way], self.cz[still, way[1]]
        return 1.0 - (1.0 - _number(move, "error")) ** 2 * (1.0 - _number(cz, "error"))

    def _duration(self, way: tuple[int, int], still: int) -> float:
        return 2 * _number(self.move[way], "duration") + _number(self.cz[still, way[1]], "duration")


def read_resonators(device: Device, qubit_of: Mapping[Site, int]) -> Resonators:
    """Read which qubits can move where, and where they can meet; empty for most devices.

    Parameters
    ----------
    device
        The device.
    qubit_of
        The number of each of its qubits. A site that is none keeps its place among the device's sites.
    """
    number_of = {site: number for number, site in enumerate(device.sites)} | dict(qubit_of)
    operations = {operation.name: operation for operation in device.operations}
    figures: dict[str, Properties] = {"move": {}, "cz": {}, "direct": {}}
    for name in ("move", "cz") if "move" in operations else ():
        operation = operations.get(name)
        for locus in (operation.sites if operation is not None else None) or ():
            if operation is None or len(locus) != 2 or locus[0] not in qubit_of:
                continue
            kind = "direct" if locus[1] in qubit_of else name
            figures[kind][number_of[locus[0]], number_of[locus[1]]] = instruction_properties(operation, locus)
    return Resonators(**figures)


def instruction_properties(operation: Operation, locus: Sequence[Site]) -> InstructionProperties | None:
    """Return duration (s) and error (1 - fidelity) of an operation at a locus, None if both are unknown.

    Parameters
    ----------
    operation, locus
        The operation and the sites on which it acts.
    """
    duration = operation.duration(*locus)
    fidelity = operation.fidelity(*locus)
    if duration is None and fidelity is None:
        return None
    return InstructionProperties(duration=duration, error=None if fidelity is None else 1.0 - fidelity)


def with_resonators(target: Target, resonators: Resonators) -> Target:
    """Return a target in which resonators are qubits, with the cz and move gates that are really there.

    Parameters
    ----------
    target
        The target in which qubits have a cz with each other.
    resonators
        What is really there.
    """
    whole = Target(description=target.description, num_qubits=1 + resonators.numbers[-1])
    for name in target.operation_names:
        operation = target.operation_from_name(name)
        if isinstance(operation, type):
            whole.add_instruction(operation, name=name)
        elif name != "cz":
            whole.add_instruction(operation, dict(target[name]))
    whole.add_instruction(CZGate(), {**resonators.direct, **resonators.cz})
    whole.add_instruction(MoveGate(), dict(resonators.move))
    return whole


def _number(properties: InstructionProperties | None, name: str) -> float:
    value: float | None = getattr(properties, name, None)
    return value or 0.0


class ResonatorTarget(Target):  # type: ignore[misc] # Qiskit ships no types
    """A Target whose cz gates go through resonators, which are no qubits of it."""

    resonators: Resonators = Resonators({}, {})

    def __getstate__(self) -> tuple[Any, Resonators]:
        return super().__getstate__(), self.resonators

    def __setstate__(self, state: tuple[Any, Resonators]) -> None:
        super().__setstate__(state[0])
        self.resonators = state[1]
