# SPDX-License-Identifier: Apache-2.0
"""Targets from the mock server's machine files, and an exact reading of circuits that measure on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pytest
from qiskit.circuit import Instruction, Parameter, QuantumCircuit
from qiskit.circuit.library import CZGate, Measure, RGate
from qiskit.quantum_info import Operator, Statevector
from qiskit.transpiler import InstructionProperties, QubitProperties, Target

from iqm_mock_server.machines import load_machine

Branches: TypeAlias = "dict[str, npt.NDArray[np.complex128]]"
ReadBranches: TypeAlias = Callable[[QuantumCircuit], Branches]


@pytest.fixture(scope="session")
def garnet_target() -> Target:
    """Return the 20-qubit machine's Target, errors and durations included."""
    machine = load_machine("garnet")
    index = {name: position for position, name in enumerate(machine.qubits)}
    figures = machine.calibration
    coherence = [figures.coherence[name] for name in machine.qubits]
    target = Target(qubit_properties=[QubitProperties(t1=one.t1, t2=one.t2) for one in coherence])
    gates = {"prx": RGate(Parameter("theta"), Parameter("phi")), "cz": CZGate(), "measure": Measure()}
    for name, gate in gates.items():
        properties = {}
        for place in figures.gates[name].loci:
            assert place.fidelity is not None
            properties[tuple(index[one] for one in place.locus)] = InstructionProperties(
                duration=figures.duration_at(name, place.locus), error=1 - place.fidelity
            )
        target.add_instruction(gate, properties)
    return target


Branch: TypeAlias = "tuple[tuple[int, ...], Statevector]"


@dataclass
class _Reader:
    """Follows every outcome of every measurement and reset; `left` are branches that broke out of a loop."""

    branches: list[Branch]
    left: list[Branch] = field(default_factory=list)

    def run(self, circuit: QuantumCircuit, qubits: list[int], clbits: list[int]) -> None:
        for entry in circuit.data:
            where = [qubits[circuit.find_bit(qubit).index] for qubit in entry.qubits]
            bits = [clbits[circuit.find_bit(bit).index] for bit in entry.clbits]
            operation: Any = entry.operation
            match entry.name:
                case "barrier" | "delay":
                    pass
                case "measure":
                    self.branches = [
                        after for one in self.branches for after in _measured(one, where[0], bits[0])
                    ]
                case "reset":
                    self.branches = [
                        after for one in self.branches for after in _measured(one, where[0], None)
                    ]
                case "break_loop":
                    self.left += self.branches
                    self.branches = []
                case "for_loop":
                    self.repeat(operation, where, bits)
                case "if_else":
                    bit, value = operation.condition
                    self.choose(operation.blocks, clbits[circuit.find_bit(bit).index], value, where, bits)
                case _:
                    self.branches = [(read, state.evolve(operation, where)) for read, state in self.branches]

    def repeat(self, loop: Instruction, where: list[int], bits: list[int]) -> None:
        finished: list[Branch] = []
        for _ in loop.params[0]:
            one = _Reader(self.branches)
            one.run(loop.blocks[0], where, bits)
            self.branches = one.branches
            finished += one.left
        self.branches += finished

    def choose(
        self, blocks: list[QuantumCircuit], position: int, value: int, where: list[int], bits: list[int]
    ) -> None:
        before, self.branches = self.branches, []
        for branch in before:
            taken = blocks[:1] if branch[0][position] == value else blocks[1:]
            one = _Reader([branch])
            for block in taken:
                one.run(block, where, bits)
            self.branches += one.branches
            self.left += one.left


def _measured(branch: Branch, qubit: int, bit: int | None) -> list[Branch]:
    """Project on both values; a reset, which has no bit, flips the qubit back to 0."""
    read, state = branch
    found = []
    for value in (0, 1):
        projector = np.zeros((2, 2))
        projector[0 if bit is None else value, value] = 1.0
        after = state.evolve(Operator(projector), [qubit])
        if np.linalg.norm(after.data) > 1e-9:
            found.append((read if bit is None else (*read[:bit], value, *read[bit + 1 :]), after))
    return found


@pytest.fixture(scope="session")
def read_branches() -> ReadBranches:
    """Return the unnormalised density matrix that a circuit leaves for each value of its classical bits.

    Equal ones mean equal distributions and equal states afterwards.
    """

    def read(circuit: QuantumCircuit) -> Branches:
        reader = _Reader([((0,) * circuit.num_clbits, Statevector.from_int(0, 2**circuit.num_qubits))])
        reader.run(circuit, list(range(circuit.num_qubits)), list(range(circuit.num_clbits)))
        assert not reader.left
        found: Branches = {}
        for outcome, state in reader.branches:
            key = "".join(map(str, outcome))
            found[key] = found.get(key, 0) + np.outer(state.data, state.data.conj())
        return found

    return read
