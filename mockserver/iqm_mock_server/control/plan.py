# SPDX-License-Identifier: Apache-2.0
"""What goes wrong, and when: the document of ``--faults FILE`` and ``PUT /mock/faults``.

Rules are looked at in order, and the first one that strikes decides what happens to a request.
"""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from iqm_mock_server.computers import Condition  # noqa: TC001 - pydantic needs it at run time
from iqm_mock_server.schemas.problems import describe

if TYPE_CHECKING:
    from pathlib import Path

Seconds = Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)]


def _expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from error
    return text


Pointer = Annotated[str, Field(pattern="^/")]
"""A JSON pointer to something inside a document; ``*`` stands for every member."""

HeaderName = Annotated[str, Field(pattern=r"^[-!#$%&'*+.^_`|~0-9A-Za-z]+$")]
HeaderValue = Annotated[str, Field(pattern=r"^[\t\x20-\x7e\xa0-\xff]*$")]
"""Nothing that would end the header line."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Legacy(enum.StrEnum):
    """What servers of other generations do without, or do differently."""

    NO_LONG_POLL = "no_long_poll"
    NO_LIMITS = "no_limits"
    NO_METRICS = "no_metrics"
    NO_HEALTH = "no_health"
    NO_QUEUE_AVAILABILITY = "no_queue_availability"
    NO_CALIBRATION_SETS = "no_calibration_sets"
    NO_CALIBRATION_SERVICE = "no_calibration_service"
    NO_PAYLOAD = "no_payload"
    NO_TAG = "no_tag"
    NO_KEEP_ALIVE = "no_keep_alive"
    NO_EXPECT_CONTINUE = "no_expect_continue"
    DETAIL_ERRORS = "detail_errors"
    """Error bodies of the form ``{"detail": text}``."""
    LISTED_ERRORS = "listed_errors"
    """Error bodies of the form ``{"errors": [{"error_code", "message"}]}``."""


class Match(_Model):
    """Which requests a rule is for; what is left out matches all.

    Parameters
    ----------
    path
        With the wildcards ``*`` and ``?``, which also match slashes; the query is no part of it.
    regex
        A regular expression for the whole path.
    machine
        Alias or id of the quantum computer that the request is about.
    """

    method: str | None = None
    path: str | None = None
    regex: Annotated[str, AfterValidator(_expression)] | None = None
    machine: str | None = None


class Drift(_Model):
    """A reply whose form is not the one that was agreed on; fields are JSON pointers, ``*`` for all members.

    Parameters
    ----------
    rename
        Field to its new last part.
    set
        Field to another value, of any type; the empty pointer is the whole document.
    """

    remove: list[Pointer] = Field(default_factory=list)
    rename: dict[Pointer, str] = Field(default_factory=dict)
    set: dict[Pointer | Literal[""], Any] = Field(default_factory=dict)


class Status(_Model):
    """An answer that does not come from the server's own logic.

    Parameters
    ----------
    body
        ``json`` is the API's error form, ``detail`` and ``listed`` are those of other generations, ``html``
        is what a proxy sends.
    retry_after
        Seconds; `retry_after_form` says how the header puts them.
    """

    code: Annotated[int, Field(ge=200, le=599)]
    body: Literal["json", "detail", "listed", "html", "empty"] = "json"
    message: str = "Injected fault"
    error_code: str = "internal_error"
    retry_after: Annotated[int, Field(ge=0)] | None = None
    retry_after_form: Literal["seconds", "date"] = "seconds"


class Cut(enum.StrEnum):
    """Where the connection ends, in the course of one request."""

    BEFORE = "before"
    """The request is not even looked at."""
    REPLY_LOST = "reply_lost"
    """The server acts on the request, and not a byte of its reply leaves."""
    HEAD = "head"
    """After the head of the reply."""
    BODY = "body"
    """After half of its body."""


class Effect(_Model):
    """What happens to a request; several things may.

    Parameters
    ----------
    latency, jitter
        Seconds before the request is looked at: `latency`, and up to `jitter` more.
    reply_latency
        Seconds between what the server does and the first byte of its reply.
    condition
        That the request's quantum computer is in from then on, all of them where the request is about none;
        they are online again when the plan ends.
    status
        Answers without looking at the request.
    cut, reset
        Ends the connection, by a reset rather than in order unless told otherwise.
    malformed
        Cuts the JSON text short; its length is right.
    bytes_per_second
        How fast the body dribbles out.
    pad_to
        Bytes that the body grows to, by blanks.
    headers
        Of the reply, in place of others of the same name.
    """

    latency: Seconds = 0.0
    jitter: Seconds = 0.0
    reply_latency: Seconds = 0.0
    condition: Condition | None = None
    status: Status | None = None
    token_expired: bool = False
    cut: Cut | None = None
    reset: bool = True
    malformed: bool = False
    drift: Drift | None = None
    bytes_per_second: Annotated[float, Field(ge=0.001, allow_inf_nan=False)] | None = None
    pad_to: Annotated[int, Field(gt=0, le=2**30)] | None = None
    headers: dict[HeaderName, HeaderValue] = Field(default_factory=dict)

    @property
    def edits_body(self) -> bool:
        """Whether the body is changed, so that it must not be compressed."""
        return self.malformed or self.drift is not None or self.pad_to is not None


class Rule(_Model):
    """Which requests something happens to.

    Parameters
    ----------
    requests
        Numbers of the matching requests that it strikes, from 1; all when left out.
    probability
        With which it strikes one of those.
    times
        After how many strikes it is over.
    """

    match: Match = Match()
    requests: list[Annotated[int, Field(ge=1)]] | None = None
    probability: Annotated[float, Field(ge=0, le=1)] = 1.0
    times: Annotated[int, Field(ge=1)] | None = None
    effect: Effect


class RateLimit(_Model):
    """So many requests in any window of so many seconds, then 429; replies carry ``RateLimit-*`` headers."""

    requests: Annotated[int, Field(ge=1)]
    seconds: Annotated[float, Field(gt=0, le=1e6)]
    retry_after_form: Literal["seconds", "date"] = "seconds"


class FaultPlan(_Model):
    """Everything that goes wrong on one server.

    Parameters
    ----------
    seed
        Of all that is left to chance.
    """

    seed: int = 0
    rules: list[Rule] = Field(default_factory=list)
    rate_limit: RateLimit | None = None
    legacy: frozenset[Legacy] = frozenset()

    @model_validator(mode="after")
    def _one_error_form(self) -> Self:
        if {Legacy.DETAIL_ERRORS, Legacy.LISTED_ERRORS} <= self.legacy:
            raise ValueError("legacy: detail_errors and listed_errors exclude each other")
        return self


def load_plan(path: Path) -> FaultPlan:
    """Read a plan from a file.

    Raises
    ------
    ValueError
        When the file does not hold one.
    OSError
        When it cannot be read.
    """
    try:
        return FaultPlan.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise ValueError(f"{path} does not describe faults: {describe(error)}") from error
