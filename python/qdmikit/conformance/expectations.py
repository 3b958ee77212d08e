# SPDX-License-Identifier: Apache-2.0
"""How an item says what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qdmikit.conformance.enumerators import Status


class Violation(Exception):  # noqa: N818 - not an error of the suite, but what it looks for
    """The device does not do what QDMI asks."""


class NotApplicable(Exception):  # noqa: N818 - neither
    """The item asks for something that the device, or its profile, does not have; the text says what."""


def require(condition: object, found: str) -> None:
    """Raise `Violation` with `found` unless the condition holds."""
    if not condition:
        raise Violation(found)


def expect(answer: Status, *allowed: Status, of: str) -> None:
    """Raise `Violation` unless an answer is one of those allowed.

    Parameters
    ----------
    answer
        What a function answered.
    allowed
        What it may answer.
    of
        What was called, and with what.
    """
    if answer not in allowed:
        names = " or ".join(status.name for status in allowed)
        raise Violation(f"{of} answered {answer.name}, expected {names}")
