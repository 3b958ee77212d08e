# SPDX-License-Identifier: Apache-2.0
"""How a submission asks for dynamical decoupling."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Rotations = Annotated[str, StringConstraints(pattern="^[XY]*$")] | list[tuple[float, float]]
"""X and Y pulses, or prx gates by angle and phase."""

Sequence = tuple[Annotated[int, Field(gt=0)], Rotations, Literal["asap", "center", "alap"]]
"""Shortest wait that it is for, in durations of a prx gate; its pulses; where they lie in a longer wait."""


class DecouplingStrategy(BaseModel):
    """Where pulses go."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    merge_contiguous_waits: bool = True
    target_qubits: list[str] | None = None
    skip_leading_wait: bool = True
    skip_trailing_wait: bool = True
    gate_sequences: list[Sequence] = Field(default_factory=list)
