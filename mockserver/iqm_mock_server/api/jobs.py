# SPDX-License-Identifier: Apache-2.0
"""Jobs: submission, status with long poll, payload, results, cancellation, deletion."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, jsonify, request

from iqm_mock_server.api import parameters
from iqm_mock_server.api.access import computers
from iqm_mock_server.errors import ApiError, ErrorCode, NotFound
from iqm_mock_server.jobs.job import ARTIFACTS
from iqm_mock_server.jobs.results import measurement_counts_json, measurements_json

if TYPE_CHECKING:
    from iqm_mock_server.jobs.engine import JobEngine

blueprint = Blueprint("jobs", __name__, url_prefix="/api/v1/jobs")

_JOB_TYPE = "circuit"
_LONGEST_TAG = 50
_LONGEST_POLL = 30
_DEFAULT_POLL = 10
_WRITERS = dict(zip(ARTIFACTS, (measurements_json, measurement_counts_json), strict=True))


@blueprint.post("/<qc>/<job_type>")
def submit(qc: str, job_type: str) -> Response:
    """Accept a circuit job."""
    computer = computers().find(qc)
    if job_type != _JOB_TYPE:
        raise ApiError(
            400,
            ErrorCode.UNSUPPORTED_JOB_TYPE,
            f"Job type {job_type!r} is not available on this server, {_JOB_TYPE!r} is",
        )
    tag = parameters.label("tag", longest=_LONGEST_TAG)
    if parameters.flag("use_timeslot"):
        raise ApiError(400, ErrorCode.NO_BOOKED_TIMESLOTS, f"There are no booked timeslots on {qc}")
    return jsonify(computer.submit(request.get_data(cache=False), tag))


@blueprint.get("/<job>")
def show(job: str) -> Response:
    """Return a job, at once or when it has ended."""
    engine, job_id = _find(job)
    if not parameters.flag("wait_until_terminal"):
        return jsonify(engine.document(job_id))
    seconds = parameters.integer("timeout_seconds", default=_DEFAULT_POLL, low=0, high=_LONGEST_POLL)
    document, ended = engine.wait_until_terminal(job_id, seconds)
    response = jsonify(document)
    if not ended:
        response.headers["IQM-Long-Poll-Timed-Out"] = "true"
    return response


@blueprint.get("/<job>/payload")
def payload(job: str) -> Response:
    """Return a job's payload as it was submitted."""
    engine, job_id = _find(job)
    response = _stored(engine.submission(job_id).payload)
    response.headers["IQM-Job-Type"] = _JOB_TYPE
    return response


@blueprint.get("/<job>/artifacts/<name>")
def artifact(job: str, name: str) -> Response:
    """Return results of a completed job."""
    engine, job_id = _find(job)
    if name not in _WRITERS:
        raise NotFound(ErrorCode.JOB_ARTIFACT_NOT_FOUND, f"Artifact {name!r} of job {job_id} not found")
    text = _WRITERS[name](engine.results(job_id))
    if not _gzip_wanted():
        return _json_text(text)
    return _json_text(gzip.compress(text, compresslevel=1, mtime=0), encoding="gzip")


# Some clients send neither a body nor a content type here, others an empty body that claims to be JSON.
@blueprint.post("/<job>/cancel")
def cancel(job: str) -> Response:
    """Cancel a job that has not ended."""
    engine, job_id = _find(job)
    return jsonify(engine.cancel(job_id))


@blueprint.delete("/<job>")
def delete(job: str) -> Response:
    """Forget a job."""
    engine, job_id = _find(job)
    engine.delete(job_id)
    return Response(status=204)


def _find(job: str) -> tuple[JobEngine, UUID]:
    try:
        job_id = UUID(job)
    except ValueError as error:
        raise NotFound(ErrorCode.JOB_NOT_FOUND, f"Job {job!r} not found") from error
    return computers().engine_of(job_id), job_id


def _stored(compressed: bytes) -> Response:
    if _gzip_wanted():
        return _json_text(compressed, encoding="gzip")
    return _json_text(gzip.decompress(compressed))


def _gzip_wanted() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def _json_text(text: bytes, encoding: str | None = None) -> Response:
    response = Response(text, content_type="application/json")
    response.headers["Vary"] = "Accept-Encoding"
    if encoding is not None:
        response.headers["Content-Encoding"] = encoding
    return response
