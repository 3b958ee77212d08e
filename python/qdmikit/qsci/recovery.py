# SPDX-License-Identifier: Apache-2.0
"""Product spaces and configuration recovery, by qiskit-addon-sqd."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from qiskit.primitives import BitArray

from qdmikit.qsci._quiet import quiet
from qdmikit.qsci.errors import MissingLibrary
from qdmikit.qsci.selection import post_select

if TYPE_CHECKING:
    import numpy.typing as npt

    from qdmikit.qsci.encoding import Configurations
    from qdmikit.qsci.problem import Problem

    Strings = npt.NDArray[np.int64]

Batch = tuple["Strings", "Strings"]
"""Strings of spin up and down; the subspace is every combination of the two."""

BatchSolver = Callable[[Sequence[Batch], "Problem"], "list[Any]"]
"""Solves independent batches, maybe at the same time, and returns one SCIResult for each."""


@dataclass(frozen=True)
class Recovery:
    """How configurations with wrong numbers of electrons are repaired (sample-based quantum diagonalisation).

    Parameters
    ----------
    samples_per_batch, batches
        How many configurations each of how many subspaces is drawn from.
    iterations
        How often occupations of the best subspace repair the samples anew, at most.
    largest
        Strings of either spin in a subspace; None does not bound them, and then small sectors are
        enumerated.
    """

    samples_per_batch: int = 300
    batches: int = 3
    iterations: int = 5
    largest: int | None = None


@dataclass(frozen=True)
class Subspace:
    """The lowest state over a product of strings.

    Parameters
    ----------
    energy
        In hartree, the core's included.
    alpha, beta
        Strings of spin up and down, shapes (A,) and (B,).
    amplitudes
        Of the lowest state, shape (A, B).
    """

    energy: float
    alpha: npt.NDArray[np.uint64]
    beta: npt.NDArray[np.uint64]
    amplitudes: npt.NDArray[np.float64]

    @property
    def dimension(self) -> int:
        """Number of determinants."""
        return math.prod(self.amplitudes.shape)


def solve_product(configurations: Configurations, problem: Problem) -> Subspace:
    """Diagonalise over every combination of the strings that occur.

    Parameters
    ----------
    configurations
        Determinants of the right sector.
    problem
        Integrals.

    Returns
    -------
    Subspace
        Never above the energy over the determinants alone.

    Raises
    ------
    MissingLibrary
        If qiskit-addon-sqd is not installed.
    """
    batch = (
        np.unique(configurations.alpha).astype(np.int64),
        np.unique(configurations.beta).astype(np.int64),
    )
    [result] = solve_batches([batch], problem)
    return _subspace(result, problem)


def solve_batches(batches: Sequence[Batch], problem: Problem) -> list[Any]:
    """Diagonalise over each of several product spaces, one after the other.

    Parameters
    ----------
    batches
        Strings of spin up and down.
    problem
        Integrals.

    Returns
    -------
    list of SCIResult
        In the order of the batches.
    """
    fermion = _addon()
    with quiet():
        return [
            fermion.solve_sci(batch, problem.h1, problem.h2, problem.num_orbitals, problem.num_electrons)
            for batch in batches
        ]


def recover(
    configurations: Configurations,
    problem: Problem,
    recovery: Recovery,
    *,
    seed: int = 0,
    solver: BatchSolver = solve_batches,
) -> Subspace:
    """Repair the samples and diagonalise, again and again.

    Parameters
    ----------
    configurations
        What was measured, of any number of electrons.
    problem
        Integrals.
    recovery
        How.
    seed
        The same seed gives the same result.
    solver
        Solves the batches of an iteration, which are independent of each other.

    Returns
    -------
    Subspace
        The lowest found.

    Raises
    ------
    MissingLibrary
        If qiskit-addon-sqd is not installed.
    """
    fermion = _addon()
    orbitals, electrons = problem.num_orbitals, problem.num_electrons
    selected, _ = post_select(configurations, problem)
    with quiet():
        result = fermion.diagonalize_fermionic_hamiltonian(
            problem.h1,
            problem.h2,
            BitArray.from_bool_array(_bits(configurations, orbitals)),
            samples_per_batch=recovery.samples_per_batch,
            norb=orbitals,
            nelec=electrons,
            num_batches=recovery.batches,
            max_iterations=recovery.iterations,
            max_dim=recovery.largest,
            symmetrize_spin=electrons[0] == electrons[1],
            include_configurations=([problem.hartree_fock[0]], [problem.hartree_fock[1]]),
            # Occupations come from the samples that are right; where none is, from Hartree-Fock.
            initial_occupancies=None if len(selected) else _reference_occupations(problem),
            sci_solver=lambda batches, *_: solver(batches, problem),
            seed=seed,
        )
    return _subspace(result, problem)


def _reference_occupations(problem: Problem) -> tuple[Any, ...]:
    places = np.arange(problem.num_orbitals)
    return tuple((places < number).astype(float) for number in problem.num_electrons)


def _bits(configurations: Configurations, orbitals: int) -> npt.NDArray[np.bool_]:
    """Return one row per shot, the highest orbital of spin down leftmost."""
    places = np.arange(orbitals - 1, -1, -1, dtype=np.uint64)
    halves = [
        strings[:, None] >> places & np.uint64(1) for strings in (configurations.beta, configurations.alpha)
    ]
    rows = np.hstack(halves).astype(bool)
    return np.repeat(rows, configurations.weights, axis=0)


def _subspace(result: Any, problem: Problem) -> Subspace:  # noqa: ANN401 - the package ships no types
    state = result.sci_state
    return Subspace(
        energy=float(result.energy) + problem.e_core,
        alpha=np.asarray(state.ci_strs_a).astype(np.uint64),
        beta=np.asarray(state.ci_strs_b).astype(np.uint64),
        amplitudes=np.asarray(state.amplitudes, dtype=np.float64),
    )


def _addon() -> Any:  # noqa: ANN401
    try:
        with quiet():
            from qiskit_addon_sqd import fermion
    except ModuleNotFoundError as error:
        if error.name != "qiskit_addon_sqd":
            raise
        raise MissingLibrary(
            'product spaces and configuration recovery need qiskit-addon-sqd: pip install "qdmikit[sqd]"',
            kind="MissingExtra",
        ) from None
    return fermion
