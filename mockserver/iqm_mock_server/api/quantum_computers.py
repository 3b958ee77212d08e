# SPDX-License-Identifier: Apache-2.0
"""What quantum computers there are, how they are built and how they are doing."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from iqm_mock_server.api import parameters
from iqm_mock_server.api.access import computers
from iqm_mock_server.clock import timestamp
from iqm_mock_server.errors import ErrorCode, InvalidInput, NotFound

if TYPE_CHECKING:
    from iqm_mock_server.computers import QuantumComputer

blueprint = Blueprint("quantum_computers", __name__, url_prefix="/api/v1/quantum-computers")

_AVAILABLE_FOR = dt.timedelta(days=1)


@blueprint.get("")
def list_all() -> dict[str, Any]:
    """List the quantum computers."""
    return {
        "quantum_computers": [
            {
                "id": str(computer.machine.id),
                "alias": computer.machine.alias,
                "display_name": computer.machine.display_name,
                # Null, not absent: a client takes absence for a server of an older generation.
                "proxy_path": None,
            }
            for computer in computers()
        ]
    }


@blueprint.get("/<qc>")
def show(qc: str) -> dict[str, Any]:
    """Describe one quantum computer."""
    computer = computers().find(qc)
    machine = computer.machine
    return {
        "id": str(machine.id),
        "alias": machine.alias,
        "display_name": machine.display_name,
        "description": machine.description,
        "backend_type": "mock",
        "number_of_qubits": len(machine.qubits),
        "pulla_enabled": False,
        "queue_length": computer.engine.queue_length(),
        "limits": machine.limits.model_dump(),
        "pricing": {"payg_price_per_second": "0"},
        "additional_info": {
            "academy_url": "",
            "best_suited_for": [],
            "documentation_url": "",
            "mock_url": "",
        },
        "operational_status": "online",
        "health": _health(),
    }


@blueprint.get("/<qc>/health")
def health(qc: str) -> dict[str, Any]:
    """Say whether a quantum computer is healthy; a simulated one always is."""
    computers().find(qc)
    return _health()


@blueprint.get("/<qc>/queue-availability")
def queue_availability(qc: str) -> dict[str, Any]:
    """Say how long the queue is and when the quantum computer takes jobs: always."""
    computer = computers().find(qc)
    start = parameters.moment("timerange_start", computers().clock.now())
    end = parameters.moment("timerange_end", start + _AVAILABLE_FOR)
    if end <= start:
        raise InvalidInput("timerange_end must be after timerange_start")
    return {
        "queue_length": computer.engine.queue_length(),
        "available": [{"start": timestamp(start), "end": timestamp(end)}],
    }


@blueprint.get("/<qc>/limits")
def limits(qc: str) -> dict[str, Any]:
    """Say how large a job may be."""
    return computers().find(qc).machine.limits.model_dump()


@blueprint.get("/<qc>/artifacts/<name>")
def artifact(qc: str, name: str) -> list[dict[str, Any]]:
    """Return a document about a quantum computer."""
    computer = computers().find(qc)
    if name != "static-quantum-architectures":
        raise NotFound(ErrorCode.QC_ARTIFACT_NOT_FOUND, f"Artifact {name!r} of {qc} not found")
    return [_static_architecture(computer)]


def _static_architecture(computer: QuantumComputer) -> dict[str, Any]:
    machine = computer.machine
    return {
        "dut_label": machine.dut_label,
        "qubits": list(machine.qubits),
        "computational_resonators": list(machine.computational_resonators),
        "connectivity": [list(pair) for pair in machine.connectivity],
    }


def _health() -> dict[str, Any]:
    return {"healthy": True, "updated_at": timestamp(computers().clock.now())}
