# SPDX-License-Identifier: Apache-2.0
"""A report: the result as JSON, what it shows as text, and its drawings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qdmikit.qsci import files
from qdmikit.qsci.figures import draw_determinants, draw_energies

if TYPE_CHECKING:
    import os

    from qdmikit.qsci.result import QSCIResult


def write_report(result: QSCIResult, folder: str | os.PathLike[str]) -> list[Path]:
    """Write a result for people and programs.

    Parameters
    ----------
    result
        The result.
    folder
        Where to; it is made.

    Returns
    -------
    list of Path
        ``result.json``, ``findings.md``, ``energies.png`` and ``determinants.png``.

    Raises
    ------
    MissingLibrary
        If matplotlib is not installed; nothing was written.
    """
    place = Path(folder)
    energies, determinants = draw_energies(result), draw_determinants(result)
    place.mkdir(parents=True, exist_ok=True)
    document = {**result.to_dict(), "findings": result.findings()}
    files.write_json(place / "result.json", document)
    (place / "findings.md").write_text(_text(result))
    energies.savefig(place / "energies.png", dpi=150)
    determinants.savefig(place / "determinants.png", dpi=150)
    return [place / name for name in ("result.json", "findings.md", "energies.png", "determinants.png")]


def _text(result: QSCIResult) -> str:
    control = result.random_control
    lines = ["# QSCI", ""]
    lines += [f"* {finding}" for finding in result.findings()]
    lines += [
        "",
        "| determinants | samples | random, median | random, lowest | random, highest |",
        "|" + "---|" * 5,
    ]
    for size, energy in result.curve.items():
        spread = control.curve[size]
        cells = (f"{value:.6f}" for value in (energy, spread.median, spread.lowest, spread.highest))
        lines.append(f"| {size} | {' | '.join(cells)} |")
    lines += ["", "Energies in hartree.", "", "| stage | seconds |", "|---|---|"]
    lines += [f"| {stage} | {seconds:.2f} |" for stage, seconds in result.timings.items()]
    return "\n".join([*lines, ""])
