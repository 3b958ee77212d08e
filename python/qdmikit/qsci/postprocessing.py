# SPDX-License-Identifier: Apache-2.0
"""From counts to an energy, with the control that tells what the counts were worth."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from qdmikit.errors import InvalidArgument
from qdmikit.qsci import slater_condon
from qdmikit.qsci.encoding import Configurations, decode
from qdmikit.qsci.errors import NoConfigurations, NotVariational
from qdmikit.qsci.recovery import BatchSolver, Recovery, Subspace, recover, solve_batches, solve_product
from qdmikit.qsci.result import Determinant, QSCIResult, RandomControl, Spread
from qdmikit.qsci.selection import post_select, random_counts, random_determinants, ranked

if TYPE_CHECKING:
    from scipy import sparse

    from qdmikit.qsci.encoding import Counts, Mapper
    from qdmikit.qsci.problem import Problem

Solver = Literal["auto", "sparse", "product"]
LARGEST_LIST = 10_000
"""Above, ``auto`` takes the product space, whose solver is faster for so many."""

# Beating all of them happens to random determinants themselves in one of twenty cases.
_DRAWS = 19
_SHOWN = 30
_TOLERANCE = 1e-8


class _Found(NamedTuple):
    energy: float
    dimension: int
    solver: str
    alpha: Any
    beta: Any
    amplitudes: Any


def postprocess(
    counts: Counts,
    problem: Problem,
    *,
    mapper: Mapper = "jordan_wigner",
    cutoff: int | None = None,
    recovery: Recovery | None = None,
    solver: Solver = "auto",
    seed: int | None = None,
    batch_solver: BatchSolver = solve_batches,
) -> QSCIResult:
    """Select determinants by their counts and diagonalise over them; do the same with random bits.

    Parameters
    ----------
    counts
        Bitstrings of the logical qubits, the highest left.
    problem
        The problem that the circuit was made for.
    mapper
        How its qubits hold occupations.
    cutoff
        How many determinants to keep, the most frequent first; None for all.
    recovery
        Repair configurations with wrong numbers of electrons instead of dropping them, for noisy counts.
    solver
        ``sparse`` diagonalises over the determinants themselves, ``product`` over every combination of their
        strings; ``auto`` is the first up to ten thousand determinants.
    seed
        Of recovery and control; 0 when None.
    batch_solver
        Solves the subspaces of recovery.

    Returns
    -------
    QSCIResult
        With the Hartree-Fock determinant in every subspace, and a random control of as many shots.

    Raises
    ------
    NoConfigurations
        If nothing was measured, or nothing with the right numbers of electrons and without recovery.
    SubspaceTooLarge
        If ``sparse`` is asked for more determinants than it is made for.
    MissingLibrary
        If a product space or recovery is needed and qiskit-addon-sqd is not installed.
    NotVariational
        If an energy breaks its bounds: exact from below, Hartree-Fock from above.
    """
    if cutoff is not None and cutoff < 1:
        raise InvalidArgument(f"a cutoff of {cutoff} keeps nothing. Remedy: at least 1, or None for all")
    if solver not in {"auto", "sparse", "product"}:
        raise InvalidArgument(f"no solver is called {solver!r}. Remedy: give auto, sparse or product")
    begun = time.perf_counter()
    seed = seed or 0
    pipeline = _Pipeline(problem, mapper, cutoff, recovery, solver, seed, batch_solver)
    configurations = decode(counts, problem, mapper)
    shots = int(configurations.weights.sum())
    if shots == 0:
        raise NoConfigurations("there are no counts. Remedy: sample the circuit with at least one shot")
    selected, keep_fraction = post_select(configurations, problem)
    if not len(selected) and recovery is None:
        raise NoConfigurations(
            f"none of {shots} shots has {problem.num_electrons[0]} electrons with spin up and "
            f"{problem.num_electrons[1]} with spin down. Remedy: check that circuit, problem and mapping "
            "belong together; give recovery= where noise is that strong"
        )
    found = pipeline.solve(configurations, selected)
    order = ranked(selected, problem, cutoff)
    selecting = time.perf_counter()
    curve = _curve(order, problem)
    control = _control(pipeline, shots, tuple(curve))
    return QSCIResult(
        e_qsci=found.energy,
        e_hf=problem.e_hf,
        e_ccsd=problem.e_ccsd,
        e_fci=problem.e_fci,
        dimension=found.dimension,
        sector_dimension=problem.sector_dimension,
        keep_fraction=keep_fraction,
        shots=shots,
        solver=found.solver,
        curve=curve,
        random_control=control,
        determinants=_heaviest(found, selected, problem.num_orbitals),
        timings={"diagonalize": selecting - begun, "control": time.perf_counter() - selecting},
    )


class _Pipeline:
    """The same steps for samples and control."""

    def __init__(
        self,
        problem: Problem,
        mapper: Mapper,
        cutoff: int | None,
        recovery: Recovery | None,
        solver: Solver,
        seed: int,
        batch_solver: BatchSolver,
    ) -> None:
        self.problem, self.mapper, self.seed = problem, mapper, seed
        self._cutoff, self._recovery, self._solver = cutoff, recovery, solver
        self._batch_solver = batch_solver

    def solve(self, configurations: Configurations, selected: Configurations) -> _Found:
        """Find the lowest state; `selected` are those with the right numbers of electrons."""
        if self._recovery is not None:
            found = recover(
                configurations, self.problem, self._recovery, seed=self.seed, solver=self._batch_solver
            )
            return self._checked(_product(found, "sqd"))
        order = ranked(selected, self.problem, self._cutoff)
        product = self._solver == "product" or (self._solver == "auto" and len(order) > LARGEST_LIST)
        if product:
            return self._checked(_product(solve_product(order, self.problem), "product"))
        ground = slater_condon.lowest(slater_condon.project(order, self.problem))
        return self._checked(
            _Found(ground.energy, len(order), "sparse", order.alpha, order.beta, ground.vector)
        )

    def _checked(self, found: _Found) -> _Found:
        lowest = self.problem.e_fci
        if lowest is not None and found.energy < lowest - _TOLERANCE:
            bound = f"below exact diagonalisation ({lowest:.10f})"
        elif found.energy > self.problem.e_hf + _TOLERANCE:
            bound = f"above Hartree-Fock ({self.problem.e_hf:.10f}), whose determinant is in the subspace"
        else:
            return found
        raise NotVariational(
            f"the solver {found.solver} found {found.energy:.10f} hartree over {found.dimension} "
            f"determinants, {bound}. This is a mistake of the program, not of the samples"
        )


def _product(subspace: Subspace, solver: str) -> _Found:
    alpha = np.repeat(subspace.alpha, len(subspace.beta))
    beta = np.tile(subspace.beta, len(subspace.alpha))
    return _Found(subspace.energy, subspace.dimension, solver, alpha, beta, subspace.amplitudes.reshape(-1))


def _sizes(largest: int) -> list[int]:
    sizes = [2**power for power in range(largest.bit_length()) if 2**power < largest]
    return [*sizes, largest]


def _curve(order: Configurations, problem: Problem) -> dict[int, float]:
    """Return the energies over the first 1, 2, 4, ... determinants; all of them are one matrix' corners."""
    largest = min(len(order), LARGEST_LIST)
    first = Configurations(order.alpha[:largest], order.beta[:largest], order.weights[:largest])
    matrix = slater_condon.project(first, problem)
    return {size: _corner(matrix, size) for size in _sizes(largest)}


