# SPDX-License-Identifier: Apache-2.0
"""The electronic problem: integrals over the active orbitals and what classical methods say of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qdmikit.qsci._quiet import quiet
from qdmikit.qsci.errors import InvalidProblem, NotConverged

if TYPE_CHECKING:
    import numpy.typing as npt

LARGEST_FCI = 1_000_000
"""Sectors with more determinants get no exact reference."""

_DENSE = 1000


@dataclass(frozen=True)
class Problem:
    """Electrons in active orbitals: canonical orbitals of restricted Hartree-Fock, energies in hartree.

    Parameters
    ----------
    atom
        Elements and coordinates in angstrom.
    basis
        Name of the basis set.
    num_orbitals
        Active spatial orbitals, *n* below.
    num_electrons
        Active electrons with spin up and down.
    h1
        One-electron integrals with the field of the frozen core, shape (n, n).
    h2
        Two-electron integrals (pq|rs) in chemists' notation, shape (n, n, n, n).
    e_core
        Energy of nuclei and frozen core.
    e_hf, e_ccsd, e_fci
        References in the same orbitals. Coupled cluster is None where it does not converge, exact
        diagonalisation where the sector is too large.
    t1, t2
        Coupled-cluster amplitudes, shapes (o, v) and (o, o, v, v); zeros where `e_ccsd` is None.
    point_group
        The symmetry that the orbitals were made in.
    """

    atom: str
    basis: str
    num_orbitals: int
    num_electrons: tuple[int, int]
    h1: npt.NDArray[np.float64]
    h2: npt.NDArray[np.float64]
    e_core: float
    e_hf: float
    e_ccsd: float | None
    e_fci: float | None
    t1: npt.NDArray[np.float64]
    t2: npt.NDArray[np.float64]
    point_group: str

    @property
    def sector_dimension(self) -> int:
        """Number of all determinants with these numbers of electrons."""
        return math.prod(math.comb(self.num_orbitals, number) for number in self.num_electrons)

    @property
    def hartree_fock(self) -> tuple[int, int]:
        """The Hartree-Fock determinant, as bits of the occupied orbitals of either spin."""
        return tuple((1 << number) - 1 for number in self.num_electrons)  # type: ignore[return-value]


def build_problem(
    atom: str,
    basis: str = "sto-3g",
    active_space: tuple[int, int] | None = None,
    *,
    symmetry: bool | str = True,
) -> Problem:
    """Solve a molecule classically as far as QSCI needs it.

    Parameters
    ----------
    atom
        Elements and coordinates in angstrom, as PySCF reads them; closed-shell and neutral.
    basis
        Name of a basis set.
    active_space
        Electrons and spatial orbitals around the Fermi level; None for all.
    symmetry
        Whether orbitals belong to the molecule's point group, or the name of a subgroup. Without it
        degenerate orbitals come out rotated at random, and energies over dimension differ from run to run.

    Returns
    -------
    Problem
        Integrals, references and amplitudes in one set of orbitals.

    Raises
    ------
    InvalidProblem
        If PySCF cannot read the molecule, its shell is open, or the active space does not fit.
    NotConverged
        If Hartree-Fock does not converge.
    """
    field = _hartree_fock(atom, basis, symmetry)
    electrons, orbitals = _checked_space(field, active_space)
    from pyscf import ao2mo, mcscf

    with quiet():
        space = mcscf.CASCI(field, orbitals, electrons)
        h1, e_core = space.get_h1eff()
        h2 = ao2mo.restore(1, space.get_h2eff(), orbitals)
    h1, h2 = np.ascontiguousarray(h1, dtype=np.float64), np.ascontiguousarray(h2, dtype=np.float64)
    pairs = electrons // 2
    e_ccsd, t1, t2 = _coupled_cluster(h1, h2, pairs, float(e_core), float(field.e_tot))
    sector = math.comb(orbitals, pairs) ** 2
    return Problem(
        atom=atom,
        basis=basis,
        num_orbitals=orbitals,
        num_electrons=(pairs, pairs),
        h1=h1,
        h2=h2,
        e_core=float(e_core),
        e_hf=float(field.e_tot),
        e_ccsd=e_ccsd,
        e_fci=_exact(h1, h2, orbitals, pairs, float(e_core)) if sector <= LARGEST_FCI else None,
        t1=t1,
        t2=t2,
        point_group=str(field.mol.groupname),
    )


def _hartree_fock(atom: str, basis: str, symmetry: bool | str) -> Any:  # noqa: ANN401 - PySCF ships no types
    with quiet():
        from pyscf import gto, scf
        from pyscf.lib.exceptions import BasisNotFoundError, PointGroupSymmetryError

        try:
            molecule = gto.M(atom=atom, basis=basis, symmetry=symmetry, verbose=0, spin=None)
        except (
            BasisNotFoundError,
            PointGroupSymmetryError,
            RuntimeError,
            ValueError,
            KeyError,
            IndexError,
            AssertionError,
        ) as error:
            raise InvalidProblem(
                f"PySCF cannot build the molecule {atom!r} in the basis {basis!r}: "
                f"{type(error).__name__}: {error}. Remedy: check elements, coordinates and basis"
            ) from error
        if molecule.nelectron % 2:
            raise InvalidProblem(
                f"{atom!r} has {molecule.nelectron} electrons; only closed shells can be calculated. "
                "Remedy: choose a molecule with an even number of electrons"
            )
        field = scf.RHF(molecule)
        field.conv_tol = 1e-12
        field.max_cycle = 200
        field.kernel()
        if not field.converged:
            field = field.newton()
            field.kernel()
    if not field.converged:
        raise NotConverged(
            f"Hartree-Fock of {atom!r} in {basis} did not converge. Remedy: check the geometry (angstrom)"
        )
    return field


def _checked_space(field: Any, active_space: tuple[int, int] | None) -> tuple[int, int]:  # noqa: ANN401
    total, available = int(field.mol.nelectron), int(field.mo_coeff.shape[1])
    electrons, orbitals = active_space or (total, available)
    if (
        not 2 <= electrons <= total
        or electrons % 2
        or not electrons // 2 < orbitals
        or (total - electrons) // 2 + orbitals > available
    ):
        raise InvalidProblem(
            f"the active space of {electrons} electrons in {orbitals} orbitals does not fit "
            f"{field.mol.atom!r}: it has {total} electrons in {available} orbitals. Remedy: an even "
            "number of electrons, and more orbitals than pairs of them"
        )
    if orbitals > 63:
        raise InvalidProblem(f"{orbitals} orbitals are more than 63. Remedy: choose an active space")
    return electrons, orbitals


def _coupled_cluster(
    h1: npt.NDArray[np.float64], h2: npt.NDArray[np.float64], pairs: int, e_core: float, e_hf: float
) -> tuple[float | None, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Run CCSD over given integrals, in the same orbitals as everything else."""
    orbitals = len(h1)
    empty = np.zeros((pairs, orbitals - pairs)), np.zeros((pairs, pairs, orbitals - pairs, orbitals - pairs))
    with quiet():
        from pyscf import ao2mo, cc, gto, scf

        molecule = gto.M(verbose=0)
        molecule.nelectron = 2 * pairs
        molecule.incore_anyway = True
        field = scf.RHF(molecule)
        field.get_hcore = lambda *_: h1
        field.get_ovlp = lambda *_: np.eye(orbitals)
        field.energy_nuc = lambda *_: e_core
        field._eri = ao2mo.restore(8, h2, orbitals)  # noqa: SLF001 - PySCF's own way to give integrals
        field.mo_coeff = np.eye(orbitals)
        field.mo_occ = np.array([2.0] * pairs + [0.0] * (orbitals - pairs))
        field.mo_energy = np.diag(field.get_fock(dm=np.diag(field.mo_occ)))
        field.e_tot = e_hf
        field.converged = True
        clusters = cc.CCSD(field)
        clusters.conv_tol, clusters.conv_tol_normt, clusters.max_cycle = 1e-10, 1e-7, 300
        clusters.kernel()
        if not clusters.converged:
            return None, *empty
    return float(clusters.e_tot), np.asarray(clusters.t1), np.asarray(clusters.t2)


def _exact(
    h1: npt.NDArray[np.float64], h2: npt.NDArray[np.float64], orbitals: int, pairs: int, e_core: float
) -> float:
    with quiet():
        from pyscf import fci

        # The lowest state that a subspace of these determinants can reach, whatever its total spin. Where an
        # iteration is needed, a second one that penalises spin finds a singlet that the first may miss.
        solvers = [fci.direct_spin1.FCI()]
        solvers[0].pspace_size = _DENSE
        if math.comb(orbitals, pairs) ** 2 > _DENSE:
            solvers.append(fci.addons.fix_spin_(fci.direct_spin1.FCI(), ss=0))
        energies = []
        for solver in solvers:
            solver.conv_tol, solver.max_cycle = 1e-12, 300
            energy, _ = solver.kernel(h1, h2, orbitals, (pairs, pairs), ecore=e_core)
            if not np.all(solver.converged):
                raise NotConverged("exact diagonalisation of the active space did not converge")
            energies.append(float(energy))
    return min(energies)
