# SPDX-License-Identifier: Apache-2.0
"""How long a matrix product state takes to simulate a circuit, and in which order of its qubits.

The times per step were measured with qiskit-aer 0.18 on one core. The entanglement is not known beforehand;
what is followed here is how far it can grow at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iqm_mock_server.circuits.program import Barrier, Cz, Delay, Measure, Move

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iqm_mock_server.circuits.program import Circuit


_LARGEST_EXPONENT = 40
"""Beyond that, and far below, a simulation takes for ever."""


@dataclass(frozen=True, slots=True)
class MatrixProduct:
    """A circuit as a matrix product state.

    Parameters
    ----------
    order
        The qubits as they are laid out along the line.
    evolution
        Seconds to evolve the state once.
    reading
        Seconds to draw one sample from it.
    """

    order: tuple[str, ...]
    evolution: float
    reading: float


def matrix_product(circuit: Circuit, qubits: Sequence[str], steps_per_operation: int) -> MatrixProduct:
    """Return the better one of two layouts: the given order, and along the circuit's two-qubit gates."""
    return min(
        (
            _estimate(circuit, order, steps_per_operation)
            for order in (tuple(qubits), _along(circuit, qubits))
        ),
        key=lambda layout: layout.evolution,
    )


def _along(circuit: Circuit, qubits: Sequence[str]) -> tuple[str, ...]:
    """Walk through the graph of two-qubit gates depth first, so that a line of gates becomes a line."""
    neighbours: dict[str, dict[str, None]] = {name: {} for name in qubits}
    for operation in circuit.operations:
        if isinstance(operation, Cz | Move):
            first, second = operation.locus
            neighbours[first][second] = neighbours[second][first] = None
    order: dict[str, None] = {}
    # From an end, where there is one.
    for start in sorted(qubits, key=lambda name: len(neighbours[name])):
        stack = [start]
        while stack:
            name = stack.pop()
            if name not in order:
                order[name] = None
                # Dead ends first: they stay beside what they are coupled to.
                stack += sorted(neighbours[name], key=lambda other: len(neighbours[other]), reverse=True)
    return tuple(order)


def _estimate(circuit: Circuit, order: tuple[str, ...], steps_per_operation: int) -> MatrixProduct:
    line = _Line(order)
    seconds = 0.0
    for operation in circuit.operations:
        if isinstance(operation, Barrier | Delay):
            continue
        if isinstance(operation, Cz | Move):
            first, second = operation.locus
            # An exchange can pass on two bits of entanglement, a phase one.
            seconds += line.couple(first, second, 2 if isinstance(operation, Move) else 1)
        steps = 1 if isinstance(operation, Measure) else steps_per_operation
        for name in operation.locus:
            seconds += steps * (4e-6 + 2e-8 * 4.0 ** line.entanglement(name))
    reading = sum(1e-6 + 2e-9 * 8.0 ** line.entanglement(name) for name in order)
    return MatrixProduct(order, seconds, reading)


class _Line:
    """Qubits on a line, and how entangled each part of the line can be with the rest, in bits.

    As the simulator does it, the qubits of a gate are brought together by swaps, and stay there.
    """

    def __init__(self, order: tuple[str, ...]) -> None:
        self._order = list(order)
        self._place = {name: index for index, name in enumerate(order)}
        self._coupled: dict[str, dict[str, int]] = {name: {} for name in order}
        # Cut i lies between site i - 1 and site i. What crosses it was brought about by gates ...
        self._crossing = [0] * (len(order) + 1)
        # ... and is bounded by the sites on either side.
        self._bits = [0] * (len(order) + 1)

    def entanglement(self, name: str) -> int:
        """Return how entangled a qubit's site is at most."""
        site = self._place[name]
        return max(self._bits[site], self._bits[site + 1])

    def couple(self, first: str, second: str, bits: int) -> float:
        """Apply a gate and return the seconds it takes."""
        left, right = sorted((self._place[first], self._place[second]))
        seconds = 0.0
        for site in range(right - 1, left, -1):
            seconds += self._swap(site)
        before = self._coupled[first].get(second, 0)
        # Two qubits cannot share more than that.
        after = self._coupled[first][second] = self._coupled[second][first] = min(before + bits, 2)
        self._crossing[left + 1] += after - before
        return seconds + self._decompose(left + 1)

    def _swap(self, site: int) -> float:
        """Exchange a qubit and its right neighbour."""
        order = self._order
        order[site], order[site + 1] = order[site + 1], order[site]
        for index in (site, site + 1):
            self._place[order[index]] = index
        moved = self._coupled[order[site]]
        self._crossing[site + 1] = self._crossing[site] + sum(
            bits if self._place[other] > site else -bits for other, bits in moved.items()
        )
        return self._decompose(site + 1)

    def _decompose(self, cut: int) -> float:
        left, right = self._bits[cut - 1], self._bits[cut + 1]
        self._bits[cut] = min(self._crossing[cut], left + 1, right + 1, _LARGEST_EXPONENT)
        return 2e-5 + 2.5e-8 * 2.0 ** (left + right + min(left, right))
