# SPDX-License-Identifier: Apache-2.0
"""What quantum computers there are, how they are built and how they are doing."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Response

from iqm_mock_server.api import failures
from iqm_mock_server.api.access import computers
from iqm_mock_server.api.operations import operation
from iqm_mock_server.api.server import software_version
from iqm_mock_server.clock import timestamp
from iqm_mock_server.computers import Condition, QuantumComputer
from iqm_mock_server.errors import ApiError, ErrorCode, InvalidInput, NotFound
from iqm_mock_server.schemas.quantum_computers import (
    AdditionalInfo,
    BookingRequest,
    Health,
    Limits,
    MachineAbout,
    Pricing,
    QuantumComputerDetails,
    QuantumComputerEntry,
    QuantumComputerList,
    QueueAvailability,
    StaticArchitecture,
    Timeslots,
    TimeWindow,
)
from iqm_mock_server.schemas.queries import TimeRange

blueprint = Blueprint("quantum_computers", __name__, url_prefix="/api/v1/quantum-computers")

_AVAILABLE_FOR = dt.timedelta(days=1)
_LAST_MOMENT = dt.datetime.max.replace(tzinfo=dt.UTC)


@blueprint.get("")
@operation(QuantumComputerList)
def list_all() -> QuantumComputerList:
    """List the quantum computers."""
    return QuantumComputerList(
        quantum_computers=[
            QuantumComputerEntry(
                id=computer.machine.id,
                alias=computer.machine.alias,
                display_name=computer.machine.display_name,
                proxy_path=None,
            )
            for computer in computers()
        ]
    )


@blueprint.get("/<qc>")
@operation(QuantumComputerDetails, failures=(failures.QC_NOT_FOUND,))
def show(qc: str) -> QuantumComputerDetails:
    """Describe one quantum computer."""
    computer = computers().find(qc)
    machine = computer.machine
    return QuantumComputerDetails(
        id=machine.id,
        alias=machine.alias,
        display_name=machine.display_name,
        description=machine.description,
        backend_type="mock",
        number_of_qubits=len(machine.qubits),
        pulla_enabled=False,
        queue_length=computer.engine.queue_length(),
        limits=_limits(computer),
        pricing=Pricing(payg_price_per_second="0"),
        additional_info=AdditionalInfo(academy_url="", best_suited_for=[], documentation_url="", mock_url=""),
        operational_status=computer.condition.value,
        health=_health(computer),
    )


@blueprint.get("/<qc>/health")
@operation(Health, failures=(failures.QC_NOT_FOUND,))
def health(qc: str) -> Health:
    """Say whether a quantum computer is healthy."""
    return _health(computers().find(qc))


@blueprint.get("/<qc>/queue-availability")
@operation(QueueAvailability, query=TimeRange, failures=(failures.QC_NOT_FOUND, failures.INVALID_INPUT))
def queue_availability(qc: str, query: TimeRange) -> QueueAvailability:
    """Say how long the queue is and when its jobs run: always, or not at all."""
    computer = computers().find(qc)
    start, end = _time_range(query)
    online = computer.condition is Condition.ONLINE
    return QueueAvailability(
        queue_length=computer.engine.queue_length(),
        available=[TimeWindow(start=timestamp(start), end=timestamp(end))] if online else [],
    )


@blueprint.get("/<qc>/timeslots")
@operation(Timeslots, query=TimeRange, failures=(failures.QC_NOT_FOUND, failures.INVALID_INPUT))
def timeslots(qc: str, query: TimeRange) -> Timeslots:
    """List bookable and booked time, of which a simulated machine has none."""
    computers().find(qc)
    _time_range(query)
    return Timeslots(available_slots=[], booked_slots=[], queue_length=0)


@blueprint.post("/<qc>/timeslots")
@operation(
    Timeslots,
    body=BookingRequest,
    failures=(failures.QC_NOT_FOUND, failures.INVALID_INPUT, failures.CONFLICT),
)
def book_timeslots(qc: str, body: BookingRequest) -> Timeslots:
    """Book time, which a simulated machine refuses because it has none to book."""
    computers().find(qc)
    wanted = ", ".join(repr(slot.reference) for slot in body.timeslots) or "none"
    raise ApiError(409, ErrorCode.CONFLICT, f"{qc} has no bookable timeslots; asked for: {wanted}")


@blueprint.get("/<qc>/limits")
@operation(Limits, failures=(failures.QC_NOT_FOUND,))
def limits(qc: str) -> Limits:
    """Say how large a job may be."""
    return _limits(computers().find(qc))


@blueprint.get("/<qc>/artifacts/static-quantum-architectures")
@operation(list[StaticArchitecture], failures=(failures.QC_NOT_FOUND,))
def static_architectures(qc: str) -> list[StaticArchitecture]:
    """Return how a quantum computer is built, as a list of one."""
    machine = computers().find(qc).machine
    return [
        StaticArchitecture(
            dut_label=machine.dut_label,
            qubits=list(machine.qubits),
            computational_resonators=list(machine.computational_resonators),
            connectivity=list(machine.connectivity),
        )
    ]


@blueprint.get("/<qc>/artifacts/about")
@operation(MachineAbout, failures=(failures.QC_NOT_FOUND,))
def about(qc: str) -> MachineAbout:
    """Say which software runs a quantum computer."""
    computers().find(qc)
    version = software_version()
    return MachineAbout(version=version, software_versions={"iqm-mock-server": version})


@blueprint.get("/<qc>/artifacts/<name>")
def unknown_artifact(qc: str, name: str) -> Response:
    """Refuse any other document."""
    computers().find(qc)
    raise NotFound(ErrorCode.QC_ARTIFACT_NOT_FOUND, f"Artifact {name!r} of {qc} not found")


def _limits(computer: QuantumComputer) -> Limits:
    return Limits.model_validate(computer.machine.limits.model_dump())


def _health(computer: QuantumComputer) -> Health:
    healthy = computer.condition is Condition.ONLINE
    return Health(healthy=healthy, updated_at=timestamp(computers().clock.now()))


def _time_range(query: TimeRange) -> tuple[dt.datetime, dt.datetime]:
    start = query.timerange_start or computers().clock.now()
    end = query.timerange_end or min(start, _LAST_MOMENT - _AVAILABLE_FOR) + _AVAILABLE_FOR
    if end <= start:
        raise InvalidInput("timerange_end must be after timerange_start")
    return start, end
