# SPDX-License-Identifier: Apache-2.0
"""The MOVE gate between a qubit and a computational resonator."""

from typing import Any

import numpy as np
import numpy.typing as npt
from qiskit.circuit import Gate, QuantumCircuit


class MoveGate(Gate):  # type: ignore[misc] # Qiskit ships no types
    """Swap one excitation between a qubit and a resonator: the states 01 and 10 change places.

    The first qubit is the qubit, the second one stands for the resonator. What the gate does to 11 is left
    to the device, and circuits never get there, because one of the two is always in state 0; here 11 stays,
    so that simulators take it for a SWAP.
    """

    def __init__(self, label: str | None = None) -> None:
        super().__init__("move", 2, [], label=label)

    def _define(self) -> None:
        circuit = QuantumCircuit(2, name="move")
        circuit.swap(0, 1)
        self.definition = circuit

    def inverse(self, annotated: bool = False) -> "MoveGate":  # noqa: ARG002 (Qiskit's signature)
        """Return the gate itself: to move twice is to do nothing."""
        return MoveGate(self.label)

    def __array__(
        self,
        dtype: Any = None,  # noqa: ANN401 (numpy's protocol)
        copy: bool | None = None,
    ) -> npt.NDArray[np.complex128]:
        matrix = np.eye(4, dtype=dtype or complex)[[0, 2, 1, 3]]
        if copy is False:
            raise ValueError("the matrix of a MOVE gate is made anew; ask for a copy")
        return matrix

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MoveGate)

    def __hash__(self) -> int:
        return hash(MoveGate)
