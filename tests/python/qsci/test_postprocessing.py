# SPDX-License-Identifier: Apache-2.0
"""From counts to an energy: what is kept, what is repaired, what is refused, and what is said of it."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Literal

import pytest

import qdmikit
from qdmikit.qsci import (
    NoConfigurations,
    NotVariational,
    Problem,
    QSCIResult,
    Recovery,
    encode,
    postprocess,
    sample,
)
from qdmikit.qsci.selection import random_counts, random_determinants

if TYPE_CHECKING:
    from collections.abc import Callable

    from qdmikit.qsci import Ansatz


@pytest.fixture
def water(problem: Callable[[str], Problem]) -> Problem:
    return problem("H2O")


@pytest.fixture
def water_counts(ansatz: Callable[..., Ansatz]) -> dict[str, int]:
    trial = ansatz("H2O", "uccsd", "jordan_wigner")
    return sample(trial.circuit.assign_parameters(trial.initial_point), 2000, seed=3).counts


def test_each_spin_has_to_be_right_and_not_the_total_alone(water: Problem) -> None:
    counts = {
        encode(0b0011, 0b0011, water): 50,
        encode(0b0101, 0b0011, water): 20,
        encode(0b0111, 0b0001, water): 20,  # four electrons, but three of them spin up
        encode(0b0001, 0b0001, water): 10,
    }
    result = postprocess(counts, water)
    assert result.keep_fraction == pytest.approx(0.7)
    assert result.dimension == 2
    assert result.shots == 100


def test_a_cutoff_keeps_the_most_frequent_after_hartree_fock(water: Problem) -> None:
    rare, frequent = encode(0b0101, 0b0101, water), encode(0b1001, 0b1001, water)
    result = postprocess({rare: 1, frequent: 9}, water, cutoff=2)
    assert result.dimension == 2
    assert {each.bits: each.shots for each in result.determinants} == {frequent: 9, "00110011": 0}


def test_hartree_fock_is_in_the_subspace_even_if_it_was_not_measured(water: Problem) -> None:
    result = postprocess({encode(0b1100, 0b1100, water): 5}, water)
    assert result.e_qsci <= water.e_hf + 1e-10
    assert result.dimension == 2


def test_every_solver_stays_between_exact_and_hartree_fock(
    water: Problem, water_counts: dict[str, int]
) -> None:
    energies = {}
    solvers: tuple[Literal["sparse", "product"], ...] = ("sparse", "product")
    for solver in solvers:
        result = postprocess(water_counts, water, solver=solver)
        assert result.solver == solver
        energies[solver] = result.e_qsci
        assert water.e_fci is not None
        assert water.e_fci - 1e-8 <= result.e_qsci <= water.e_hf + 1e-8
    # The product space holds the list and more.
    assert energies["product"] <= energies["sparse"] + 1e-9


def test_recovery_repairs_what_noise_has_damaged(water: Problem) -> None:
    # One spin of each is right, excited or not; the other has an electron too many or too few.
    damaged = {
        encode(0b0110, 0b1011, water): 300,
        encode(0b1011, 0b0110, water): 300,
        encode(0b0001, 0b1001, water): 200,
        encode(0b1001, 0b0000, water): 200,
    }
    with pytest.raises(NoConfigurations, match="none of 1000 shots has 2 electrons with spin up"):
        postprocess(damaged, water)
    result = postprocess(damaged, water, recovery=Recovery(samples_per_batch=50, iterations=3), seed=1)
    assert result.solver == "sqd"
    assert result.keep_fraction == 0
    assert result.error is not None
    assert water.e_fci is not None
    assert -1e-8 <= result.error < 0.9 * (water.e_hf - water.e_fci)


def test_recovery_without_bounds_enumerates_small_sectors_and_says_so(
    water: Problem, water_counts: dict[str, int]
) -> None:
    noise = random_counts(water, "jordan_wigner", 3000, seed=2)
    result = postprocess(noise, water, recovery=Recovery(), seed=1)
    assert result.dimension == result.sector_dimension == 36
    assert any("whole sector" in finding for finding in result.findings())
    bounded = postprocess(water_counts, water, recovery=Recovery(largest=3), seed=1)
    assert bounded.dimension <= 9


def test_nothing_measured_is_refused(water: Problem) -> None:
    with pytest.raises(NoConfigurations, match="no counts"):
        postprocess({}, water)
    with pytest.raises(qdmikit.InvalidArgument, match="cutoff of 0"):
        postprocess({"00110011": 1}, water, cutoff=0)
    with pytest.raises(qdmikit.InvalidArgument, match="give auto, sparse or product"):
        postprocess({"00110011": 1}, water, solver="dense")  # type: ignore[arg-type]


def test_an_energy_that_breaks_its_bounds_is_an_error(water: Problem) -> None:
    assert water.e_fci is not None
    too_high = dataclasses.replace(water, e_fci=water.e_hf + 0.1)
    with pytest.raises(NotVariational, match="below exact diagonalisation"):
        postprocess({"00110011": 1}, too_high)
    too_low = dataclasses.replace(water, e_hf=water.e_fci - 0.1)
    with pytest.raises(NotVariational, match="above Hartree-Fock"):
        postprocess({"00110011": 1}, too_low)


def test_the_control_has_as_many_shots_and_the_same_dimensions(
    water: Problem, water_counts: dict[str, int]
) -> None:
    result = postprocess(water_counts, water, seed=4)
    control = result.random_control
    assert list(control.curve) == list(result.curve)
    assert control.keep_fraction == pytest.approx(36 / 256, abs=0.04)
    for spread in control.curve.values():
        assert spread.lowest <= spread.median <= spread.highest <= water.e_hf + 1e-8
    assert control.draws == 19
    assert postprocess(water_counts, water, seed=4).random_control == control


@pytest.mark.parametrize("name", ["H2", "LiH", "N2"])
def test_random_determinants_are_different_ones_of_the_sector(
    problem: Callable[[str], Problem], name: str
) -> None:
    molecule = problem(name)
    drawn = random_determinants(molecule, 10**6, seed=1)
    pairs = {(int(a), int(b)) for a, b in zip(drawn.alpha, drawn.beta, strict=True)}
    assert len(pairs) == len(drawn) == molecule.sector_dimension
    assert (int(drawn.alpha[0]), int(drawn.beta[0])) == molecule.hartree_fock
    assert {a.bit_count() for a, _ in pairs} == {molecule.num_electrons[0]}
    fewer = random_determinants(molecule, 3, seed=1)
    assert fewer.alpha.tolist() == drawn.alpha[:3].tolist()


def test_large_sectors_are_drawn_from_without_enumerating_them(water: Problem) -> None:
    huge = dataclasses.replace(water, num_orbitals=40, num_electrons=(8, 8))
    drawn = random_determinants(huge, 500, seed=1)
    pairs = {(int(a), int(b)) for a, b in zip(drawn.alpha, drawn.beta, strict=True)}
    assert len(pairs) == 500
    assert {(a.bit_count(), b.bit_count()) for a, b in pairs} == {(8, 8)}
    assert max(a for a, _ in pairs) >= 2**30


def test_a_result_survives_json(water: Problem, water_counts: dict[str, int]) -> None:
    result = postprocess(water_counts, water, seed=4)
    assert QSCIResult.from_dict(json.loads(json.dumps(result.to_dict()))) == result


# --- findings -----------------------------------------------------------------------------------------------


def test_chemical_accuracy_that_random_bits_reach_too_is_called_worthless(
    problem: Callable[[str], Problem], ansatz: Callable[..., Ansatz]
) -> None:
    trial = ansatz("LiH", "uccsd", "jordan_wigner")
    counts = sample(trial.circuit.assign_parameters(trial.initial_point), seed=1).counts
    result = postprocess(counts, problem("LiH"), seed=1)
    assert result.chemically_accurate
    assert any("Random bits reach chemical accuracy as well" in each for each in result.findings())


def test_an_advantage_is_claimed_where_samples_beat_every_draw(
    problem: Callable[[str], Problem], ansatz: Callable[..., Ansatz]
) -> None:
    trial = ansatz("N2-stretched", "uccsd", "jordan_wigner")
    counts = sample(trial.circuit.assign_parameters(trial.initial_point), seed=1).counts
    said = " ".join(postprocess(counts, problem("N2-stretched"), seed=1).findings())
    assert "The samples beat every draw of as many random determinants" in said
    assert "CCSD) is -11.142 mHa off; the selected subspace is closer to" in said


def test_random_bits_are_hardly_ever_said_to_have_an_advantage(problem: Callable[[str], Problem]) -> None:
    molecule = problem("H2O")
    claims = 0
    for seed in range(100, 140):
        noise = random_counts(molecule, "jordan_wigner", 60, seed=seed)
        claims += "beat every draw" in " ".join(postprocess(noise, molecule, seed=seed).findings())
    # One in twenty is expected; more than seven of forty is less likely than one in a thousand.
    assert claims <= 7


def test_nothing_is_claimed_for_samples_without_correlation(problem: Callable[[str], Problem]) -> None:
    molecule = problem("H2O")
    # Single excitations do not couple with Hartree-Fock.
    counts = {encode(0b0101, 0b0011, molecule): 3, encode(0b0011, 0b1001, molecule): 2}
    said = " ".join(postprocess(counts, molecule, seed=1).findings())
    assert "beat every draw" not in said
    assert "Random bits reach chemical accuracy as well" not in said
