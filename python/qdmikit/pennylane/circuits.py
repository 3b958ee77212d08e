# SPDX-License-Identifier: Apache-2.0
"""PennyLane's tapes as Qiskit circuits."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from qiskit import QuantumCircuit
from qiskit.circuit.library import get_standard_gate_name_mapping

# PennyLane's name of an operation -> Qiskit's name of the same gate, with parameters and qubits in the same
# order and of the same sign. All others PennyLane decomposes into these.
_NAMES = {
    "Identity": "id",
    "PauliX": "x",
    "PauliY": "y",
    "PauliZ": "z",
    "Hadamard": "h",
    "S": "s",
    "T": "t",
    "SX": "sx",
    "Adjoint(S)": "sdg",
    "Adjoint(T)": "tdg",
    "Adjoint(SX)": "sxdg",
    "RX": "rx",
    "RY": "ry",
    "RZ": "rz",
    "PhaseShift": "p",
    "U3": "u",
    "CNOT": "cx",
    "CY": "cy",
    "CZ": "cz",
    "CH": "ch",
    "SWAP": "swap",
    "ISWAP": "iswap",
    "CRX": "crx",
    "CRY": "cry",
    "CRZ": "crz",
    "ControlledPhaseShift": "cp",
    "IsingXX": "rxx",
    "IsingYY": "ryy",
    "IsingZZ": "rzz",
    "Toffoli": "ccx",
    "CSWAP": "cswap",
}

# They act on no qubit in particular.
_IGNORED = frozenset({"Barrier", "WireCut", "Snapshot", "GlobalPhase"})

OPERATIONS = frozenset(_NAMES) | _IGNORED
"""Names of the operations that `circuit` takes."""

_GATES = get_standard_gate_name_mapping()


def supported(operation: Any) -> bool:  # noqa: ANN401 (PennyLane's Operator)
    """Tell whether `circuit` takes an operation."""
    return operation.name in OPERATIONS


def circuit(operations: Sequence[Any], wires: Sequence[Any], measured: Sequence[Any]) -> QuantumCircuit:
    """Return the circuit of a tape.

    Parameters
    ----------
    operations
        PennyLane's operations, each one `supported` and with numbers as parameters.
    wires
        All wires; the first one is the circuit's qubit 0.
    measured
        The wires to measure; the first one goes into classical bit 0.
    """
    number = {wire: qubit for qubit, wire in enumerate(wires)}
    translated = QuantumCircuit(len(number), len(measured))
    for operation in operations:
        if operation.name in _IGNORED:
            continue
        qubits = [number[wire] for wire in operation.wires]
        if operation.name == "Identity":  # of any width
            translated.id(qubits)
            continue
        gate = type(_GATES[_NAMES[operation.name]])
        translated.append(gate(*(float(np.real(value)) for value in operation.data)), qubits)
    translated.measure([number[wire] for wire in measured], range(len(measured)))
    return translated
