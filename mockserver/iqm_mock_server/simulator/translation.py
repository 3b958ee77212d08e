# SPDX-License-Identifier: Apache-2.0
"""From the steps of a task to a circuit of the simulator library."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from qiskit.quantum_info import Kraus  # type: ignore[import-untyped,import-not-found,unused-ignore]
from qiskit_aer.noise import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
    NoiseModel,
    QuantumError,
    ReadoutError,
    depolarizing_error,
    pauli_error,
    thermal_relaxation_error,
)

from iqm_mock_server.simulator.clifford import clifford_gates
from iqm_mock_server.simulator.task import (
    Conditional,
    ControlledZ,
    Depolarization,
    Exchange,
    Excitation,
    MeasureBit,
    Method,
    Relaxation,
    ResetQubit,
    Rotation,
)

if TYPE_CHECKING:
    from qiskit.circuit import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
        Instruction,
        QuantumCircuit,
    )

    from iqm_mock_server.simulator.task import Step, Task


def append(circuit: QuantumCircuit, steps: tuple[Step, ...], method: Method, first_bit: int = 0) -> None:
    """Append steps to a circuit.

    Parameters
    ----------
    first_bit
        Where bit 0 of the steps lies in the circuit.

    Raises
    ------
    ValueError
        When the method is the stabilizer one and a rotation is no Clifford gate.
    """
    clifford = method is Method.STABILIZER
    for step in steps:
        match step:
            case Rotation(qubit, angle, phase):
                _append_rotation(circuit, qubit, angle, phase, clifford=clifford)
            case ControlledZ(first, second):
                circuit.cz(first, second)
            case Exchange(first, second):
                circuit.swap(first, second)
            case MeasureBit(qubit, bit):
                circuit.measure(qubit, first_bit + bit)
            case ResetQubit(qubit):
                circuit.reset(qubit)
            case Relaxation(qubit, t1, t2, duration):
                relaxation = _twirled_relaxation if clifford and t2 > t1 else _relaxation
                circuit.append(relaxation(t1, t2, duration), [qubit])
            case Depolarization(qubits, probability):
                circuit.append(_depolarization(probability, len(qubits)), list(qubits))
            case Excitation(qubit, probability):
                circuit.append(_excitation(probability), [qubit])
            case Conditional(bit, if_one, if_zero):
                with circuit.if_test((circuit.clbits[first_bit + bit], 1)):
                    append(circuit, if_one, method, first_bit)
                if if_zero:
                    with circuit.if_test((circuit.clbits[first_bit + bit], 0)):
                        append(circuit, if_zero, method, first_bit)


def readout_model(task: Task) -> NoiseModel | None:
    """Return the readout errors of a task; None when its readout is perfect."""
    if not task.readout_errors:
        return None
    model = NoiseModel(basis_gates=["r", "s", "sx", "sxdg", "x", "cz", "swap", "measure", "reset"])
    for qubit, (zero_to_one, one_to_zero) in enumerate(task.readout_errors):
        if zero_to_one or one_to_zero:
            model.add_readout_error(
                ReadoutError([[1 - zero_to_one, zero_to_one], [one_to_zero, 1 - one_to_zero]]), [qubit]
            )
    return model


def _append_rotation(
    circuit: QuantumCircuit, qubit: int, angle: float, phase: float, *, clifford: bool
) -> None:
    if not clifford:
        circuit.r(angle, phase, qubit)
        return
    gates = clifford_gates(angle, phase)
    if gates is None:
        raise ValueError(f"a rotation by {angle} about {phase} is no Clifford gate")
    for gate in gates:
        getattr(circuit, gate)(qubit)


@lru_cache(maxsize=4096)
def _relaxation(t1: float, t2: float, duration: float) -> QuantumError | Instruction:
    error = thermal_relaxation_error(t1, t2, duration)
    # Up to t2 = t1 this is a random choice of gates. Beyond, it needs Kraus operators, and qiskit-aer 0.18
    # fails with "Kraus is empty" when a circuit holds such an error object beside another; a plain
    # instruction works.
    return error if t2 <= t1 else Kraus(error).to_instruction()


@lru_cache(maxsize=4096)
def _twirled_relaxation(t1: float, t2: float, duration: float) -> QuantumError:
    flip = (1 - math.exp(-duration / t1)) / 4
    phase = (1 - math.exp(-duration / t2)) / 2 - flip
    return pauli_error([("X", flip), ("Y", flip), ("Z", phase), ("I", 1 - 2 * flip - phase)])


@lru_cache(maxsize=4096)
def _depolarization(probability: float, qubits_num: int) -> QuantumError:
    return depolarizing_error(probability, qubits_num)


@lru_cache(maxsize=4096)
def _excitation(probability: float) -> QuantumError:
    return pauli_error([("X", probability), ("I", 1 - probability)])
