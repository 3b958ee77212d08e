# SPDX-License-Identifier: Apache-2.0
"""Molecules by name, and geometries from files."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from qdmikit.qsci.errors import InvalidProblem


@dataclass(frozen=True)
class Molecule:
    """A geometry with the basis and active space it is usually shown in.

    Parameters
    ----------
    atom
        Elements and coordinates in angstrom, as PySCF reads them.
    basis
        Name of the basis set.
    active_space
        Electrons and spatial orbitals; None for all.
    """

    atom: str
    basis: str = "sto-3g"
    active_space: tuple[int, int] | None = None


MOLECULES = {
    "H2": Molecule("H 0 0 0; H 0 0 0.735"),
    "LiH": Molecule("Li 0 0 0; H 0 0 1.595", active_space=(2, 5)),
    "H2O": Molecule("O 0 0 0.1173; H 0 0.7572 -0.4692; H 0 -0.7572 -0.4692", active_space=(4, 4)),
    "N2": Molecule("N 0 0 0; N 0 0 1.098", basis="cc-pvdz", active_space=(6, 6)),
    "N2-stretched": Molecule("N 0 0 0; N 0 0 1.8", active_space=(6, 6)),
}
"""What `find_molecule` knows by name."""


def find_molecule(text: str) -> Molecule:
    """Understand what a user calls a molecule.

    Parameters
    ----------
    text
        A name from `MOLECULES`, the path of an XYZ file (it ends with ``.xyz``), or a geometry in
        angstrom, for example ``"Li 0 0 0; H 0 0 1.595"``.

    Returns
    -------
    Molecule
        The geometry; basis and active space are those of the name, else the minimal basis and all orbitals.

    Raises
    ------
    InvalidProblem
        If it is none of these.
    """
    by_name = {name.casefold(): molecule for name, molecule in MOLECULES.items()}
    known = by_name.get(text.casefold())
    if known is not None:
        return known
    if text.endswith(".xyz"):
        return Molecule(_xyz(Path(text)))
    # A geometry has coordinates, so it has blanks; a name has none.
    if " " in text.strip():
        return Molecule(text)
    names = {name.casefold(): name for name in MOLECULES}
    close = difflib.get_close_matches(text.casefold(), names, n=1)
    hint = f" (did you mean {names[close[0]]}?)" if close else ""
    raise InvalidProblem(
        f"no molecule is called {text!r}{hint}. Remedy: give one of {', '.join(MOLECULES)}, "
        "an .xyz file, or elements with coordinates in angstrom such as 'H 0 0 0; H 0 0 0.735'"
    )


def _xyz(path: Path) -> str:
    try:
        lines = path.read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidProblem(f"the geometry {path} cannot be read: {error}") from error
    try:
        number = int(lines[0])
        atoms = [line.split() for line in lines[2 : 2 + number]]
        positions = [(element, float(x), float(y), float(z)) for element, x, y, z, *_ in atoms]
    except (IndexError, ValueError) as error:
        raise InvalidProblem(
            f"{path} is no XYZ file ({error}). Remedy: the number of atoms, a comment, "
            "then one line 'element x y z' in angstrom for each"
        ) from error
    if len(positions) != number or number < 1:
        raise InvalidProblem(f"{path} announces {number} atoms and has {len(positions)}")
    return "; ".join(f"{element} {x!r} {y!r} {z!r}" for element, x, y, z in positions)
