# SPDX-License-Identifier: Apache-2.0
"""Passes that make circuits shorter on devices whose gates are r, diagonal entangling gates and MOVE.

Qiskit's preset pass managers use them for a `QDMIBackend` without being asked, as the stages `qdmikit`:

>>> from qiskit import transpile
>>> transpile(circuit, backend, optimization_level=3)  # doctest: +SKIP
"""

from qdmikit.qiskit.transpiler.frames import VirtualZ
from qdmikit.qiskit.transpiler.moves import InsertMoves
from qdmikit.qiskit.transpiler.rerouting import BestRouting
from qdmikit.qiskit.transpiler.scoring import log_success
from qdmikit.qiskit.transpiler.unrouting import RememberUnrouted

__all__ = ["BestRouting", "InsertMoves", "RememberUnrouted", "VirtualZ", "log_success"]
