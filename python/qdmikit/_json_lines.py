# SPDX-License-Identifier: Apache-2.0
"""Finding the line of a value in a JSON text, which the standard library's parser does not tell."""

from __future__ import annotations

import re
from json import JSONDecoder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_BLANKS = re.compile(r"[ \t\n\r]*")
_COLON = re.compile(r"[ \t\n\r:]*")
_COMMA = re.compile(r"[ \t\n\r,]*")
_DECODER = JSONDecoder()


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the line on which a value stands.

    Parameters
    ----------
    text
        Valid JSON.
    path
        Names of members and positions in lists, from the outermost value on. Where it leads nowhere, the last
        value that is there counts.

    Returns
    -------
    int
        The line, from 1: that of its name for a member of an object.
    """
    place = _skip(text, 0)
    shown = place
    for step in path:
        found = _member(text, place, step) if isinstance(step, str) else _item(text, place, step)
        if found is None:
            break
        shown, place = found
    return text.count("\n", 0, shown) + 1


def _skip(text: str, place: int, pattern: re.Pattern[str] = _BLANKS) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place


def _member(text: str, place: int, name: str) -> tuple[int, int] | None:
    """Return where a member's name and value stand. The last of several counts, as for the parser."""
    last = None
    if text[place] != "{":
        return None
    place = _skip(text, place + 1)
    while text[place] == '"':
        key, behind = _DECODER.raw_decode(text, place)
        value = _skip(text, behind, _COLON)
        if key == name:
            last = place, value
        _, behind = _DECODER.raw_decode(text, value)
        place = _skip(text, behind, _COMMA)
    return last


def _item(text: str, place: int, position: int) -> tuple[int, int] | None:
    if text[place] != "[":
        return None
    place = _skip(text, place + 1)
    for _ in range(position):
        if text[place] == "]":
            return None
        _, behind = _DECODER.raw_decode(text, place)
        place = _skip(text, behind, _COMMA)
    return None if text[place] == "]" else (place, place)
