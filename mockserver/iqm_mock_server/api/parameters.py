# SPDX-License-Identifier: Apache-2.0
"""Query parameters, strictly read."""

from __future__ import annotations

import datetime as dt

from flask import request

from iqm_mock_server.errors import InvalidInput


def flag(name: str) -> bool:
    """Return a boolean parameter, false when absent.

    Raises
    ------
    InvalidInput
        When it is neither ``true`` nor ``false``.
    """
    text = request.args.get(name, "false").lower()
    if text not in {"true", "false"}:
        raise InvalidInput(f"{name} must be true or false, not {text!r}")
    return text == "true"


def integer(name: str, *, default: int, low: int, high: int) -> int:
    """Return an integer parameter.

    Raises
    ------
    InvalidInput
        When it is not an integer between `low` and `high`.
    """
    text = request.args.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and low <= int(text[:10]) <= high and len(text) <= 10):
        raise InvalidInput(f"{name} must be an integer between {low} and {high}, not {text!r}")
    return int(text)


def label(name: str, *, longest: int) -> str | None:
    """Return a text parameter.

    Raises
    ------
    InvalidInput
        When it is longer than `longest` characters.
    """
    text = request.args.get(name)
    if text is not None and len(text) > longest:
        raise InvalidInput(f"{name} must have at most {longest} characters, not {len(text)}")
    return text


def moment(name: str, default: dt.datetime) -> dt.datetime:
    """Return a moment in time.

    Raises
    ------
    InvalidInput
        When it is not RFC 3339 with an offset.
    """
    text = request.args.get(name)
    if text is None:
        return default
    try:
        value = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"{name} must be an RFC 3339 timestamp, not {text!r}") from error
    if value.tzinfo is None:
        raise InvalidInput(f"{name} must have an offset, {text!r} has none")
    return value
