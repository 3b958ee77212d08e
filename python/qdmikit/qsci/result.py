# SPDX-License-Identifier: Apache-2.0
"""What a QSCI calculation found, with what it has to be compared with."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Self

from qdmikit.qsci.estimation import Estimate

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

CHEMICAL_ACCURACY = 1.6e-3
"""In hartree: one kilocalorie per mole."""


@dataclass(frozen=True)
class Spread:
    """An energy over several draws, in hartree.

    Parameters
    ----------
    median, lowest, highest
        Of the draws.
    """

    median: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class RandomControl:
    """The same calculation from fair coins instead of a quantum computer.

    Parameters
    ----------
    keep_fraction
        Share of as many uniformly random bitstrings that has the right numbers of electrons.
    dimension, energy
        What the whole post-processing makes of those, with the Hartree-Fock determinant added.
    curve
        Number of determinants to the energy of so many random ones of the right sector, Hartree-Fock first.
    draws
        How many draws each point of the curve is of.
    """

    keep_fraction: float
    dimension: int
    energy: float
    curve: Mapping[int, Spread]
    draws: int


@dataclass(frozen=True)
class Determinant:
    """One of the determinants that mattered.

    Parameters
    ----------
    bits
        Occupations, spin down left, spin up right, the lowest orbital of each rightmost.
    shots
        How often it was measured; 0 for the Hartree-Fock determinant when it was added, and for those that
        configuration recovery or a product space brought in.
    weight
        Its probability in the lowest eigenvector.
    """

    bits: str
    shots: int
    weight: float


@dataclass(frozen=True)
class QSCIResult:
    """The energy of quantum-selected configuration interaction. Energies are in hartree.

    Parameters
    ----------
    e_qsci
        Lowest eigenvalue in the selected subspace.
    e_hf, e_ccsd, e_fci
        Hartree-Fock, coupled cluster and exact diagonalisation in the same orbitals; None where coupled
        cluster did not converge or the sector is too large for exact diagonalisation.
    dimension
        Number of determinants that were diagonalised over.
    sector_dimension
        Number of all with these electrons: where `dimension` reaches it, the result is exact diagonalisation
        by enumeration, whatever was sampled.
    keep_fraction
        Share of shots with the right number of electrons of either spin.
    shots
        How many circuits were measured.
    solver
        ``sparse``, ``product`` or ``sqd``.
    curve
        Number of most frequent determinants to the energy over them, Hartree-Fock first.
    random_control
        The same from random bits.
    determinants
        The heaviest of the eigenvector, at most 30.
    timings
        Name of each stage to its seconds.
    settings
        What the calculation was asked for.
    estimate
        How the circuit's parameters were found; None where counts were given.
    two_qubit_gates, depth
        Of the circuit that was sampled, after transpiling; None where counts were given.
    """

    e_qsci: float
    e_hf: float
    e_ccsd: float | None
    e_fci: float | None
    dimension: int
    sector_dimension: int
    keep_fraction: float
    shots: int
    solver: str
    curve: Mapping[int, float]
    random_control: RandomControl
    determinants: tuple[Determinant, ...]
    timings: Mapping[str, float]
    settings: Mapping[str, Any] = field(default_factory=dict)
    estimate: Estimate | None = None
    two_qubit_gates: int | None = None
    depth: int | None = None

    @property
    def error(self) -> float | None:
        """Distance to exact diagonalisation in the same orbitals, in hartree."""
        return None if self.e_fci is None else self.e_qsci - self.e_fci

    @property
    def chemically_accurate(self) -> bool | None:
        """Whether the energy is within 1.6 millihartree of exact; None where that is unknown."""
        return None if self.error is None else abs(self.error) <= CHEMICAL_ACCURACY

    def findings(self) -> list[str]:
        """Say what these numbers show and what they do not, next to the random control."""
        from qdmikit.qsci.findings import findings

        return findings(self)

    def plot(self, path: str | os.PathLike[str] | None = None) -> Any:  # noqa: ANN401 - matplotlib's Figure
        """Draw energy over dimension next to the random control.

        Parameters
        ----------
        path
            A file to draw into as well: PNG, SVG or PDF.

        Returns
        -------
        matplotlib.figure.Figure
            The drawing.

        Raises
        ------
        MissingLibrary
            If matplotlib is not installed.
        """
        from qdmikit.qsci.figures import draw_energies

        return draw_energies(self, path)

    def to_dict(self) -> dict[str, Any]:
        """Return this as JSON can hold it; lists of [dimension, energy] take the place of curves."""
        document = asdict(self)
        document["curve"] = [[size, energy] for size, energy in self.curve.items()]
        document["random_control"]["curve"] = [
            {"dimension": size, **asdict(spread)} for size, spread in self.random_control.curve.items()
        ]
        return document

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Read what `to_dict` returned."""
        control = document["random_control"]
        spreads = {
            each["dimension"]: Spread(each["median"], each["lowest"], each["highest"])
            for each in control["curve"]
        }
        found = document["estimate"]
        return cls(
            **{
                **document,
                "curve": {int(size): float(energy) for size, energy in document["curve"]},
                "random_control": RandomControl(**{**control, "curve": spreads}),
                "determinants": tuple(Determinant(**each) for each in document["determinants"]),
                "estimate": None if found is None else Estimate.from_dict(found),
            }
        )
