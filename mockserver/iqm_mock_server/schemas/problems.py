# SPDX-License-Identifier: Apache-2.0
"""What a model did not accept, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError

_SHOWN = 5

UNION_TAG = "as-"
"""How the tags of unions begin: they stand among the places of a problem, and are none."""


def describe(error: ValidationError) -> str:
    """Say in one line what a model did not accept."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    lines = [_problem(_place(problem["loc"]), problem["msg"]) for problem in problems]
    if len(lines) > _SHOWN:
        lines = [*lines[:_SHOWN], f"and {len(lines) - _SHOWN} more"]
    return "; ".join(lines)


def _place(location: tuple[str | int, ...]) -> str:
    return ".".join(str(part) for part in location if not str(part).startswith(UNION_TAG))


def _problem(location: str, message: str) -> str:
    return f"{location}: {message}" if location else message
