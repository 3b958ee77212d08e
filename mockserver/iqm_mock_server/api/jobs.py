# SPDX-License-Identifier: Apache-2.0
"""Jobs: submission, status with long poll, payload, results, cancellation, deletion."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.routing import BaseConverter

from iqm_mock_server.api import failures
from iqm_mock_server.api.access import computers
from iqm_mock_server.api.operations import operation
from iqm_mock_server.api.replies import json_text, results, stored
from iqm_mock_server.computers import Condition
from iqm_mock_server.errors import ApiError, ErrorCode, NotFound
from iqm_mock_server.jobs.job import ARTIFACTS
from iqm_mock_server.jobs.results import measurement_counts_json, measurements_json
from iqm_mock_server.schemas.jobs import CircuitCounts, CircuitMeasurements, JobDocument
from iqm_mock_server.schemas.queries import JobQuery, SubmissionQuery
from iqm_mock_server.schemas.run_request import RunRequest

if TYPE_CHECKING:
    from flask.blueprints import BlueprintSetupState

    from iqm_mock_server.jobs.engine import JobEngine

blueprint = Blueprint("jobs", __name__, url_prefix="/api/v1/jobs")

_JOB_TYPE = "circuit"
_EXAMPLE = {
    "circuits": [
        {
            "name": "flip",
            "instructions": [
                {"name": "prx", "locus": ["QB1"], "args": {"angle": math.pi, "phase": 0.0}},
                {"name": "measure", "locus": ["QB1"], "args": {"key": "m"}},
            ],
        }
    ],
    "shots": 100,
}
_WRITERS = dict(zip(ARTIFACTS, (measurements_json, measurement_counts_json), strict=True))


class _JobType(BaseConverter):
    """Any job type, also one that this server refuses, but not what follows a job's id."""

    regex = r"(?!payload$|cancel$)[^/]+"
    part_isolating = True


@blueprint.record_once
def _know_job_types(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["job_type"] = _JobType


@blueprint.post("/<qc>/<job_type:job_type>")
@operation(
    JobDocument,
    query=SubmissionQuery,
    body=RunRequest,
    body_read=False,
    example=_EXAMPLE,
    failures=(
        failures.QC_NOT_FOUND,
        failures.INVALID_INPUT,
        failures.INVALID_JOB_PAYLOAD,
        failures.UNSUPPORTED_JOB_TYPE,
        failures.NO_BOOKED_TIMESLOTS,
        failures.UNAVAILABLE,
    ),
)
def submit(qc: str, job_type: str, query: SubmissionQuery) -> JobDocument:
    """Submit a job.

    Fields that are not listed are ignored. A machine that is not online takes no jobs.
    """
    computer = computers().find(qc)
    if job_type != _JOB_TYPE:
        raise ApiError(
            400,
            ErrorCode.UNSUPPORTED_JOB_TYPE,
            f"Job type {job_type!r} is not available on this server, {_JOB_TYPE!r} is",
        )
    if query.use_timeslot:
        raise ApiError(403, ErrorCode.NO_BOOKED_TIMESLOTS, f"There are no booked timeslots on {qc}")
    condition = computer.condition
    if condition is not Condition.ONLINE:
        raise ApiError(
            503, ErrorCode.INTERNAL_ERROR, f"{qc} takes no jobs: its status is {condition.value!r}"
        )
    return JobDocument.model_validate(computer.submit(request.get_data(cache=False), query.tag))


@blueprint.get("/<job>")
@operation(
    JobDocument,
    query=JobQuery,
    failures=(failures.JOB_NOT_FOUND, failures.INVALID_INPUT, failures.UNAVAILABLE),
    headers={"IQM-Long-Poll-Timed-Out": "`true` when the job has not ended in the time it was waited for."},
)
def show(job: str, query: JobQuery) -> JobDocument | Response:
    """Return a job, at once or when it has ended."""
    engine, job_id = _find(job)
    if not query.wait_until_terminal:
        return JobDocument.model_validate(engine.document(job_id))
    document, ended = engine.wait_until_terminal(job_id, query.timeout_seconds)
    shown = JobDocument.model_validate(document)
    if ended:
        return shown
    response = json_text(shown.model_dump_json(exclude_unset=True))
    response.headers["IQM-Long-Poll-Timed-Out"] = "true"
    return response


@blueprint.get("/<job>/payload")
@operation(
    RunRequest,
    failures=(failures.JOB_NOT_FOUND,),
    headers={"IQM-Job-Type": "What kind of job it is the payload of."},
)
def payload(job: str) -> Response:
    """Return a job's payload as it was submitted."""
    engine, job_id = _find(job)
    response = stored(engine.payload(job_id))
    response.headers["IQM-Job-Type"] = _JOB_TYPE
    return response


@blueprint.get("/<job>/artifacts/measurements")
@operation(list[CircuitMeasurements], failures=(failures.JOB_NOT_FOUND, failures.JOB_ARTIFACT_NOT_FOUND))
def measurements(job: str) -> Response:
    """Return each shot of a completed job, by circuit and measurement key."""
    return _artifact(job, "measurements")


@blueprint.get("/<job>/artifacts/measurement_counts")
@operation(list[CircuitCounts], failures=(failures.JOB_NOT_FOUND, failures.JOB_ARTIFACT_NOT_FOUND))
def measurement_counts(job: str) -> Response:
    """Return a histogram per circuit of a completed job."""
    return _artifact(job, "measurement_counts")


@blueprint.get("/<job>/artifacts/<name>")
def unknown_artifact(job: str, name: str) -> Response:
    """Refuse any other artifact."""
    return _artifact(job, name)


# Some clients send neither a body nor a content type here, others an empty body that claims to be JSON.
@blueprint.post("/<job>/cancel")
@operation(JobDocument, failures=(failures.JOB_NOT_FOUND, failures.ILLEGAL_JOB_STATUS))
def cancel(job: str) -> JobDocument:
    """Cancel a job that has not ended."""
    engine, job_id = _find(job)
    return JobDocument.model_validate(engine.cancel(job_id))


@blueprint.delete("/<job>")
@operation(None, failures=(failures.JOB_NOT_FOUND,))
def delete(job: str) -> None:
    """Forget a job; one that has not ended is cancelled first."""
    engine, job_id = _find(job)
    engine.delete(job_id)


def _artifact(job: str, name: str) -> Response:
    engine, job_id = _find(job)
    if name not in _WRITERS:
        raise NotFound(ErrorCode.JOB_ARTIFACT_NOT_FOUND, f"Artifact {name!r} of job {job_id} not found")
    return results(_WRITERS[name](engine.results(job_id)))


def _find(job: str) -> tuple[JobEngine, UUID]:
    try:
        job_id = UUID(job)
    except ValueError as error:
        raise NotFound(ErrorCode.JOB_NOT_FOUND, f"Job {job!r} not found") from error
    return computers().engine_of(job_id), job_id
