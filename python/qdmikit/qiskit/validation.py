# SPDX-License-Identifier: Apache-2.0
"""Checks of a circuit against a Target, made before anything is sent to a device."""

from collections.abc import Iterable, Sequence

from qiskit.circuit import QuantumCircuit
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
    offered = _Offered(target)
    for position, circuit in enumerate(batch):
        if not isinstance(circuit, QuantumCircuit):
            raise TypeError(f"circuits[{position}] is a {type(circuit).__name__}, not a QuantumCircuit")
        _validate(circuit, offered)
        checked.append(circuit)
    return checked


class _Offered:
    """What a target offers; circuits of a batch ask for the same things again and again."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._known: set[tuple[str, tuple[int, ...]]] = set()

    def measures(self, block: QuantumCircuit, qubits: Sequence[int], label: str) -> bool:
        """Check that each instruction is offered where it is; return whether one of them measures."""
        measures = False
        place = dict(zip(block.qubits, qubits, strict=False))
        for position, instruction in enumerate(block.data):
            name = instruction.name
            locus = tuple([place[qubit] for qubit in instruction.qubits])
            measures = measures or name == "measure"
            if (name, locus) not in self._known:
                self._require(name, locus, f"{label}, instruction {position} {name!r}")
                if instruction.is_control_flow():  # each has blocks of its own
                    inside = f"{label}, inside instruction {position} {name!r}"
                    for body in instruction.operation.blocks:
                        measures = self.measures(body, locus, inside) or measures
                else:
                    self._known.add((name, locus))
        return measures

    def _require(self, name: str, locus: tuple[int, ...], label: str) -> None:
        if name in DIRECTIVES:
            return
        qubits = f"{'qubit' if len(locus) == 1 else 'qubits'} {', '.join(map(str, locus)) or 'none'}"
        if name not in self.target.operation_names:
            offered = ", ".join(sorted(self.target.operation_names))
            raise CircuitValidationError(
                f"{label} on {qubits}: the device offers only {offered}; "
                "transpile the circuit to the backend first"
            )
        if not self.target.instruction_supported(name, locus):
            raise CircuitValidationError(
                f"{label} on {qubits}: the device does not offer {name!r} there; "
                "transpile the circuit to the backend first"
            )


def _validate(circuit: QuantumCircuit, offered: _Offered) -> None:
    target = offered.target
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
    if not offered.measures(circuit, range(circuit.num_qubits), label):
        raise CircuitValidationError(
            f"{label} measures nothing, so there is nothing to count; add measure() or measure_all()"
        )
