# SPDX-License-Identifier: Apache-2.0
"""The state of a machine as the page shows it."""

from __future__ import annotations

import gzip
import heapq
import json
from typing import TYPE_CHECKING, Any

from iqm_mock_server.clock import timestamp
from iqm_mock_server.dashboard.layout import arrange
from iqm_mock_server.errors import ErrorCode, NotFound
from iqm_mock_server.jobs.results import measurement_counts_json

if TYPE_CHECKING:
    from uuid import UUID

    from iqm_mock_server.computers import QuantumComputer
    from iqm_mock_server.jobs.engine import JobEngine

_JOBS = 50
_CALIBRATIONS = 50
_OUTCOMES = 16
_CIRCUITS = 500
_GATES = ("prx", "measure", "cz", "move")


def drawing(computer: QuantumComputer) -> dict[str, Any]:
    """Return what a machine is made of and where to draw it, in units of the lattice."""
    machine = computer.machine
    return {
        "alias": machine.alias,
        "display_name": machine.display_name,
        "description": machine.description,
        "sites": [
            {"name": site.name, "resonator": site.resonator, "x": site.x, "y": site.y, "span": site.span}
            for site in arrange(machine)
        ],
        "couplers": [list(pair) for pair in machine.connectivity],
    }


def live(computer: QuantumComputer) -> dict[str, Any]:
    """Return what changes while a machine works."""
    return {
        "condition": computer.condition.value,
        "queue_length": computer.engine.queue_length(),
        "jobs": [_row(document) for document in computer.engine.overview(_JOBS)],
        "default_set": str(computer.calibrations.find("default").id),
        **computer.calibration_runs.overview(_CALIBRATIONS),
    }


def figures(computer: QuantumComputer, reference: str) -> dict[str, Any]:
    """Return the figures of a calibration set by metric: times in seconds, fidelities as fractions.

    Raises
    ------
    NotFound
        When there is no such set.
    """
    found = computer.calibrations.find(reference)
    metrics = {
        "t1": [{"locus": [name], "value": each.t1} for name, each in found.coherence.items()],
        "t2": [{"locus": [name], "value": each.t2} for name, each in found.coherence.items()],
    }
    for name in _GATES:
        if name in found.gates:
            metrics[name] = [
                {"locus": list(at.locus), "value": at.fidelity}
                for at in found.gates[name].loci
                if at.fidelity is not None
            ]
    return {"id": str(found.id), "created": timestamp(found.created_utc), "metrics": metrics}


def program(engine: JobEngine, job_id: UUID) -> dict[str, Any]:
    """Return a job's shots and the names of its first circuits.

    Raises
    ------
    NotFound
        When there is no such job.
    """
    payload = json.loads(gzip.decompress(engine.payload(job_id)))
    return {
        "shots": payload["shots"],
        "circuit_names": [_name(circuit) for circuit in payload["circuits"][:_CIRCUITS]],
    }


def histogram(engine: JobEngine, job_id: UUID, index: int) -> dict[str, Any]:
    """Return the most frequent outcomes of one circuit.

    Raises
    ------
    NotFound
        When there is no such job or circuit, or it has no results (yet).
    """
    results = engine.results(job_id)
    if index >= len(results):
        raise NotFound(ErrorCode.NOT_FOUND, f"Job {job_id} has no circuit {index}")
    [document] = json.loads(measurement_counts_json([results[index]]))
    counts: dict[str, int] = document["counts"]
    most = heapq.nsmallest(_OUTCOMES, counts.items(), key=lambda item: (-item[1], item[0]))
    return {
        "measurement_keys": document["measurement_keys"],
        "outcomes_num": len(counts),
        "shots": sum(counts.values()),
        "outcomes": [{"bits": bits, "count": count} for bits, count in most],
    }


def _row(document: dict[str, Any]) -> dict[str, Any]:
    names = ("id", "status", "tag", "queue_position", "shots")
    row: dict[str, Any] = {name: document[name] for name in names if name in document}
    progress = document["execution"]["progress"]["circuits"]
    return row | {
        "circuits": progress["max_value"],
        "circuits_done": progress["value"],
        "submitted": document["timeline"][0]["timestamp"],
    }


def _name(circuit: str | dict[str, Any]) -> str:
    """Return a circuit's name; a circuit that is QIR text has none."""
    return "" if isinstance(circuit, str) else str(circuit.get("name", ""))
