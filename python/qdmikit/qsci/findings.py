# SPDX-License-Identifier: Apache-2.0
"""What a result shows, in sentences that its own control supports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qdmikit.qsci.result import CHEMICAL_ACCURACY

if TYPE_CHECKING:
    from qdmikit.qsci.result import QSCIResult

_SAME = 1e-5
"""In hartree: energies closer than that are not told apart."""


def findings(result: QSCIResult) -> list[str]:
    """Say what numbers show and what they do not.

    Parameters
    ----------
    result
        With its random control.

    Returns
    -------
    list of str
        One sentence or two each.
    """
    control = result.random_control
    said = [
        f"{result.dimension} of {result.sector_dimension} determinants give "
        f"{_energy(result, result.e_qsci)}{_zero(result)}; "
        f"{100 * result.keep_fraction:.1f} % of {result.shots} shots had the right numbers of electrons "
        f"(random bits: {100 * control.keep_fraction:.1f} %)."
    ]
    if result.dimension >= result.sector_dimension:
        said.append(
            "The subspace is the whole sector: the energy is that of exact diagonalisation, "
            "whatever was sampled."
        )
    said.append(
        f"As many uniformly random bitstrings give {_energy(result, control.energy)} "
        f"with {control.dimension} determinants."
    )
    if result.chemically_accurate and control.energy - _exact(result) <= CHEMICAL_ACCURACY:
        said.append(
            "Random bits reach chemical accuracy as well: this energy alone says nothing of the "
            "quantum samples."
        )
    elif control.energy <= result.e_qsci and result.dimension < result.sector_dimension:
        said.append("Random bits do no worse: this energy says nothing in favour of the quantum samples.")
    said.append(_curves(result))
    if result.e_ccsd is not None and result.e_fci is not None:
        said.append(_coupled_cluster(result, result.e_ccsd, result.e_fci))
    return said


def _exact(result: QSCIResult) -> float:
    return float("inf") if result.e_fci is None else result.e_fci


def _energy(result: QSCIResult, energy: float) -> str:
    if result.e_fci is None:
        return f"{energy:.6f} hartree"
    return f"{1e3 * (energy - result.e_fci) + 0.0:.3f} mHa"


def _zero(result: QSCIResult) -> str:
    return "" if result.e_fci is None else " above exact diagonalisation (as all figures below)"


def _curves(result: QSCIResult) -> str:
    control = result.random_control
    shared = [size for size in result.curve if 1 < size < result.sector_dimension and size in control.curve]
    if not shared:
        return "There is no number of determinants at which samples and random ones could be compared."
    # One dimension, fixed beforehand: of many, one looks well by chance.
    size = shared[-1]
    energy, spread = result.curve[size], control.curve[size]
    figures = (
        f"the most frequent {size} determinants give {_energy(result, energy)}, {size} random ones "
        f"{_energy(result, spread.median)} (median of {control.draws} draws; "
        f"{_energy(result, spread.lowest)} to {_energy(result, spread.highest)})"
    )
    if energy < spread.lowest - _SAME:
        chance = f"chance alone does that once in {control.draws + 1} times"
        return f"The samples beat every draw of as many random determinants ({chance}): {figures}."
    if energy > spread.highest + _SAME:
        return f"The samples are worse than every draw of as many random determinants: {figures}."
    return f"The samples show no advantage over as many random determinants: {figures}."


def _coupled_cluster(result: QSCIResult, e_ccsd: float, e_fci: float) -> str:
    classical, selected = abs(e_ccsd - e_fci), abs(result.e_qsci - e_fci)
    if max(classical, selected) < _SAME:
        return "Coupled cluster (CCSD) is exact here as well, so that nothing is gained by selecting."
    verdict = "closer to" if selected < classical else "no closer to"
    return (
        f"Coupled cluster (CCSD) is {1e3 * (e_ccsd - e_fci):+.3f} mHa off; the selected subspace is "
        f"{verdict} exact diagonalisation than that."
    )


def _listed(sizes: list[int]) -> str:
    return ", ".join(map(str, sizes))
