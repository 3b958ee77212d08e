# SPDX-License-Identifier: Apache-2.0
"""Circuits as OpenQASM 2, OpenQASM 3 and QPY programs.

QDMI guarantees the meaning of an OpenQASM program that declares one quantum register `q` as wide as the
device, where `q[i]` is the i-th site, and that uses only the device's own operation names (QDMI 1.4,
`QDMI_Program_Format`).
"""

import io
from typing import TYPE_CHECKING

from qiskit import qasm2, qasm3, qpy
from qiskit.circuit import (
    ClassicalRegister,
    ControlFlowOp,
    Gate,
    Measure,
    QuantumCircuit,
    QuantumRegister,
)

from qdmikit.qiskit.gates import VARIADIC_GATES
from qdmikit.qiskit.registers import output_registers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qdmikit.qiskit.backend import QDMIBackend

_LANGUAGE_NAMES = frozenset({"measure", "reset", "barrier", "delay", "global_phase", "if_else"})
_STANDARD_GATES = frozenset(gate.name for gate in qasm3.STDGATES_INC_GATES)
# What every OpenQASM parser knows keeps its name there, whatever the device calls it elsewhere (MQT's
# simulator lists `i` and takes `id`). Gates on any number of qubits are beyond the language; parsers that
# have them use these names.
_NOT_RENAMED = _LANGUAGE_NAMES | _STANDARD_GATES | VARIADIC_GATES


def circuit_to_qasm3(circuit: QuantumCircuit, backend: "QDMIBackend") -> str:
    """Write a circuit as an OpenQASM 3 program for the backend's device."""
    program = _initialised(_with_device_names(_on_device_register(circuit, backend), backend.native_names))
    # Operations outside stdgates.inc are the device's own and need no definition.
    names = {_program_name(name, backend.native_names) for name in backend.native_names}
    own = names - _STANDARD_GATES - _LANGUAGE_NAMES
    return str(qasm3.Exporter(basis_gates=sorted(own)).dumps(program))


def circuit_to_qasm2(circuit: QuantumCircuit, backend: "QDMIBackend") -> str:
    """Write a circuit as an OpenQASM 2 program for the backend's device."""
    return str(qasm2.dumps(_with_device_names(_on_device_register(circuit, backend), backend.native_names)))


def circuit_to_qpy(circuit: QuantumCircuit, backend: "QDMIBackend") -> bytes:
    """Write a circuit as a QPY program for the backend's device."""
    buffer = io.BytesIO()
    qpy.dump(_on_device_register(circuit, backend), buffer)
    return buffer.getvalue()


def _on_device_register(circuit: QuantumCircuit, backend: "QDMIBackend") -> QuantumCircuit:
    target = backend.target
    bound_to_sites = any(qargs is not None for name in target.operation_names for qargs in target[name])
    # Where every operation acts anywhere, sites are interchangeable; a simulator of tens of thousands of
    # qubits should not have to allocate them all.
    width = target.num_qubits if bound_to_sites else circuit.num_qubits
    placed = QuantumCircuit(
        QuantumRegister(width, "q"), *_named_apart(circuit), name=circuit.name, metadata=circuit.metadata
    )
    placed.compose(circuit, qubits=range(circuit.num_qubits), clbits=range(circuit.num_clbits), inplace=True)
    return placed


def _named_apart(circuit: QuantumCircuit) -> list[ClassicalRegister]:
    """Return the output registers with names that differ from the quantum register's."""
    registers = output_registers(circuit)
    taken = {register.name for register in registers}
    free = next(name for name in (f"c{i}" for i in range(len(taken) + 1)) if name not in taken)
    return [ClassicalRegister(reg.size, free) if reg.name == "q" else reg for reg in registers]


def _with_device_names(circuit: QuantumCircuit, names: "Mapping[str, str]") -> QuantumCircuit:
    renamed = circuit.copy_empty_like()
    renamed.global_phase = 0  # never observable, and not every device has an operation for it
    for instruction in circuit.data:
        operation = instruction.operation
        name = _program_name(operation.name, names)
        if isinstance(operation, ControlFlowOp):
            operation = operation.replace_blocks(
                [_with_device_names(block, names) for block in operation.blocks]
            )
        elif isinstance(operation, Gate) and name != operation.name:
            operation = Gate(name, operation.num_qubits, operation.params)
        renamed.append(operation, instruction.qubits, instruction.clbits)
    return renamed


def _program_name(name: str, names: "Mapping[str, str]") -> str:
    return name if name in _NOT_RENAMED else names.get(name, name)


def _initialised(circuit: QuantumCircuit) -> QuantumCircuit:
    """Set every classical bit that may be read before it is written to 0, as Qiskit takes for granted."""
    dynamic = any(isinstance(instruction.operation, ControlFlowOp) for instruction in circuit.data)
    written = {bit for entry in circuit.data if isinstance(entry.operation, Measure) for bit in entry.clbits}
    undefined = circuit.clbits if dynamic else [bit for bit in circuit.clbits if bit not in written]
    if not undefined:
        return circuit
    program = circuit.copy_empty_like()
    for bit in undefined:
        program.store(bit, False)  # noqa: FBT003 (Qiskit's store takes the value by position)
    return program.compose(circuit)
