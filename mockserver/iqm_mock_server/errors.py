# SPDX-License-Identifier: Apache-2.0
"""Errors that are part of the API: each knows its HTTP status and its error code."""

from __future__ import annotations

import enum


class ErrorCode(enum.StrEnum):
    """Values of `error_code` in an error body."""

    ACTIVATE_FORBIDDEN = "activate_forbidden"
    BAD_REQUEST = "bad_request"
    CALIBRATION_SET_NOT_FOUND = "calibration_set_not_found"
    CONFLICT = "conflict"
    FORBIDDEN = "forbidden"
    ILLEGAL_JOB_STATUS = "illegal_job_status"
    INTERNAL_ERROR = "internal_error"
    INVALID_DATA_FORMAT = "invalid_data_format"
    INVALID_INPUT = "invalid_input"
    INVALID_JOB_PAYLOAD = "invalid_job_payload"
    JOB_ARTIFACT_NOT_FOUND = "job_artifact_not_found"
    JOB_NOT_FOUND = "job_not_found"
    NO_BOOKED_TIMESLOTS = "no_booked_timeslots"
    NOT_ENOUGH_CREDITS = "not_enough_credits"
    NOT_FOUND = "not_found"
    QC_ARTIFACT_NOT_FOUND = "qc_artifact_not_found"
    QC_NOT_FOUND = "qc_not_found"
    QUALITY_METRICS_NOT_FOUND = "quality_metrics_not_found"
    QUOTA_EXCEEDED = "quota_exceeded"
    RATE_LIMIT_EXCEEDED = "rate_limit_exceeded"
    REFRESH_FORBIDDEN = "refresh_forbidden"
    REQUEST_PAYLOAD_TOO_LARGE = "request_payload_too_large"
    REVOKE_FORBIDDEN = "revoke_forbidden"
    TIMESLOT_REQUIRED = "timeslot_required"
    UNAUTHORIZED = "unauthorized"
    UNSUPPORTED_JOB_TYPE = "unsupported_job_type"


_CODES = {
    401: ErrorCode.UNAUTHORIZED,
    403: ErrorCode.FORBIDDEN,
    404: ErrorCode.NOT_FOUND,
    409: ErrorCode.CONFLICT,
    413: ErrorCode.REQUEST_PAYLOAD_TOO_LARGE,
    415: ErrorCode.INVALID_DATA_FORMAT,
    429: ErrorCode.RATE_LIMIT_EXCEEDED,
}


def code_of(status: int) -> ErrorCode:
    """Return the error code of an HTTP error that nothing more is known about."""
    return _CODES.get(status, ErrorCode.BAD_REQUEST if status < 500 else ErrorCode.INTERNAL_ERROR)


class ApiError(Exception):
    """A request that cannot be served, as the client will read it.

    Parameters
    ----------
    status
        HTTP status.
    code
        Machine-readable reason.
    message
        Reason for humans.
    headers
        Additional response headers.
    """

    def __init__(
        self, status: int, code: ErrorCode, message: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}


class InvalidPayload(ApiError):  # noqa: N818 - named after the error code
    """A submission that the server does not accept.

    The vendor's clients map 400 to their "invalid argument"; a 422 would lose its error code in one of them.
    """

    def __init__(self, message: str) -> None:
        super().__init__(400, ErrorCode.INVALID_JOB_PAYLOAD, message)


class InvalidInput(ApiError):  # noqa: N818 - named after the error code
    """A query parameter, or a body that is not a submission, that the server does not accept."""

    def __init__(self, message: str) -> None:
        super().__init__(400, ErrorCode.INVALID_INPUT, message)


class NotFound(ApiError):  # noqa: N818 - named after the HTTP status
    """A resource that does not exist."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(404, code, message)


class Unauthorized(ApiError):  # noqa: N818 - named after the error code
    """A request without a token that is good for it."""

    def __init__(self, message: str) -> None:
        super().__init__(401, ErrorCode.UNAUTHORIZED, message, {"WWW-Authenticate": "Bearer"})


class IllegalJobStatus(ApiError):  # noqa: N818 - named after the error code
    """A job that is no longer in a state that allows the operation.

    The vendor's clients tell this 403 from a permission problem by its error code.
    """

    def __init__(self) -> None:
        super().__init__(403, ErrorCode.ILLEGAL_JOB_STATUS, "Illegal job status")
