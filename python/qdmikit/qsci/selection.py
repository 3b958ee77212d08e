# SPDX-License-Identifier: Apache-2.0
"""From sampled configurations to a subspace: the right numbers of electrons, the most frequent first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from qdmikit.qsci.encoding import Configurations, num_qubits

if TYPE_CHECKING:
    import numpy.typing as npt

    from qdmikit.qsci.encoding import Mapper
    from qdmikit.qsci.problem import Problem

_ENUMERATED = 200_000


def post_select(configurations: Configurations, problem: Problem) -> tuple[Configurations, float]:
    """Keep the determinants with the right number of electrons of either spin.

    Parameters
    ----------
    configurations
        What was measured.
    problem
        With its numbers of electrons.

    Returns
    -------
    Configurations
        Those that are right in both spins; the right total alone is not enough.
    float
        The share of all shots that they make up.
    """
    up, down = problem.num_electrons
    right = (np.bitwise_count(configurations.alpha) == up) & (np.bitwise_count(configurations.beta) == down)
    total = int(configurations.weights.sum())
    kept = _taken(configurations, np.flatnonzero(right))
    return kept, int(kept.weights.sum()) / total if total else 0.0


def ranked(configurations: Configurations, problem: Problem, cutoff: int | None = None) -> Configurations:
    """Order determinants by how often they were measured, Hartree-Fock first, which is always there.

    Parameters
    ----------
    configurations
        Different determinants of the right sector.
    problem
        With its Hartree-Fock determinant.
    cutoff
        How many to keep; None for all.

    Returns
    -------
    Configurations
        At least one. Of equally frequent ones the smaller bits come first.
    """
    reference = (configurations.alpha == problem.hartree_fock[0]) & (
        configurations.beta == problem.hartree_fock[1]
    )
    order = np.lexsort((configurations.alpha, configurations.beta, -configurations.weights, ~reference))
    ordered = _taken(configurations, order)
    if not reference.any():
        ordered = _joined(_reference(problem), ordered)
    return _taken(ordered, np.arange(min(len(ordered), cutoff or len(ordered))))


def random_counts(problem: Problem, mapper: Mapper, shots: int, seed: int) -> dict[str, int]:
    """Draw bitstrings of fair coins, as from a quantum computer that does nothing but noise.

    Parameters
    ----------
    problem, mapper
        They tell the number of qubits.
    shots
        How many.
    seed
        The same seed gives the same counts.
    """
    width = num_qubits(problem, mapper)
    bits = np.random.default_rng(seed).integers(0, 2, size=(shots, width), dtype=np.uint8)
    different, counts = np.unique(bits, axis=0, return_counts=True)
    return {"".join(map(str, row.tolist())): int(count) for row, count in zip(different, counts, strict=True)}


def random_determinants(problem: Problem, number: int, seed: int) -> Configurations:
    """Draw different determinants of the right sector with equal chances, Hartree-Fock first.

    Parameters
    ----------
    problem
        Orbitals and electrons.
    number
        How many; all of the sector if it has fewer.
    seed
        The same seed gives the same determinants, and fewer of them are the first of more.
    """
    random = np.random.default_rng(seed)
    sector = problem.sector_dimension
    if sector <= _ENUMERATED:
        chosen = random.permutation(sector)
    else:
        # Few repeat among so many; more are drawn than are needed, and repetitions left out.
        drawn = random.integers(0, sector, size=2 * number + 100)
        _, first = np.unique(drawn, return_index=True)
        chosen = drawn[np.sort(first)]
    up, down = problem.num_electrons
    orbitals = problem.num_orbitals
    downs = math.comb(orbitals, down)
    reference = problem.hartree_fock
    alpha = [_unrank(int(rank) // downs, orbitals, up) for rank in chosen[: number + 1]]
    beta = [_unrank(int(rank) % downs, orbitals, down) for rank in chosen[: number + 1]]
    pairs = [pair for pair in zip(alpha, beta, strict=True) if pair != reference]
    pairs = [reference, *pairs][:number]
    return Configurations(
        np.array([pair[0] for pair in pairs], dtype=np.uint64),
        np.array([pair[1] for pair in pairs], dtype=np.uint64),
        np.ones(len(pairs), dtype=np.int64),
    )


def _unrank(rank: int, orbitals: int, electrons: int) -> int:
    """Return the string of a number: the combinatorial number system."""
    bits = 0
    for left in range(electrons, 0, -1):
        place = left - 1
        while place + 1 < orbitals and math.comb(place + 1, left) <= rank:
            place += 1
        bits |= 1 << place
        rank -= math.comb(place, left)
    return bits


def _reference(problem: Problem) -> Configurations:
    alpha, beta = problem.hartree_fock
    return Configurations(
        np.array([alpha], dtype=np.uint64), np.array([beta], dtype=np.uint64), np.zeros(1, dtype=np.int64)
    )


def _taken(configurations: Configurations, places: npt.NDArray[np.intp]) -> Configurations:
    return Configurations(
        configurations.alpha[places], configurations.beta[places], configurations.weights[places]
    )


def _joined(first: Configurations, second: Configurations) -> Configurations:
    return Configurations(
        np.concatenate([first.alpha, second.alpha]),
        np.concatenate([first.beta, second.beta]),
        np.concatenate([first.weights, second.weights]),
    )
