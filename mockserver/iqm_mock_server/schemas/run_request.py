# SPDX-License-Identifier: Apache-2.0
"""The body of a circuit submission, as the vendor's clients send it.

Unknown fields of the request are ignored, as the server ignores them; unknown arguments of an operation are
not.
"""

from __future__ import annotations

import enum
from typing import Annotated, Any, Literal, Self
from uuid import UUID  # noqa: TC003 - pydantic needs it at run time

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from iqm_mock_server.errors import InvalidPayload
from iqm_mock_server.schemas.decoupling import (
    DecouplingStrategy,  # noqa: TC001 - pydantic needs it at run time
)
from iqm_mock_server.schemas.problems import UNION_TAG, describe


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)


class MoveValidation(enum.StrEnum):
    """How MOVE sandwiches are checked; without effect on a machine that has no resonator."""

    STRICT = "strict"
    ALLOW_PRX = "allow_prx"
    NONE = "none"


class MoveFrameTracking(enum.StrEnum):
    """How MOVE phases are tracked; without effect on a machine that has no resonator."""

    FULL = "full"
    NO_DETUNING_CORRECTION = "no_detuning_correction"
    NONE = "none"


class InstructionBody(_Model):
    """One instruction; older clients say `qubits` for `locus`."""

    name: str
    locus: list[str] | None = None
    qubits: list[str] | None = None
    args: dict[str, Any] = Field(default_factory=dict)
    implementation: str | None = None

    @model_validator(mode="after")
    def _one_locus(self) -> Self:
        if (self.locus is None) == (self.qubits is None):
            raise PydanticCustomError("locus", "exactly one of 'locus' and 'qubits' is required")
        if not self.components:
            raise PydanticCustomError("locus", "the locus is empty")
        if len(set(self.components)) != len(self.components):
            raise PydanticCustomError("locus", "the locus names a component twice")
        return self

    @property
    def components(self) -> list[str]:
        """The locus, whichever name it came under."""
        return self.locus if self.locus is not None else self.qubits or []


class CircuitBody(_Model):
    """One circuit."""

    name: str
    instructions: list[InstructionBody]
    metadata: dict[str, Any] | None = None


Program = Annotated[
    Annotated[CircuitBody, Tag(f"{UNION_TAG}json")]
    | Annotated[
        str, Field(description="A program in QIR's base profile, as LLVM assembly."), Tag(f"{UNION_TAG}qir")
    ],
    Discriminator(lambda program: UNION_TAG + ("qir" if isinstance(program, str) else "json")),
]


class QubitMappingEntry(_Model):
    """Where one logical qubit lies."""

    logical_name: str
    physical_name: str


def _list_mapping(mapping: object) -> object:
    if isinstance(mapping, dict):
        return [{"logical_name": logical, "physical_name": physical} for logical, physical in mapping.items()]
    return mapping


class RunRequest(_Model):
    """A circuit job."""

    circuits: list[Program] = Field(min_length=1)
    shots: int = Field(default=1, gt=0)
    calibration_set_id: UUID | None = None
    qubit_mapping: Annotated[list[QubitMappingEntry], BeforeValidator(_list_mapping)] | None = None
    max_circuit_duration_over_t2: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    heralding_mode: Literal["none", "zeros"] = "none"
    move_gate_validation: MoveValidation | None = None
    move_validation_mode: MoveValidation | None = None
    move_gate_frame_tracking: MoveFrameTracking | None = None
    move_gate_frame_tracking_mode: MoveFrameTracking | None = None
    active_reset_cycles: int | None = None
    dd_mode: Literal["disabled", "enabled"] = "disabled"
    dd_strategy: DecouplingStrategy | None = None

    @property
    def validation(self) -> MoveValidation:
        """How MOVE sandwiches are checked, whichever name that came under."""
        return self.move_gate_validation or self.move_validation_mode or MoveValidation.STRICT

    @model_validator(mode="after")
    def _move_options(self) -> Self:
        tracking = (
            self.move_gate_frame_tracking or self.move_gate_frame_tracking_mode or MoveFrameTracking.FULL
        )
        if tracking is MoveFrameTracking.FULL and self.validation is MoveValidation.NONE:
            raise PydanticCustomError("move", "move_gate_frame_tracking 'full' needs move_gate_validation")
        return self


def read_run_request(body: bytes) -> RunRequest:
    """Read the body of a submission.

    Raises
    ------
    InvalidPayload
        When it is not JSON or not a run request; the message lists where and why.
    """
    try:
        return RunRequest.model_validate_json(body)
    except ValidationError as error:
        raise InvalidPayload(describe(error)) from error
