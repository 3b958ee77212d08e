# SPDX-License-Identifier: Apache-2.0
"""Documents about a calibration set."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID  # noqa: TC003 - pydantic needs it at run time

from pydantic import Field

from iqm_mock_server.schemas.model import Document, Timestamp


class GateImplementation(Document):
    """Where a gate is calibrated in one implementation."""

    loci: list[list[str]]


class GateArchitecture(Document):
    """Where a gate is calibrated."""

    implementations: dict[str, GateImplementation]
    default_implementation: str
    override_default_implementation: dict[str, str] = Field(
        description="Loci with another default; a locus is written as its components, joined by commas."
    )


class DynamicArchitecture(Document):
    """Which gates a calibration set has, and where."""

    calibration_set_id: UUID
    qubits: list[str]
    computational_resonators: list[str]
    gates: dict[str, GateArchitecture]


class Observation(Document):
    """One calibrated or measured value."""

    observation_id: int
    dut_field: str
    value: float
    unit: str
    uncertainty: float | None
    invalid: bool
    created_timestamp: Timestamp
    modified_timestamp: Timestamp


class ObservationSet(Document):
    """A calibration set, or the quality metrics of one."""

    observation_set_id: UUID
    observation_set_type: Literal["calibration-set", "quality-metric-set"]
    describes_id: UUID | None
    dut_label: str | None
    invalid: bool
    created_timestamp: Timestamp
    end_timestamp: Timestamp | None
    calibration_set: dict[str, Any] | None
    observation_ids: list[int] | None
    observations: list[Observation]
