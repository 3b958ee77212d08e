# SPDX-License-Identifier: Apache-2.0
"""The sparse projection against PySCF's own, on all and on some determinants."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pyscf import fci

from qdmikit.qsci import SubspaceTooLarge, encode, qubit_hamiltonian, slater_condon
from qdmikit.qsci.encoding import Configurations
from qdmikit.qsci.selection import random_determinants

if TYPE_CHECKING:
    from collections.abc import Callable

    from qdmikit.qsci import Problem

    Everything = Callable[[Problem], Configurations]


@pytest.mark.parametrize("name", ["N2", "N2-stretched", "LiH", "H2O", "H2"])
def test_over_all_determinants_it_is_exact_diagonalisation(
    problem: Callable[[str], Problem], every_determinant: Everything, name: str
) -> None:
    molecule = problem(name)
    everything = every_determinant(molecule)
    ground = slater_condon.lowest(slater_condon.project(everything, molecule))
    assert len(everything) == molecule.sector_dimension
    assert ground.energy == pytest.approx(molecule.e_fci, abs=1e-10)


def test_every_element_is_that_of_the_qubit_hamiltonian(problem: Callable[[str], Problem]) -> None:
    molecule = problem("LiH")
    chosen = random_determinants(molecule, 25, seed=5)
    upper = slater_condon.project(chosen, molecule).toarray()
    whole = upper + np.triu(upper, 1).T
    states = [
        int(encode(int(alpha), int(beta), molecule), 2)
        for alpha, beta in zip(chosen.alpha, chosen.beta, strict=True)
    ]
    # Jordan-Wigner fills spin up first, as the rules do, so that even the signs agree.
    expected = (
        qubit_hamiltonian(molecule).to_matrix(sparse=True).tocsr()[np.ix_(states, states)].toarray().real
    )
    np.testing.assert_allclose(whole, expected, atol=1e-12)


def test_a_subspace_of_many_determinants_agrees_with_pyscf(problem: Callable[[str], Problem]) -> None:
    molecule = problem("N2-stretched")
    strings = fci.cistring.make_strings(range(6), 3)
    size = molecule.sector_dimension
    addresses, dense = fci.direct_spin1.pspace(molecule.h1, molecule.h2, 6, (3, 3), np=size)
    chosen = np.random.default_rng(3).permutation(size)[:150]
    places = addresses[chosen]
    subset = Configurations(
        strings[places // len(strings)].astype(np.uint64),
        strings[places % len(strings)].astype(np.uint64),
        np.ones(150, dtype=np.int64),
    )
    found = slater_condon.lowest(slater_condon.project(subset, molecule)).energy
    expected = np.linalg.eigvalsh(dense[np.ix_(chosen, chosen)])[0] + molecule.e_core
    assert found == pytest.approx(expected, abs=1e-10)


def test_orbitals_beyond_the_thirty_second_are_no_different(
    problem: Callable[[str], Problem], every_determinant: Everything
) -> None:
    molecule = problem("LiH")
    shift, orbitals = 34, 40
    places = slice(shift, shift + molecule.num_orbitals)
    h1 = np.zeros((orbitals,) * 2)
    h2 = np.zeros((orbitals,) * 4)
    h1[places, places] = molecule.h1
    h2[places, places, places, places] = molecule.h2
    wide = dataclasses.replace(molecule, num_orbitals=orbitals, h1=h1, h2=h2)
    narrow = every_determinant(molecule)
    moved = Configurations(narrow.alpha << np.uint64(shift), narrow.beta << np.uint64(shift), narrow.weights)
    expected = slater_condon.project(narrow, molecule).toarray()
    np.testing.assert_allclose(slater_condon.project(moved, wide).toarray(), expected, atol=1e-12)


def test_many_determinants_go_through_the_iterative_solver(
    problem: Callable[[str], Problem], monkeypatch: pytest.MonkeyPatch
) -> None:
    molecule = problem("N2")
    matrix = slater_condon.project(random_determinants(molecule, 400, seed=1), molecule)
    dense = slater_condon.lowest(matrix).energy
    monkeypatch.setattr(slater_condon, "_DENSE", 10)
    iterated = slater_condon.lowest(matrix)
    assert iterated.energy == pytest.approx(dense, abs=1e-9)
    assert np.linalg.norm(iterated.vector) == pytest.approx(1)


def test_too_many_determinants_are_refused_before_memory_runs_out(
    problem: Callable[[str], Problem],
) -> None:
    number = slater_condon.LARGEST_SPARSE + 1
    many = Configurations(
        np.arange(number, dtype=np.uint64), np.zeros(number, dtype=np.uint64), np.ones(number, dtype=np.int64)
    )
    with pytest.raises(SubspaceTooLarge, match=r"20001 determinants .* Remedy"):
        slater_condon.project(many, problem("N2"))
