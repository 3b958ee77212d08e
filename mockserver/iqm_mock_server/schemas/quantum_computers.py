# SPDX-License-Identifier: Apache-2.0
"""Documents about a quantum computer, and what a booking of its time looks like."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID  # noqa: TC003 - pydantic needs it at run time

from pydantic import Field

from iqm_mock_server.schemas.model import Body, Document, Timestamp

Count = Annotated[int, Field(ge=0)]
Pair = tuple[str, str]


class QuantumComputerEntry(Document):
    """A quantum computer as the list names it."""

    id: UUID
    alias: str
    display_name: str
    proxy_path: str | None = Field(
        # Null, not absent: a client takes absence for a server of an older generation.
        description="Path of the pulse-level interface; a simulated machine has none."
    )


class QuantumComputerList(Document):
    """All quantum computers of this server."""

    quantum_computers: list[QuantumComputerEntry]


class Health(Document):
    """Whether a quantum computer works."""

    healthy: bool
    updated_at: Timestamp = Field(description="When that was last found out.")


class Limits(Document):
    """The largest job that is accepted; an execution is one shot of one circuit."""

    max_executions_per_job: Count
    max_instructions_per_circuit: Count
    max_circuits_per_job: Count | None = None
    max_shots_per_circuit: Count | None = None


class Pricing(Document):
    """What the machine costs; a simulated one is free."""

    payg_price_per_second: str


class AdditionalInfo(Document):
    """What people may want to read."""

    academy_url: str
    best_suited_for: list[str]
    documentation_url: str
    mock_url: str


class QuantumComputerDetails(Document):
    """One quantum computer."""

    id: UUID
    alias: str
    display_name: str
    description: str
    backend_type: str
    number_of_qubits: Count
    pulla_enabled: bool
    queue_length: Count
    limits: Limits
    pricing: Pricing
    additional_info: AdditionalInfo
    operational_status: Literal["online", "maintenance", "offline"]
    health: Health


class TimeWindow(Document):
    """A span of time."""

    start: Timestamp
    end: Timestamp


class QueueAvailability(Document):
    """How long the queue is, and when its jobs run."""

    queue_length: Count = Field(description="Jobs that have not ended.")
    available: list[TimeWindow] = Field(description="Empty when the machine takes no jobs.")


class Timeslot(Document):
    """A span of time that can be booked."""

    reference: str
    start: Timestamp
    end: Timestamp
    price: str


class Timeslots(Document):
    """Bookable and booked time; a simulated machine has neither."""

    available_slots: list[Timeslot]
    booked_slots: list[Timeslot]
    queue_length: Count = Field(description="Jobs that wait for a booked timeslot.")


class TimeslotChoice(Body):
    """One timeslot to book."""

    reference: str
    expected_price: str | None = None


class BookingRequest(Body):
    """Timeslots to book."""

    timeslots: list[TimeslotChoice]


class StaticArchitecture(Document):
    """What does not change between two calibrations."""

    dut_label: str | None
    qubits: list[str]
    computational_resonators: list[str]
    connectivity: list[Pair] = Field(description="Each pair once, in either order.")


class MachineAbout(Document):
    """Which software runs the machine."""

    version: str
    software_versions: dict[str, str]
