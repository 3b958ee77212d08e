# SPDX-License-Identifier: Apache-2.0
"""What the suite must know about a device to test it: data only, so that another process can have it."""

from __future__ import annotations

import base64
import dataclasses
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from qdmikit.conformance.enumerators import (
    JobParameter,
    ProgramFormat,
    SessionParameter,
    Status,
)

Parameters = dict[SessionParameter, str]


@dataclass(frozen=True)
class Program:
    """A program, and what comes of it.

    Parameters
    ----------
    format
        Its format.
    content
        Its bytes, without the NUL at the end of text.
    outcomes
        The bitstrings that its histogram may hold, highest classical bit leftmost.
    is_text
        Whether it is given to a library with a NUL at its end; as QDMI has it for the format when left out.
    """

    format: ProgramFormat
    content: bytes
    outcomes: tuple[str, ...] = ()
    is_text: bool | None = None

    def __post_init__(self) -> None:
        if self.is_text is None:
            object.__setattr__(self, "is_text", self.format.is_text)

    @classmethod
    def text(cls, format: ProgramFormat, text: str, *outcomes: str) -> Program:  # noqa: A002 - QDMI's word
        """Make a program of text."""
        return cls(format, text.encode(), outcomes, is_text=True)

    @property
    def data(self) -> bytes:
        """What a library is given: text ends with a NUL."""
        return self.content + b"\0" if self.is_text else self.content


@dataclass(frozen=True)
class BadSession:
    """Session parameters with which initialization must fail.

    Parameters
    ----------
    name
        What is wrong.
    parameters
        They take the place of those of the profile, which afterwards put it right.
    statuses
        What initialization may answer.
    """

    name: str
    parameters: Parameters
    statuses: tuple[Status, ...]


@dataclass(frozen=True)
class JobOption:
    """A device-defined parameter of jobs.

    Parameters
    ----------
    parameter
        Its number.
    good
        Bytes that it takes.
    bad
        Values that it refuses with INVALIDARGUMENT.
    """

    parameter: JobParameter
    good: bytes
    bad: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Profile:
    """A device and how to test it. What is left out makes the items that need it not applicable.

    Parameters
    ----------
    library
        The shared library.
    prefix
        What the names of its functions begin with.
    session
        Parameters of a session that works.
    environment
        Variables that the device's process gets.
    session_parameters
        All session parameters that the device supports, apart from CHILDDEVICE.
    bad_sessions
        Sessions whose initialization fails.
    bell
        Two classical bits that are always equal. Most items of jobs run it.
    one
        Three classical bits of which the lowest is 1: its histogram has the single key `001`.
    registers
        Several classical registers, the last declared one leftmost.
    wide
        More than 64 classical bits.
    unmeasured
        No classical bits.
    more
        Further programs that succeed, for example one for each format.
    malformed
        A program that is none.
    shots
        Shots of each job.
    options
        All device-defined parameters of jobs.
    slow_session
        Session parameters with which a job of `bell` takes at least 20 s; they take the place of `session`'s.
    failing_session
        Session parameters with which a job of `bell` is accepted and then fails.
    unknown_job_id
        An id that no job has; `None` when jobs cannot be retrieved.
    states
        Whether jobs with 0 shots give state vectors and probabilities.
    shots_required
        Whether 0 shots are refused.
    handles
        `checked` when stale and foreign handles are refused, `trusted` when using them is undefined, which is
        all that QDMI asks for.
    extensions
        Exported symbols beyond QDMI's functions.
    """

    library: Path
    prefix: str
    bell: Program | None = None
    session: Parameters = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    session_parameters: frozenset[SessionParameter] | None = None
    bad_sessions: tuple[BadSession, ...] = ()
    one: Program | None = None
    registers: Program | None = None
    wide: Program | None = None
    unmeasured: Program | None = None
    more: tuple[Program, ...] = ()
    malformed: Program | None = None
    shots: int = 100
    options: tuple[JobOption, ...] | None = None
    slow_session: Parameters | None = None
    failing_session: Parameters | None = None
    unknown_job_id: str | None = None
    states: bool = False
    shots_required: bool = False
    handles: Literal["checked", "trusted"] = "trusted"
    extensions: frozenset[str] = frozenset()


def to_json(profile: Profile) -> str:
    """Write a profile as text, for another process."""

    def plain(value: object) -> object:
        match value:
            case bytes():
                return base64.b64encode(value).decode()
            case Path():
                return str(value)
            case frozenset():
                return sorted(value)
        raise TypeError(f"a profile holds data only, not {value!r}")

    return json.dumps(dataclasses.asdict(profile), default=plain)


def from_json(text: str) -> Profile:
    """Read a profile that `to_json` wrote."""
    fields: dict[str, Any] = json.loads(text)

    def program(value: dict[str, Any] | None) -> Program | None:
        if value is None:
            return None
        return Program(
            ProgramFormat(value["format"]),
            base64.b64decode(value["content"]),
            tuple(value["outcomes"]),
            value["is_text"],
        )

    def parameters(value: dict[str, str] | None) -> Parameters | None:
        return None if value is None else {SessionParameter(int(key)): text for key, text in value.items()}

    for name in ("bell", "one", "registers", "wide", "unmeasured", "malformed"):
        fields[name] = program(fields[name])
    for name in ("session", "slow_session", "failing_session"):
        fields[name] = parameters(fields[name])
    return Profile(
        **fields
        | {
            "library": Path(fields["library"]),
            "session_parameters": None
            if fields["session_parameters"] is None
            else frozenset(map(SessionParameter, fields["session_parameters"])),
            "bad_sessions": tuple(
                BadSession(
                    bad["name"], parameters(bad["parameters"]) or {}, tuple(map(Status, bad["statuses"]))
                )
                for bad in fields["bad_sessions"]
            ),
            "more": tuple(filter(None, map(program, fields["more"]))),
            "options": None
            if fields["options"] is None
            else tuple(
                JobOption(
                    JobParameter(option["parameter"]),
                    base64.b64decode(option["good"]),
                    tuple(map(base64.b64decode, option["bad"])),
                )
                for option in fields["options"]
            ),
            "extensions": frozenset(fields["extensions"]),
        }
    )
