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
        f"{_energy(result, result.e_qsci)}; "
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
    return f"{1e3 * (energy - result.e_fci):.3f} mHa above exact diagonalisation"


def _curves(result: QSCIResult) -> str:
    control = result.random_control
    shared = [size for size in control.curve if 1 < size < result.sector_dimension and size in result.curve]
    if not shared:
        return "There is no number of determinants at which samples and random ones could be compared."
    better = [size for size in shared if result.curve[size] < control.curve[size].lowest - 1e-9]
    worse = [size for size in shared if result.curve[size] > control.curve[size].highest + 1e-9]
    size = shared[-1]
    spread = control.curve[size]
    figures = (
        f"at {size} determinants the most frequent ones give {_energy(result, result.curve[size])}, "
        "random ones "
        f"{_energy(result, spread.median)} (median of {control.draws}, {_energy(result, spread.lowest)} to "
        f"{_energy(result, spread.highest)})"
    )
    if len(better) == len(shared):
        claim = "At every dimension compared, the samples beat every draw of random determinants"
    elif better:
        claim = f"The samples beat every draw of random determinants at {_listed(better)} determinants only"
    elif worse:
        claim = f"At {_listed(worse)} determinants the samples are worse than every random draw"
    else:
        claim = "At no dimension compared do the samples leave the range of random determinants"
    return f"{claim}: {figures}."


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
