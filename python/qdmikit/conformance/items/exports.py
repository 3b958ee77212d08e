# SPDX-License-Identifier: Apache-2.0
"""What the library exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qdmikit.conformance.elf import exported
from qdmikit.conformance.enumerators import Status
from qdmikit.conformance.expectations import expect, require
from qdmikit.conformance.item import item
from qdmikit.conformance.library import OPTIONAL, SIGNATURES

if TYPE_CHECKING:
    from qdmikit.conformance.subject import Subject


@item(113)
def every_function_is_exported(subject: Subject) -> None:
    missing = [name for name in SIGNATURES if name not in OPTIONAL and not subject.library.has(name)]
    require(not missing, f"the library lacks {', '.join(map(subject.library.symbol, missing))}")


@item(113)
def nothing_else_is_exported(subject: Subject) -> None:
    interface = set(map(subject.library.symbol, SIGNATURES)) | subject.profile.extensions
    others = exported(subject.profile.library) - interface
    require(not others, f"the library exports {len(others)} other symbols: {', '.join(sorted(others)[:10])}")
    missing = subject.profile.extensions - exported(subject.profile.library)
    require(not missing, f"the library does not export its extensions {', '.join(sorted(missing))}")


@item(2, 114)
def the_library_can_be_initialized_and_finalized(subject: Subject) -> None:
    session = subject.session()
    session.call("session_free")
    expect(subject.library.call("finalize"), Status.SUCCESS, of="finalize")
