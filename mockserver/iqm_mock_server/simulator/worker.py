# SPDX-License-Identifier: Apache-2.0
"""The simulator process: reads tasks from a socket, answers with samples.

Run as a module, with the number of the socket's descriptor as its argument.
"""

from __future__ import annotations

import signal
import sys
from functools import lru_cache
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

import numpy as np
from qiskit.circuit import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
    Instruction,
    QuantumCircuit,
)
from qiskit.quantum_info import Kraus  # type: ignore[import-untyped,import-not-found,unused-ignore]
from qiskit_aer import AerSimulator  # type: ignore[import-untyped,import-not-found,unused-ignore]
from qiskit_aer.noise import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
    NoiseModel,
    QuantumError,
    ReadoutError,
    depolarizing_error,
    thermal_relaxation_error,
)

from iqm_mock_server.simulator.drawing import draw, qubits_of_bits
from iqm_mock_server.simulator.process import READY, Failure
from iqm_mock_server.simulator.task import (
    Conditional,
    ControlledZ,
    Depolarization,
    MeasureBit,
    Relaxation,
    ResetQubit,
    Rotation,
    Samples,
    Task,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from iqm_mock_server.simulator.task import Step


def main(descriptor: int) -> None:
    """Serve tasks until the other end of the socket is closed."""
    # Ctrl-C in a terminal reaches the whole process group; the server decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Connection(descriptor) as connection:
        connection.send(READY)
        while True:
            try:
                task: Task = connection.recv()
            except EOFError:
                return
            try:
                answer: Samples | Failure = sample(task)
            except Exception as error:  # noqa: BLE001 - whatever it was, it belongs to the job that caused it
                answer = Failure(f"{type(error).__name__}: {error}")
            connection.send(answer)


def sample(task: Task) -> Samples:
    """Run one task.

    Raises
    ------
    RuntimeError
        With the simulator's own text, when it fails.
    """
    if task.bits_num == 0:
        return Samples(np.zeros((task.shots, 0), dtype=np.uint8), 0)
    qubits = qubits_of_bits(task)
    if qubits is None:
        return Samples(_run_each_shot(task), task.bits_num)
    return Samples(draw(task, _probabilities(task), qubits), task.bits_num)


def _probabilities(task: Task) -> npt.NDArray[np.float64]:
    circuit = QuantumCircuit(task.qubits_num)
    _append(circuit, tuple(step for step in task.steps if not isinstance(step, MeasureBit)))
    circuit.save_probabilities()
    data = _run(task, circuit, shots=1)
    return np.asarray(data["probabilities"], dtype=np.float64)


def _run_each_shot(task: Task) -> npt.NDArray[np.uint8]:
    circuit = QuantumCircuit(task.qubits_num, task.bits_num)
    _append(circuit, task.steps)
    data = _run(task, circuit, shots=task.shots, noise_model=_readout_model(task), memory=True)
    width = -(-task.bits_num // 8)
    outcomes = b"".join(int(word, 16).to_bytes(width, "little") for word in data["memory"])
    return np.frombuffer(outcomes, dtype=np.uint8).reshape(task.shots, width)


def _run(task: Task, circuit: QuantumCircuit, **options: object) -> dict[str, Any]:
    # One thread: how shots are split over threads would show in the random numbers they see.
    simulator = AerSimulator(method=task.method.value, max_parallel_threads=1)
    result = simulator.run(circuit, seed_simulator=task.seed, **options).result()
    if not result.success:
        raise RuntimeError(f"qiskit-aer: {result.status} {[each.status for each in result.results]}")
    data: dict[str, Any] = result.data()
    return data


def _append(circuit: QuantumCircuit, steps: tuple[Step, ...]) -> None:
    for step in steps:
        match step:
            case Rotation(qubit, angle, phase):
                circuit.r(angle, phase, qubit)
            case ControlledZ(first, second):
                circuit.cz(first, second)
            case MeasureBit(qubit, bit):
                circuit.measure(qubit, bit)
            case ResetQubit(qubit):
                circuit.reset(qubit)
            case Relaxation(qubit, t1, t2, duration):
                circuit.append(_relaxation(t1, t2, duration), [qubit])
            case Depolarization(qubits, probability):
                circuit.append(_depolarization(probability, len(qubits)), list(qubits))
            case Conditional(bit, if_one, if_zero):
                with circuit.if_test((circuit.clbits[bit], 1)):
                    _append(circuit, if_one)
                if if_zero:
                    with circuit.if_test((circuit.clbits[bit], 0)):
                        _append(circuit, if_zero)


@lru_cache(maxsize=4096)
def _relaxation(t1: float, t2: float, duration: float) -> QuantumError | Instruction:
    error = thermal_relaxation_error(t1, t2, duration)
    # Up to t2 = t1 this is a random choice of gates. Beyond, it needs Kraus operators, and qiskit-aer 0.18
    # fails with "Kraus is empty" when a circuit holds such an error object beside another; a plain
    # instruction works.
    return error if t2 <= t1 else Kraus(error).to_instruction()


@lru_cache(maxsize=4096)
def _depolarization(probability: float, qubits_num: int) -> QuantumError:
    return depolarizing_error(probability, qubits_num)


def _readout_model(task: Task) -> NoiseModel | None:
    if not task.readout_errors:
        return None
    model = NoiseModel(basis_gates=["r", "cz", "measure", "reset"])
    for qubit, (zero_to_one, one_to_zero) in enumerate(task.readout_errors):
        if zero_to_one or one_to_zero:
            model.add_readout_error(
                ReadoutError([[1 - zero_to_one, zero_to_one], [one_to_zero, 1 - one_to_zero]]), [qubit]
            )
    return model


if __name__ == "__main__":
    main(int(sys.argv[1]))
