# SPDX-License-Identifier: Apache-2.0
"""What a run was asked for, as its folder keeps it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from qdmikit.qsci.machine import Machine
from qdmikit.qsci.recovery import Recovery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qdmikit.qsci.ansatz import AnsatzKind
    from qdmikit.qsci.encoding import Mapper
    from qdmikit.qsci.estimation import Optimizer
    from qdmikit.qsci.postprocessing import Solver


@dataclass(frozen=True)
class Settings:
    """All that determines a run; see `run_qsci` for the meaning of each."""

    atom: str
    basis: str
    active_space: tuple[int, int] | None
    symmetry: bool | str
    ansatz: AnsatzKind
    mapper: Mapper
    optimizer: Optimizer
    maxiter: int
    precision: float
    shots: int
    cutoff: int | None
    recovery: Recovery | None
    solver: Solver
    machine: Machine
    seed: int | None

    def to_dict(self) -> dict[str, Any]:
        """Return this as JSON can hold it."""
        document = asdict(self)
        document["active_space"] = None if self.active_space is None else list(self.active_space)
        document["machine"] = self.machine.to_dict()
        return document

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Read what `to_dict` returned."""
        space, recovery = document["active_space"], document["recovery"]
        return cls(
            **{
                **document,
                "active_space": None if space is None else (space[0], space[1]),
                "recovery": None if recovery is None else Recovery(**recovery),
                "machine": Machine(**document["machine"]),
            }
        )

    def differences(self, other: Self) -> list[str]:
        """Name the settings that differ; a seed that nobody gave fits any."""
        mine, theirs = self.to_dict(), other.to_dict()
        if self.seed is None:
            mine["seed"] = theirs["seed"]
        return [name for name in mine if mine[name] != theirs[name]]

    @property
    def digest(self) -> str:
        """A short name that the same settings always have."""
        text = json.dumps(self.to_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]
