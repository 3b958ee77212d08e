# SPDX-License-Identifier: Apache-2.0
"""From measured bits to occupied orbitals, and back.

A determinant is a pair of integers: bit *p* of the first is set when orbital *p* holds an electron with spin
up, of the second with spin down. Qubits hold spin up in the low half and spin down in the high half. In
Qiskit's bitstrings the highest qubit stands left: ``b_{n-1} ... b_0 a_{n-1} ... a_0``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from qdmikit.errors import InvalidArgument

if TYPE_CHECKING:
    import numpy.typing as npt

    from qdmikit.qsci.problem import Problem

Mapper = Literal["jordan_wigner", "parity"]
Counts = Mapping[str, int]
"""How often each bitstring was measured."""


@dataclass(frozen=True)
class Configurations:
    """Different determinants with a weight each.

    Parameters
    ----------
    alpha, beta
        Occupied orbitals of spin up and down as bits, shape (D,), unsigned 64 bit integers.
    weights
        How often each was measured, shape (D,).
    """

    alpha: npt.NDArray[np.uint64]
    beta: npt.NDArray[np.uint64]
    weights: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.alpha)


def num_qubits(problem: Problem, mapper: Mapper) -> int:
    """Return the number of qubits of a mapping; parity leaves two out that the numbers of electrons fix."""
    return 2 * problem.num_orbitals - (2 if mapper == "parity" else 0)


def decode(counts: Counts, problem: Problem, mapper: Mapper = "jordan_wigner") -> Configurations:
    """Read measured bitstrings as determinants, of any number of electrons.

    Parameters
    ----------
    counts
        Bitstrings in the order of the logical qubits, the highest left.
    problem
        The problem that the circuit was made for.
    mapper
        How its qubits hold occupations.

    Returns
    -------
    Configurations
        One for each different bitstring.

    Raises
    ------
    InvalidArgument
        If a bitstring has another length than the mapping.
    """
    width, orbitals = num_qubits(problem, mapper), problem.num_orbitals
    wrong = next((bits for bits in counts if len(bits) != width), None)
    if wrong is not None:
        raise InvalidArgument(
            f"the bitstring {wrong!r} has {len(wrong)} bits, the mapping {mapper} has {width}"
        )
    # Columns in the order of the qubits, 0 first.
    bits = np.array([[character == "1" for character in text[::-1]] for text in counts], dtype=np.uint8)
    bits = bits.reshape(len(counts), width)
    if mapper == "parity":
        bits = _occupations(bits, problem)
    powers = np.uint64(1) << np.arange(orbitals, dtype=np.uint64)
    wide = bits.astype(np.uint64)
    return Configurations(
        (wide[:, :orbitals] * powers).sum(axis=1, dtype=np.uint64),
        (wide[:, orbitals:] * powers).sum(axis=1, dtype=np.uint64),
        np.array(list(counts.values()), dtype=np.int64),
    )


def encode(alpha: int, beta: int, problem: Problem, mapper: Mapper = "jordan_wigner") -> str:
    """Return the bitstring, highest qubit left, that stands for a determinant.

    Parameters
    ----------
    alpha, beta
        Occupied orbitals of spin up and down as bits.
    problem
        The problem they belong to.
    mapper
        How qubits hold occupations.
    """
    orbitals = problem.num_orbitals
    joined = alpha | beta << orbitals
    occupied = [joined >> place & 1 for place in range(2 * orbitals)]
    if mapper == "parity":
        parities = np.cumsum(occupied) % 2
        occupied = [int(bit) for bit in np.delete(parities, [orbitals - 1, 2 * orbitals - 1])]
    return "".join(map(str, reversed(occupied)))


def _occupations(bits: npt.NDArray[np.uint8], problem: Problem) -> npt.NDArray[np.uint8]:
    """Undo the parity mapping: qubit k holds the parity of orbitals 0 to k, two of which are known."""
    orbitals = problem.num_orbitals
    up, down = problem.num_electrons
    known = [np.full((len(bits), 1), parity % 2, dtype=np.uint8) for parity in (up, up + down)]
    full = np.hstack([bits[:, : orbitals - 1], known[0], bits[:, orbitals - 1 :], known[1]])
    occupied: npt.NDArray[np.uint8] = full ^ np.hstack([np.zeros_like(known[0]), full[:, :-1]])
    return occupied
