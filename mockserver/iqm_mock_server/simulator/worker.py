# SPDX-License-Identifier: Apache-2.0
"""The simulator process: reads tasks from a socket, answers with samples.

Run as a module, with the number of the socket's descriptor as its argument.
"""

from __future__ import annotations

import signal
import sys
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

import numpy as np
from qiskit.circuit import QuantumCircuit  # type: ignore[import-untyped,import-not-found,unused-ignore]
from qiskit_aer import AerSimulator  # type: ignore[import-untyped,import-not-found,unused-ignore]

from iqm_mock_server.simulator.drawing import draw, qubits_of_bits
from iqm_mock_server.simulator.process import READY, Failure
from iqm_mock_server.simulator.task import MeasureBit, Samples, Task
from iqm_mock_server.simulator.translation import append, readout_model

if TYPE_CHECKING:
    import numpy.typing as npt

_STEPS_IN_A_ROW = 20_000
"""Steps of chained shots that are written out as one circuit; a bound on memory."""


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
    if task.chained and task.bits_num + task.heralds_num:
        return Samples(_without_heralded(task, _run_in_a_row(task)), task.bits_num)
    if task.bits_num == 0 or task.shots == 0:
        return Samples(np.zeros((task.shots, _bytes_of(task.bits_num)), dtype=np.uint8), task.bits_num)
    qubits = qubits_of_bits(task)
    if qubits is None:
        return Samples(_run_each_shot(task), task.bits_num)
    return Samples(draw(task, _probabilities(task), qubits), task.bits_num)


def _probabilities(task: Task) -> npt.NDArray[np.float64]:
    circuit = QuantumCircuit(task.qubits_num)
    steps = task.opening + task.steps
    append(circuit, tuple(step for step in steps if not isinstance(step, MeasureBit)), task.method)
    circuit.save_probabilities()
    data = _run(task, circuit, shots=1, seed_simulator=task.seed)
    return np.asarray(data["probabilities"], dtype=np.float64)


def _run_each_shot(task: Task) -> npt.NDArray[np.uint8]:
    circuit = QuantumCircuit(task.qubits_num, task.bits_num)
    append(circuit, task.opening + task.steps, task.method)
    data = _run(
        task,
        circuit,
        shots=task.shots,
        seed_simulator=task.seed,
        noise_model=readout_model(task),
        memory=True,
    )
    width = _bytes_of(task.bits_num)
    outcomes = b"".join(int(word, 16).to_bytes(width, "little") for word in data["memory"])
    return np.frombuffer(outcomes, dtype=np.uint8).reshape(task.shots, width)


def _run_in_a_row(task: Task) -> npt.NDArray[np.uint8]:
    """Run the shots one after another as one long circuit, a piece at a time.

    Returns
    -------
    numpy.ndarray
        Shape ``(shots, bits_num + heralds_num)``, values 0 and 1.
    """
    width = task.bits_num + task.heralds_num
    piece = max(1, _STEPS_IN_A_ROW // max(1, len(task.steps)))
    seeds = np.random.default_rng(task.seed)
    noise = readout_model(task)
    state = None
    rows = []
    for first in range(0, task.shots, piece):
        shots = min(piece, task.shots - first)
        circuit = QuantumCircuit(task.qubits_num, shots * width)
        if state is None:
            append(circuit, task.opening, task.method)
        else:
            getattr(circuit, f"set_{task.method.value}")(state)
        for shot in range(shots):
            append(circuit, task.steps, task.method, first_bit=shot * width)
        circuit.save_state(label="state")
        seed = int(seeds.integers(2**31))
        data = _run(task, circuit, shots=1, seed_simulator=seed, noise_model=noise, memory=True)
        state = data["state"]
        [word] = data["memory"]
        packed = np.frombuffer(int(word, 16).to_bytes(_bytes_of(shots * width), "little"), dtype=np.uint8)
        rows.append(np.unpackbits(packed, count=shots * width, bitorder="little").reshape(shots, width))
    return np.concatenate(rows)


def _without_heralded(task: Task, bits: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Drop the shots that heralding discards, and the heralds; pack what is left."""
    kept = bits[~bits[:, task.bits_num :].any(axis=1), : task.bits_num]
    return np.packbits(kept, axis=1, bitorder="little")


def _run(task: Task, circuit: QuantumCircuit, **options: object) -> dict[str, Any]:
    # One thread: how shots are split over threads would show in the random numbers they see.
    simulator = AerSimulator(method=task.method.value, max_parallel_threads=1)
    result = simulator.run(circuit, **options).result()
    if not result.success:
        raise RuntimeError(f"qiskit-aer: {result.status} {[each.status for each in result.results]}")
    data: dict[str, Any] = result.data()
    return data


def _bytes_of(bits_num: int) -> int:
    return -(-bits_num // 8)


if __name__ == "__main__":
    main(int(sys.argv[1]))
