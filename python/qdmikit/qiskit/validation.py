# SPDX-License-Identifier: Apache-2.0
"""Checks of a circuit against a Target, made before anything is sent to a device."""

from collections.abc import Iterable, Sequence

from qiskit.circuit import CircuitInstruction, ControlFlowOp, Measure, QuantumCircuit
from qiskit.transpiler import Target

from qdmikit.qiskit.errors import CircuitValidationError
from qdmikit.qiskit.gates import DIRECTIVES


def validate_circuits(circuits: object, target: Target) -> list[QuantumCircuit]:
    """Return the circuits as a list, each one fit to be sent.

    Parameters
    ----------
    circuits
        One circuit or an iterable of circuits.
    target
        What the device can do; qubit `i` of a circuit is qubit `i` of the target.

    Raises
    ------
    CircuitValidationError
        If there is no circuit, or one has unbound parameters, is too wide, measures nothing, or uses an
        instruction that the device does not offer there. The text names circuit, instruction and qubits.
    TypeError
        If something else than a circuit was given.
    """
    if isinstance(circuits, QuantumCircuit):
        batch: list[object] = [circuits]
    elif isinstance(circuits, Iterable):
        batch = list(circuits)
    else:
        raise TypeError(
            f"circuits must be a QuantumCircuit or an iterable of them, got {type(circuits).__name__}"
        )
    if not batch:
        raise CircuitValidationError("there is no circuit to run: the list of circuits is empty")
    checked: list[QuantumCircuit] = []
    for position, circuit in enumerate(batch):
        if not isinstance(circuit, QuantumCircuit):
            raise TypeError(f"circuits[{position}] is a {type(circuit).__name__}, not a QuantumCircuit")
        _validate(circuit, target)
        checked.append(circuit)
    return checked


def _validate(circuit: QuantumCircuit, target: Target) -> None:
    label = f"circuit {circuit.name!r}"
    if circuit.num_parameters:
        names = ", ".join(sorted(parameter.name for parameter in circuit.parameters))
        raise CircuitValidationError(
            f"{label} has unbound parameters: {names}; call assign_parameters() first"
        )
    if circuit.num_qubits > target.num_qubits:
        raise CircuitValidationError(
            f"{label} has {circuit.num_qubits} qubits, the device has {target.num_qubits}; "
            "remove idle qubits or choose a larger device"
        )
    if not _measures(circuit):
        raise CircuitValidationError(
            f"{label} measures nothing, so there is nothing to count; add measure() or measure_all()"
        )
    _validate_block(circuit, tuple(range(circuit.num_qubits)), target, label)


def _measures(circuit: QuantumCircuit) -> bool:
    return any(
        isinstance(instruction.operation, Measure)
        or (
            isinstance(instruction.operation, ControlFlowOp)
            and any(_measures(block) for block in instruction.operation.blocks)
        )
        for instruction in circuit.data
    )


def _validate_block(block: QuantumCircuit, qubits: Sequence[int], target: Target, label: str) -> None:
    for position, instruction in enumerate(block.data):
        locus = tuple(qubits[block.find_bit(qubit).index] for qubit in instruction.qubits)
        _validate_instruction(
            instruction, locus, target, f"{label}, instruction {position} {instruction.name!r}"
        )
        if isinstance(instruction.operation, ControlFlowOp):
            for body in instruction.operation.blocks:
                _validate_block(
                    body, locus, target, f"{label}, inside instruction {position} {instruction.name!r}"
                )


def _validate_instruction(
    instruction: CircuitInstruction, locus: tuple[int, ...], target: Target, label: str
) -> None:
    name = instruction.name
    if name in DIRECTIVES:
        return
    where = f"{label} on {'qubit' if len(locus) == 1 else 'qubits'} {', '.join(map(str, locus)) or 'none'}"
    if name not in target.operation_names:
        offered = ", ".join(sorted(target.operation_names))
        raise CircuitValidationError(
            f"{where}: the device offers only {offered}; transpile the circuit to the backend first"
        )
    if not target.instruction_supported(name, locus):
        raise CircuitValidationError(
            f"{where}: the device does not offer {name!r} there; transpile the circuit to the backend first"
        )
