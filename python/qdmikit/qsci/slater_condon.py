# SPDX-License-Identifier: Apache-2.0
"""The Hamiltonian between given determinants, by the Slater-Condon rules, as a sparse matrix.

Two determinants couple when they differ in at most two electrons. Those pairs are found by counting
differing bits block by block, and the elements of many pairs are computed at a time. The matrix over all
qubits is never made: memory grows with the number of determinants and their couplings alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

from qdmikit.qsci.errors import NotConverged, SubspaceTooLarge

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from qdmikit.qsci.encoding import Configurations
    from qdmikit.qsci.problem import Problem

    Bits = npt.NDArray[np.uint64]
    Places = npt.NDArray[np.int64]
    Values = npt.NDArray[np.float64]

LARGEST_SPARSE = 20_000
"""More determinants than this have too many couplings to be kept; a product space has a better solver."""

_DENSE = 400
_COMPARED = 4_000_000
_PAIRS = 100_000
_ONE = np.uint64(1)


def project(configurations: Configurations, problem: Problem) -> sparse.csr_matrix:
    """Project the energy onto determinants.

    Parameters
    ----------
    configurations
        D different determinants with the problem's numbers of electrons.
    problem
        Integrals.

    Returns
    -------
    csr_matrix
        Upper triangle with the diagonal, shape (D, D), in hartree, the core's energy included.

    Raises
    ------
    SubspaceTooLarge
        If there are more than `LARGEST_SPARSE` determinants.
    """
    size = len(configurations)
    if size > LARGEST_SPARSE:
        raise SubspaceTooLarge(
            f"{size} determinants are more than {LARGEST_SPARSE}, whose couplings fit into memory. "
            'Remedy: give a cutoff, or solver="product", which needs pip install "qdmikit[sqd]"'
        )
    elements = _Elements(configurations, problem)
    rows = [np.arange(size, dtype=np.int32)]
    columns = [np.arange(size, dtype=np.int32)]
    values = [elements.diagonal() + problem.e_core]
    for left, right in _coupled(configurations):
        for begin in range(0, len(left), _PAIRS):
            i, j = left[begin : begin + _PAIRS], right[begin : begin + _PAIRS]
            found = elements.between(i, j)
            # Symmetry makes most elements vanish; those are not kept.
            kept = np.abs(found) > 1e-14
            rows.append(i[kept].astype(np.int32))
            columns.append(j[kept].astype(np.int32))
            values.append(found[kept])
    row, column, value = (np.concatenate(parts) for parts in (rows, columns, values))
    return sparse.csr_matrix((value, (row, column)), shape=(size, size))


@dataclass(frozen=True)
class Ground:
    """The lowest eigenpair.

    Parameters
    ----------
    energy
        In hartree.
    vector
        Amplitudes of the determinants, shape (D,), of norm 1.
    """

    energy: float
    vector: npt.NDArray[np.float64]


def lowest(upper: sparse.csr_matrix) -> Ground:
    """Diagonalise a symmetric matrix that is given by its upper triangle.

    Parameters
    ----------
    upper
        From `project`, shape (D, D).

    Returns
    -------
    Ground
        The smallest eigenvalue and its vector.

    Raises
    ------
    NotConverged
        If the iteration does not end.
    """
    size = upper.shape[0]
    diagonal = upper.diagonal()
    if size <= _DENSE:
        dense = upper.toarray()
        dense += np.triu(dense, 1).T
        energies, vectors = np.linalg.eigh(dense)
        return Ground(float(energies[0]), vectors[:, 0])
    lower = upper.T  # a view: nothing is copied

    def apply(vector: Values) -> Values:
        flat = vector.reshape(-1)
        product: Values = upper @ flat + lower @ flat - diagonal * flat
        return product

    # A little of everything, so that no symmetry of the start hides the lowest state; the same every time.
    start = np.random.default_rng(0).normal(scale=1e-3, size=size)
    start[np.argmin(diagonal)] += 1.0
    operator = linalg.LinearOperator((size, size), matvec=apply, dtype=np.float64)
    try:
        energies, vectors = linalg.eigsh(operator, k=1, which="SA", v0=start, ncv=min(size, 30), tol=1e-12)
    except linalg.ArpackNoConvergence as error:
        raise NotConverged(f"the lowest of {size} eigenvalues was not found: {error}") from error
    return Ground(float(energies[0]), vectors[:, 0])


def _coupled(configurations: Configurations) -> Iterator[tuple[Places, Places]]:
    """Yield index pairs i < j of determinants that differ in one or two electrons."""
    alpha, beta = configurations.alpha, configurations.beta
    size = len(alpha)
    shift = np.uint64(32)
    # Both halves in one word where they fit: then one comparison of 64 bits tells.
    narrow = size == 0 or max(int(alpha.max()), int(beta.max())) < 2**32
    words = [alpha | beta << shift] if narrow else [alpha, beta]
    step = max(1, _COMPARED // max(size, 1))
    # Blocks small enough for the processor's cache.
    for begin in range(0, size, step):
        end = min(begin + step, size)
        differing = np.zeros((end - begin, size - begin), dtype=np.uint8)
        for word in words:
            differing += np.bitwise_count(word[begin:end, None] ^ word[None, begin:])
        left, right = np.nonzero(differing <= 4)
        after = right > left
        yield left[after] + begin, right[after] + begin


class _Elements:
    """Matrix elements between determinants, many pairs at a time.

    Parameters
    ----------
    configurations
        The determinants.
    problem
        Integrals.
    """

    def __init__(self, configurations: Configurations, problem: Problem) -> None:
        self._strings = (configurations.alpha, configurations.beta)
        self._h1, self._h2 = problem.h1, problem.h2
        places = np.arange(problem.num_orbitals, dtype=np.uint64)
        self._occupied = [(strings[:, None] >> places & _ONE).astype(np.float64) for strings in self._strings]
        self._coulomb = np.einsum("pqrr->pqr", problem.h2)
        self._exchange = np.einsum("prrq->pqr", problem.h2)

    def diagonal(self) -> Values:
        """Return the energies of the determinants, without the core's."""
        up, down = self._occupied
        coulomb = np.einsum("ppqq->pq", self._h2)
        exchange = np.einsum("pqqp->pq", self._h2)
        both = up + down
        energy: Values = both @ np.diag(self._h1) + 0.5 * np.einsum("dp,pq,dq->d", both, coulomb, both)
        for occupied in self._occupied:
            energy -= 0.5 * np.einsum("dp,pq,dq->d", occupied, exchange, occupied)
        return energy

    def between(self, i: Places, j: Places) -> Values:
        """Return the elements of pairs that differ in one or two electrons."""
        values = np.zeros(len(i))
        moved = [np.bitwise_count(strings[i] ^ strings[j]) // 2 for strings in self._strings]
        both = (moved[0] == 1) & (moved[1] == 1)
        values[both] = self._opposite_spins(i[both], j[both])
        for spin in (0, 1):
            other = moved[1 - spin] == 0
            one, two = (moved[spin] == 1) & other, (moved[spin] == 2) & other
            values[one] = self._single(i[one], j[one], spin)
            values[two] = self._same_spin(i[two], j[two], spin)
        return values

    def _single(self, i: Places, j: Places, spin: int) -> Values:
        here, there = self._strings[spin][i], self._strings[spin][j]
        hole, particle = _lowest_bit(here & ~there), _lowest_bit(there & ~here)
        # The moved electron's own terms cancel, so that all occupied orbitals may be summed over.
        own = self._coulomb[hole, particle] - self._exchange[hole, particle]
        values: Values = self._h1[hole, particle] + np.einsum("xr,xr->x", own, self._occupied[spin][i])
        values += np.einsum("xr,xr->x", self._coulomb[hole, particle], self._occupied[1 - spin][i])
        return values * _sign(here, hole, particle)

    def _same_spin(self, i: Places, j: Places, spin: int) -> Values:
        here, there = self._strings[spin][i], self._strings[spin][j]
        emptied, filled = here & ~there, there & ~here
        hole, particle = _lowest_bit(emptied), _lowest_bit(filled)
        hole2, particle2 = _lowest_bit(emptied & emptied - _ONE), _lowest_bit(filled & filled - _ONE)
        between = here ^ _bit(hole) ^ _bit(particle)
        sign = _sign(here, hole, particle) * _sign(between, hole2, particle2)
        values: Values = (
            self._h2[hole, particle, hole2, particle2] - self._h2[hole, particle2, hole2, particle]
        )
        return values * sign

    def _opposite_spins(self, i: Places, j: Places) -> Values:
        places: list[Any] = []
        sign = np.ones(len(i))
        for strings in self._strings:
            here, there = strings[i], strings[j]
            hole, particle = _lowest_bit(here & ~there), _lowest_bit(there & ~here)
            places += [hole, particle]
            sign *= _sign(here, hole, particle)
        values: Values = self._h2[tuple(places)]
        return values * sign


def _bit(place: Places) -> Bits:
    return _ONE << place.astype(np.uint64)


def _lowest_bit(words: Bits) -> Places:
    return np.bitwise_count((words & (~words + _ONE)) - _ONE).astype(np.int64)


def _sign(word: Bits, hole: Places, particle: Places) -> Values:
    """Return -1 for each electron that the moved one passes, multiplied."""
    low, high = np.minimum(hole, particle), np.maximum(hole, particle)
    passed = word & (_bit(high) - _ONE) & ~(_bit(low + 1) - _ONE)
    signs: Values = 1.0 - 2.0 * (np.bitwise_count(passed) & 1)
    return signs
