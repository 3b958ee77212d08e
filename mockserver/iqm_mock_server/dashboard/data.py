# SPDX-License-Identifier: Apache-2.0
"""What the page reads: documents of its own, cut to what fits on a screen.

They are no part of the server's API and may change with the page. All of them are read-only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request

from iqm_mock_server.api.access import computers
from iqm_mock_server.dashboard import snapshots
from iqm_mock_server.errors import ErrorCode, NotFound

if TYPE_CHECKING:
    from iqm_mock_server.jobs.engine import JobEngine

blueprint = Blueprint("dashboard_data", __name__, url_prefix="/dashboard/api")


@blueprint.get("/machines")
def machines() -> Response:
    """List the machines with their sites, where to draw them, and the couplers."""
    return _document([snapshots.drawing(computer) for computer in computers()])


@blueprint.get("/machines/<qc>/live")
def live(qc: str) -> Response:
    """Return what changes: condition, queue, latest jobs, calibration sets and runs."""
    return _document(snapshots.live(computers().find(qc)))


@blueprint.get("/machines/<qc>/figures/<cal>")
def figures(qc: str, cal: str) -> Response:
    """Return the figures of one calibration set."""
    return _document(snapshots.figures(computers().find(qc), cal))


@blueprint.get("/jobs/<job>")
def show_job(job: str) -> Response:
    """Return one job as the API shows it."""
    engine, job_id = _find(job)
    return _document(engine.document(job_id))


@blueprint.get("/jobs/<job>/program")
def show_program(job: str) -> Response:
    """Return what never changes about a job but takes reading its payload."""
    engine, job_id = _find(job)
    return _document(snapshots.program(engine, job_id))


@blueprint.get("/jobs/<job>/circuits/<int:index>")
def show_circuit(job: str, index: int) -> Response:
    """Return the most frequent outcomes of one circuit of a completed job."""
    engine, job_id = _find(job)
    return _document(snapshots.histogram(engine, job_id, index))


def _find(job: str) -> tuple[JobEngine, UUID]:
    try:
        job_id = UUID(job)
    except ValueError as error:
        raise NotFound(ErrorCode.JOB_NOT_FOUND, f"Job {job!r} not found") from error
    return computers().engine_of(job_id), job_id


def _document(content: Any) -> Response:  # noqa: ANN401 - whatever JSON can say
    """Return a document, or 304 when the page has it already: it asks every second."""
    response = jsonify(content)
    # The page remembers the tag itself. On disk the browser keeps nothing that needed a token.
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.add_etag(weak=True)  # compressed or not, it is the same document
    response.make_conditional(request)
    return response
