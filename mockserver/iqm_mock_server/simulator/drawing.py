# SPDX-License-Identifier: Apache-2.0
"""Drawing shots from known probabilities.

Where nothing random happens before the final measurements, one evolution gives the probabilities of all
outcomes, and a million shots are a matter of arrays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

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
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from iqm_mock_server.simulator.task import Step, Task


def qubits_of_bits(task: Task) -> list[int] | None:
    """Return which qubit each bit reads, if all shots of a task can be drawn from one evolution.

    Returns
    -------
    list[int] or None
        Qubit by bit; None when something random precedes a measurement, or anything follows one.
    """
    # A density matrix holds a channel's outcome as a whole; a state vector takes one branch of it.
    random: tuple[type, ...] = (Conditional,)
    if task.method is not Method.DENSITY_MATRIX:
        random += (Relaxation, Depolarization, ResetQubit, Excitation)
    if task.chained or task.method in {Method.MATRIX_PRODUCT_STATE, Method.STABILIZER}:
        # The latter exist for states whose probabilities are too many to write down.
        return None
    measured: dict[int, int] = {}
    for step in task.opening + task.steps:
        if isinstance(step, random) or not measured.keys().isdisjoint(_qubits(step)):
            return None
        if isinstance(step, MeasureBit):
            measured[step.qubit] = step.bit
    return sorted(measured, key=lambda qubit: measured[qubit])


def draw(task: Task, probabilities: npt.NDArray[np.float64], qubits: list[int]) -> npt.NDArray[np.uint8]:
    """Draw the shots of a task, readout errors included.

    Parameters
    ----------
    probabilities
        Shape ``(2 ** qubits_num,)``; bit ``k`` of an index belongs to qubit ``k``.
    qubits
        The qubit that each bit reads.

    Returns
    -------
    numpy.ndarray
        Packed as in `Samples`, shape ``(shots, ceil(bits_num / 8))``.
    """
    rng = np.random.default_rng(task.seed)
    cumulative = np.cumsum(probabilities)
    outcomes = np.searchsorted(cumulative, rng.random(task.shots) * cumulative[-1], side="right")
    bits = np.empty((task.shots, len(qubits)), dtype=np.uint8)
    for bit, qubit in enumerate(qubits):
        values = (outcomes >> qubit & 1).astype(np.uint8)
        if task.readout_errors:
            zero_to_one, one_to_zero = task.readout_errors[qubit]
            values ^= rng.random(task.shots) < np.where(values, one_to_zero, zero_to_one)
        bits[:, bit] = values
    return np.packbits(bits, axis=1, bitorder="little")


def _qubits(step: Step) -> tuple[int, ...]:
    if isinstance(step, ControlledZ | Exchange):
        return step.first, step.second
    if isinstance(step, Depolarization):
        return step.qubits
    if isinstance(step, Conditional):
        return tuple(qubit for inner in step.if_one + step.if_zero for qubit in _qubits(inner))
    return (step.qubit,)
