# SPDX-License-Identifier: Apache-2.0
"""Energies from noiseless samples of the coupled-cluster state, against exact diagonalisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qdmikit.qsci import encode, postprocess, sample
from qdmikit.qsci.result import CHEMICAL_ACCURACY

if TYPE_CHECKING:
    from collections.abc import Callable

    from qdmikit.qsci import Ansatz, Problem, QSCIResult

SEEDS = (1, 2, 3)
MOLECULES = ("H2", "LiH", "H2O", "N2", "N2-stretched")


_DONE: dict[tuple[str, int], QSCIResult] = {}


def calculated(problem: Problem, trial: Ansatz, seed: int) -> QSCIResult:
    """Sample and post-process, once for each molecule and seed."""
    key = (problem.atom + trial.mapper, seed)
    if key not in _DONE:
        _DONE[key] = _calculated(problem, trial, seed)
    return _DONE[key]


def _calculated(problem: Problem, trial: Ansatz, seed: int) -> QSCIResult:
    circuit = trial.circuit.assign_parameters(trial.initial_point)
    return postprocess(sample(circuit, 10_000, seed=seed).counts, problem, mapper=trial.mapper, seed=seed)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", MOLECULES)
def test_ten_thousand_shots_are_chemically_accurate(
    problem: Callable[[str], Problem], ansatz: Callable[..., Ansatz], name: str, seed: int
) -> None:
    result = calculated(problem(name), ansatz(name, "uccsd", "jordan_wigner"), seed)
    assert result.e_fci is not None
    assert result.e_fci - 1e-8 <= result.e_qsci <= result.e_fci + CHEMICAL_ACCURACY
    assert result.e_qsci <= result.e_hf + 1e-8
    assert result.keep_fraction == 1.0
    assert result.dimension < result.sector_dimension
    energies = list(result.curve.values())
    assert energies == sorted(energies, reverse=True)
    assert energies[0] == pytest.approx(result.e_hf, abs=1e-8)
    assert energies[-1] == pytest.approx(result.e_qsci, abs=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
def test_hydrogen_on_two_qubits_is_chemically_accurate(
    problem: Callable[[str], Problem], ansatz: Callable[..., Ansatz], seed: int
) -> None:
    result = calculated(problem("H2"), ansatz("H2", "uccsd", "parity"), seed)
    assert result.error == pytest.approx(0, abs=CHEMICAL_ACCURACY)


@pytest.mark.parametrize("seed", SEEDS)
def test_where_coupled_cluster_fails_the_samples_do_not(
    problem: Callable[[str], Problem], ansatz: Callable[..., Ansatz], seed: int
) -> None:
    stretched = problem("N2-stretched")
    assert stretched.e_ccsd is not None
    assert stretched.e_fci is not None
    assert abs(stretched.e_ccsd - stretched.e_fci) > 5 * CHEMICAL_ACCURACY
    result = calculated(stretched, ansatz("N2-stretched", "uccsd", "jordan_wigner"), seed)
    assert result.error is not None
    assert abs(result.error) < abs(stretched.e_ccsd - stretched.e_fci)
    # As many random bits are not chemically accurate here, although they span most of the sector.
    assert result.random_control.energy - stretched.e_fci > CHEMICAL_ACCURACY
    assert result.random_control.dimension > result.dimension


@pytest.mark.parametrize("mapper", ["jordan_wigner", "parity"])
@pytest.mark.parametrize("name", ["H2", "LiH"])
def test_hartree_fock_counts_alone_give_its_energy(
    problem: Callable[[str], Problem], name: str, mapper: str
) -> None:
    molecule = problem(name)
    bits = encode(*molecule.hartree_fock, molecule, mapper)  # type: ignore[arg-type]
    result = postprocess({bits: 1000}, molecule, mapper=mapper)  # type: ignore[arg-type]
    # One determinant: a wrong order of bits would add another one to Hartree-Fock's, which is always there.
    assert result.dimension == 1
    assert result.e_qsci == pytest.approx(molecule.e_hf, abs=1e-8)
    assert result.keep_fraction == 1.0


def test_hartree_fock_of_lithium_hydride_is_the_lowest_bits_of_either_half(
    problem: Callable[[str], Problem],
) -> None:
    assert encode(*problem("LiH").hartree_fock, problem("LiH")) == "0000100001"
