# SPDX-License-Identifier: Apache-2.0
"""Where a circuit's classical bits stand in the bit strings of a result.

A QDMI device returns one string per outcome, highest classical bit leftmost, registers joined without a
separator and later registers further left. That describes a circuit only when its registers, one after the
other, are its classical bits; loose bits and bits shared between registers have no place in it.
"""

from typing import Any

from qiskit.circuit import ClassicalRegister, QuantumCircuit


def has_plain_registers(circuit: QuantumCircuit) -> bool:
    """Tell whether the circuit's classical registers, in order, are exactly its classical bits, in order."""
    bits = [bit for register in circuit.cregs for bit in register]
    return bits == list(circuit.clbits)


def output_registers(circuit: QuantumCircuit) -> list[ClassicalRegister]:
    """Return the registers that a program of this circuit declares.

    They are the circuit's own where these are plain, else one register `c` in which bit `i` stands for
    `circuit.clbits[i]`.
    """
    if has_plain_registers(circuit):
        return list(circuit.cregs)
    return [ClassicalRegister(circuit.num_clbits, "c")]


def result_header(circuit: QuantumCircuit) -> dict[str, Any]:
    """Return the header by which Qiskit formats outcomes, with a space between plain registers."""
    plain = has_plain_registers(circuit)
    return {
        "name": circuit.name,
        "n_qubits": circuit.num_qubits,
        "memory_slots": circuit.num_clbits,
        "creg_sizes": [[register.name, register.size] for register in circuit.cregs] if plain else [],
        "qreg_sizes": [[register.name, register.size] for register in circuit.qregs],
        "metadata": circuit.metadata or {},
    }
