# SPDX-License-Identifier: Apache-2.0
"""What an examination has found."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qdmikit.diagnosis import Category

Level = Literal["ok", "note", "warning", "problem"]


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried.

    Attributes
    ----------
    check : str
        What sort of check it was: ``"configuration"``, ``"environment"``, ``"library"``, ``"credentials"``,
        or ``"session"``.
    level : str
        ``"problem"``: this cannot work. ``"warning"``: it works, but not as it should. ``"note"``: something
        to know. ``"ok"``: as it should be.
    subject : str
        What it was tried on: a device, a file, a variable.
    tried : str
        What was tried.
    answer : str
        What came back. Secrets are not taken out of it yet: see `qdmikit.masking`.
    remedy : str
        What to do; empty when nothing needs to be done.
    category : str or None
        What kind of trouble a problem is, see `qdmikit.diagnosis`.
    details : mapping
        More for programs: attributes of the error, or what the device says of itself.
    """

    check: str
    level: Level
    subject: str
    tried: str
    answer: str
    remedy: str = ""
    category: Category | None = None
    details: Mapping[str, object] = dataclasses.field(default_factory=dict)