def _corner(matrix: sparse.csr_matrix, size: int) -> float:
    return slater_condon.lowest(matrix[:size, :size]).energy


def _control(pipeline: _Pipeline, shots: int, sizes: tuple[int, ...]) -> RandomControl:
    problem = pipeline.problem
    noise = decode(random_counts(problem, pipeline.mapper, shots, pipeline.seed), problem, pipeline.mapper)
    selected, keep_fraction = post_select(noise, problem)
    found = pipeline.solve(noise, selected)
    drawn: dict[int, list[float]] = {size: [] for size in sizes}
    for draw in range(_DRAWS):
        chosen = random_determinants(problem, max(sizes), pipeline.seed + draw)
        matrix = slater_condon.project(chosen, problem)
        for size in sizes:
            drawn[size].append(_corner(matrix, size))
    return RandomControl(
        keep_fraction=keep_fraction,
        dimension=found.dimension,
        energy=found.energy,
        curve={
            size: Spread(statistics.median(values), min(values), max(values))
            for size, values in drawn.items()
        },
        draws=_DRAWS,
    )


def _heaviest(found: _Found, selected: Configurations, orbitals: int) -> tuple[Determinant, ...]:
    measured = {
        (int(alpha), int(beta)): int(weight)
        for alpha, beta, weight in zip(selected.alpha, selected.beta, selected.weights, strict=True)
    }
    weights = np.abs(found.amplitudes) ** 2
    heaviest = []
    for place in np.argsort(-weights, kind="stable")[:_SHOWN]:
        alpha, beta = int(found.alpha[place]), int(found.beta[place])
        bits = f"{beta:0{orbitals}b}{alpha:0{orbitals}b}"
        heaviest.append(Determinant(bits, measured.get((alpha, beta), 0), float(weights[place])))
    return tuple(heaviest)
