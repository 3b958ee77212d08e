# SPDX-License-Identifier: Apache-2.0
"""Quantum-selected configuration interaction: from a molecule to an energy, on any QDMI device.

>>> from qdmikit.qsci import run_qsci
>>> result = run_qsci("H 0 0 0; H 0 0 0.735", "sto-3g", offload=False, simulator=True)  # doctest: +SKIP
>>> print(result.e_qsci, result.findings())  # doctest: +SKIP
"""

try:
    import pyscf as _pyscf  # noqa: F401
    import qiskit as _qiskit  # noqa: F401
    import qiskit_nature as _qiskit_nature  # noqa: F401
except ModuleNotFoundError as error:
    if error.name not in {"pyscf", "qiskit", "qiskit_nature"}:
        raise
    raise ImportError(
        f'qdmikit.qsci needs {error.name}: pip install "qdmikit[qsci]"', name=error.name
    ) from None

from qdmikit.qsci.ansatz import Ansatz, build_ansatz, qubit_hamiltonian
from qdmikit.qsci.encoding import decode, encode
from qdmikit.qsci.errors import (
    InvalidProblem,
    JobFailed,
    MissingLibrary,
    NoConfigurations,
    NotConverged,
    NotVariational,
    RunMismatch,
    SubspaceTooLarge,
)
from qdmikit.qsci.estimation import Estimate, estimate
from qdmikit.qsci.jobs import Executor
from qdmikit.qsci.machine import Machine, Measured
from qdmikit.qsci.molecules import MOLECULES, Molecule, find_molecule
from qdmikit.qsci.offloading import SlurmExecutor
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
    "Executor",
    "InvalidProblem",
    "JobFailed",
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
    "RunMismatch",
    "SlurmExecutor",
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
