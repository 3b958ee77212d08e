# SPDX-License-Identifier: Apache-2.0
"""Which Qiskit instruction a QDMI operation name stands for.

QDMI leaves operation names to the device. Most devices use the names of OpenQASM's standard library, which
Qiskit shares; the synonyms below are the others in use.
"""

from collections.abc import Mapping
from types import MappingProxyType

from qiskit.circuit import Gate, IfElseOp, Instruction
from qiskit.circuit.library import MCPhaseGate, MCXGate, get_standard_gate_name_mapping

# device's operation name -> Qiskit's name
_SYNONYMS = {
    "prx": "r",
    "phased_rx": "r",
    "i": "id",
    "gphase": "global_phase",
    "cnot": "cx",
    "toffoli": "ccx",
    "fredkin": "cswap",
    "phase": "p",
    "cphase": "cp",
    "mcphase": "mcp",
    "mz": "measure",
    "measurement": "measure",
}

# Instructions whose number of qubits is the circuit's choice. Qiskit's Target takes the class instead of an
# instance.
_VARIADIC: dict[str, tuple[str, type[Instruction]]] = {
    "mcx": ("mcx", MCXGate),
    "mcp": ("mcphase", MCPhaseGate),
    "if_else": ("if_else", IfElseOp),
}

# The gates among them, by Qiskit's names.
VARIADIC_GATES = frozenset(name for name, kind in _VARIADIC.values() if issubclass(kind, Gate))

# Directives: part of every Qiskit circuit and of no Target.
DIRECTIVES = frozenset({"barrier"})

_STANDARD: Mapping[str, Instruction] = MappingProxyType(get_standard_gate_name_mapping())


def variadic_instruction(operation: str) -> tuple[str, type[Instruction]] | None:
    """Return Qiskit's name and class for an operation on any number of qubits, None if there is none."""
    return _VARIADIC.get(_SYNONYMS.get(operation, operation))


def fixed_instruction(
    operation: str, qubits_num: int | None, parameters_num: int | None
) -> Instruction | None:
    """Return the Qiskit instruction that an operation on a fixed number of qubits stands for.

    Parameters
    ----------
    operation
        The device's name of the operation.
    qubits_num, parameters_num
        What the device says about it; None where it says nothing.

    Returns
    -------
    Instruction or None
        With free parameters. None when Qiskit has none of that name, or when the one of that name disagrees
        with the device about the number of qubits or parameters and so must be something else.
    """
    instruction = _STANDARD.get(_SYNONYMS.get(operation, operation))
    if instruction is None:
        return None
    if qubits_num not in (None, instruction.num_qubits):
        return None
    # A delay's duration is a parameter to Qiskit; devices count it or not.
    if instruction.name != "delay" and parameters_num not in (None, len(instruction.params)):
        return None
    return instruction
