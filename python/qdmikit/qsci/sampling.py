# SPDX-License-Identifier: Apache-2.0
"""Sampling a circuit, on whatever machine, in the order of its own qubits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qdmikit.errors import InvalidArgument
from qdmikit.qsci.machine import Machine, Measured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qiskit import QuantumCircuit

DEFAULT_SHOTS = 10_000


def sample(
    circuit: QuantumCircuit,
    shots: int = DEFAULT_SHOTS,
    *,
    simulator: bool | str = True,
    device: str | None = None,
    session: Mapping[str, str] | None = None,
    seed: int | None = None,
) -> Measured:
    """Measure all qubits of a circuit.

    Parameters
    ----------
    circuit
        Over logical qubits, without parameters and measurements. It is measured, then transpiled.
    shots
        How often, at least 1.
    simulator, device, session
        Where; see `Machine.choose`.
    seed
        See `Machine.open`.

    Returns
    -------
    Measured
        Counts by bitstrings of the circuit's qubits, the highest left, however they were laid out.

    Raises
    ------
    InvalidArgument
        If the circuit has parameters or classical bits, or shots are fewer than 1.
    qdmikit.Error
        If a device fails.
    """
    if circuit.num_parameters or circuit.num_clbits:
        raise InvalidArgument(
            f"the circuit {circuit.name!r} has {circuit.num_parameters} free parameters and "
            f"{circuit.num_clbits} classical bits. Remedy: assign the parameters, and leave "
            "measuring to sample()"
        )
    if shots < 1:
        raise InvalidArgument(f"shots must be at least 1, got {shots}")
    return Machine.choose(simulator, device, session).open(seed).sample(circuit, shots)
