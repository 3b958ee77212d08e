# SPDX-License-Identifier: Apache-2.0
"""Quantum-selected configuration interaction: from a molecule to an energy, on any QDMI device.

>>> from qdmikit.qsci import run_qsci
>>> result = run_qsci("H 0 0 0; H 0 0 0.735", "sto-3g", offload=False, simulator=True)  # doctest: +SKIP
>>> print(result.e_qsci, result.findings())  # doctest: +SKIP
"""

import importlib.util as _util

# Looked for, not imported: together they take seconds, and a job that only samples needs one of them.
if _missing := [name for name in ("pyscf", "qiskit", "qiskit_nature") if _util.find_spec(name) is None]:
    raise ImportError(f'qdmikit.qsci needs {_missing[0]}: pip install "qdmikit[qsci]"', name=_missing[0])

from qdmikit.qsci.ansatz import Ansatz, build_ansatz, qubit_hamiltonian
from qdmikit.qsci.encoding import decode, encode
from qdmikit.qsci.errors import (
    InvalidProblem,
    MissingLibrary,
    NoConfigurations,
    NotConverged,
    NotVariational,
    RunInUse,
    RunMismatch,
    SubspaceTooLarge,
)
from qdmikit.qsci.estimation import Estimate, estimate
from qdmikit.qsci.machine import Machine, Measured
from qdmikit.qsci.molecules import MOLECULES, Molecule, find_molecule
from qdmikit.qsci.postprocessing import postprocess
from qdmikit.qsci.problem import Problem, build_problem
from qdmikit.qsci.progress import Progress, TerminalProgress
from qdmikit.qsci.recovery import Recovery
from qdmikit.qsci.report import write_report
from qdmikit.qsci.result import Determinant, QSCIResult, RandomControl, Spread
from qdmikit.qsci.sampling import sample
from qdmikit.qsci.workflow import run_qsci

__all__ = [
    "MOLECULES",
    "Ansatz",
    "Determinant",
    "Estimate",
    "InvalidProblem",
    "Machine",
    "Measured",
    "MissingLibrary",
    "Molecule",
    "NoConfigurations",
    "NotConverged",
    "NotVariational",
    "Problem",
    "Progress",
    "QSCIResult",
    "RandomControl",
    "Recovery",
    "RunInUse",
    "RunMismatch",
    "Spread",
    "SubspaceTooLarge",
    "TerminalProgress",
    "build_ansatz",
    "build_problem",
    "decode",
    "encode",
    "estimate",
    "find_molecule",
    "postprocess",
    "qubit_hamiltonian",
    "run_qsci",
    "sample",
    "write_report",
]
