# SPDX-License-Identifier: Apache-2.0
"""Drawings of a result: energy over dimension next to its control, and the determinants that mattered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qdmikit.errors import InvalidArgument
from qdmikit.qsci.errors import MissingLibrary
from qdmikit.qsci.result import CHEMICAL_ACCURACY

if TYPE_CHECKING:
    import os

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from qdmikit.qsci.result import QSCIResult

_FORMATS = (".png", ".svg", ".pdf")
_SAMPLES, _RANDOM = "tab:blue", "tab:orange"
_SMALLEST = 1e-3
"""In millihartree: where the logarithmic axis ends, far below what matters."""
_LIGHTEST = 1e-6
"""Determinants of less weight are not drawn."""


def draw_energies(result: QSCIResult, path: str | os.PathLike[str] | None = None) -> Figure:
    """Draw energy over the number of determinants, for samples and for random ones.

    Parameters
    ----------
    result
        The result.
    path
        A file to draw into as well.

    Returns
    -------
    matplotlib.figure.Figure
        The drawing.

    Raises
    ------
    MissingLibrary
        If matplotlib is not installed.
    InvalidArgument
        If the file's name tells no format.
    """
    figure, axes = _figure(path)
    control = result.random_control
    # Without an exact energy the selected one is zero, and the axis cannot be logarithmic.
    exact = result.e_fci
    zero = result.e_qsci if exact is None else exact

    def above(energy: float) -> float:
        value = 1e3 * (energy - zero)
        return value if exact is None else max(value, _SMALLEST)

    sizes = list(result.curve)
    axes.plot(
        sizes, [above(result.curve[size]) for size in sizes], "o-", color=_SAMPLES, label="most frequent"
    )
    drawn = list(control.curve)
    axes.plot(
        drawn,
        [above(control.curve[size].median) for size in drawn],
        "s--",
        color=_RANDOM,
        label=f"random, median of {control.draws}",
    )
    lowest = [above(control.curve[size].lowest) for size in drawn]
    highest = [above(control.curve[size].highest) for size in drawn]
    axes.fill_between(
        drawn, lowest, highest, color=_RANDOM, alpha=0.2, linewidth=0, label="random, all draws"
    )
    axes.plot(
        [result.dimension],
        [above(result.e_qsci)],
        "*",
        color=_SAMPLES,
        markersize=14,
        label=f"QSCI ({result.solver})",
    )
    axes.plot(
        [control.dimension],
        [above(control.energy)],
        "X",
        color=_RANDOM,
        markersize=10,
        label="QSCI from random bits",
    )
    axes.axvline(result.sector_dimension, color="grey", linewidth=0.8, linestyle=":")
    if exact is not None:
        axes.axhline(1e3 * CHEMICAL_ACCURACY, color="green", linewidth=0.8, linestyle="--")
        axes.annotate("chemical accuracy", (1, 1e3 * CHEMICAL_ACCURACY), fontsize="small", va="bottom")
        axes.set_yscale("log")
    axes.set_xscale("log", base=2)
    axes.set_xlabel(f"determinants (dotted: all {result.sector_dimension})")
    axes.set_ylabel("energy above " + ("QSCI" if exact is None else "exact") + " / mHa")
    axes.set_title(f"{100 * result.keep_fraction:.0f} % of {result.shots} shots kept")
    axes.legend(fontsize="small")
    return _saved(figure, path)


def draw_determinants(result: QSCIResult, path: str | os.PathLike[str] | None = None) -> Figure:
    """Draw the heaviest determinants of the eigenvector and how often each was measured.

    Parameters
    ----------
    result
        The result.
    path
        A file to draw into as well.

    Returns
    -------
    matplotlib.figure.Figure
        The drawing.

    Raises
    ------
    MissingLibrary
        If matplotlib is not installed.
    InvalidArgument
        If the file's name tells no format.
    """
    figure, axes = _figure(path)
    shown = [each for each in result.determinants if each.weight > _LIGHTEST] or result.determinants[:1]
    places = range(len(shown))
    axes.bar(
        [place - 0.2 for place in places],
        [each.shots / result.shots for each in shown],
        width=0.4,
        color=_SAMPLES,
        label="share of shots",
    )
    axes.bar(
        [place + 0.2 for place in places],
        [each.weight for each in shown],
        width=0.4,
        color="tab:green",
        label="weight in the eigenvector",
    )
    half = len(shown[0].bits) // 2
    axes.set_xticks(
        list(places),
        [f"{each.bits[:half]} {each.bits[half:]}" for each in shown],
        rotation=90,
        fontsize="x-small",
    )
    axes.set_yscale("log")
    axes.set_ylim(_LIGHTEST, 2.0)
    axes.set_xlabel("determinant (spin down, spin up)")
    axes.set_ylabel("probability")
    axes.legend(fontsize="small")
    return _saved(figure, path)


def _figure(path: str | os.PathLike[str] | None) -> tuple[Figure, Axes]:
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        raise MissingLibrary(
            'drawing needs matplotlib: pip install "qdmikit[plot]"', kind="MissingExtra"
        ) from None
    if path is not None and Path(path).suffix.lower() not in _FORMATS:
        raise InvalidArgument(f"cannot draw into {path}: its name must end with {', '.join(_FORMATS)}")
    figure = Figure(figsize=(7.0, 4.6), layout="constrained")
    return figure, figure.subplots()


def _saved(figure: Figure, path: str | os.PathLike[str] | None) -> Figure:
    if path is not None:
        figure.savefig(path, dpi=150)
    return figure
