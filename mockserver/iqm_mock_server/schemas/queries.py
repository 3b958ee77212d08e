# SPDX-License-Identifier: Apache-2.0
"""Query parameters, strictly read."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from iqm_mock_server.schemas.model import Query

LONGEST_TAG = 50
"""Characters of a job's tag."""

LONGEST_POLL = 30
"""Seconds for which a poll may ask to be held."""


def _flag(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise PydanticCustomError("flag", "must be true or false, not {text}", {"text": repr(text)})
    return text.lower() == "true"


def _integer(text: str) -> Any:  # noqa: ANN401 - what pydantic makes of it
    # Digits only: int() and pydantic take blanks and underscores too.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else text


_RFC3339 = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:)(\d\d)(\.\d+)?(Z|[-+]\d\d:\d\d)?", re.ASCII)


def _moment(text: str) -> dt.datetime:
    if (parts := _RFC3339.fullmatch(text.upper())) is None:
        raise PydanticCustomError("moment", "must be an RFC 3339 timestamp, not {text}", {"text": repr(text)})
    minutes, seconds, fraction, offset = parts.groups(default="")
    if not offset:
        raise PydanticCustomError("moment", "must have an offset, {text} has none", {"text": repr(text)})
    # A leap second is a moment, though not in Python; the one before is near enough.
    seconds = "59" if seconds == "60" else seconds
    try:
        return dt.datetime.fromisoformat(f"{minutes}{seconds}{fraction[:7]}{offset}").astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise PydanticCustomError(
            "moment", "must be a moment of the calendar, {text} is none", {"text": repr(text)}
        ) from error


Flag = Annotated[bool, BeforeValidator(_flag)]
Moment = Annotated[
    dt.datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]


class TimeRange(Query):
    """The time that a question about availability is about."""

    timerange_start: Moment | None = Field(default=None, description="Start of the range; now by default.")
    timerange_end: Moment | None = Field(default=None, description="End of the range.")


class SubmissionQuery(Query):
    """How a job is to be queued."""

    use_timeslot: Flag = Field(
        default=False, description="Run the job in a booked timeslot; there are none on a simulated machine."
    )
    tag: Annotated[str, Field(max_length=LONGEST_TAG)] | None = Field(
        default=None, description="The submitter's own label, shown in the job object."
    )


class JobQuery(Query):
    """How long a job's status may take."""

    wait_until_terminal: Flag = Field(
        default=False, description="Hold the request until the job has ended, or the time is over."
    )
    timeout_seconds: Annotated[int, Field(ge=0, le=LONGEST_POLL), BeforeValidator(_integer)] = Field(
        default=10, description="Seconds to hold the request; ignored without `wait_until_terminal`."
    )

    @model_validator(mode="before")
    @classmethod
    def _ignored_without_wait(cls, given: dict[str, str]) -> dict[str, str]:
        if given.get("wait_until_terminal", "false").lower() == "false":
            return {name: text for name, text in given.items() if name != "timeout_seconds"}
        return given
