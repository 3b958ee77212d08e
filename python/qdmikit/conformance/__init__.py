# SPDX-License-Identifier: Apache-2.0
"""Does a device library do what QDMI 1.4 asks? One suite for any of them.

The items call the raw C interface of the library, so that they can pass what no client would: null pointers,
buffers that are too short, numbers that do not exist. Each runs in a process of its own with a time limit::

    from qdmikit.conformance import Profile, Program, ProgramFormat, run

    bell = Program.text(ProgramFormat.QASM3, source, "00", "11")
    for result in run(Profile(library=path, prefix="MY", bell=bell)):
        print(result.outcome.value, result.item.name, result.reason)
"""

from qdmikit.conformance.enumerators import JobParameter, ProgramFormat, SessionParameter, Status
from qdmikit.conformance.expectations import NotApplicable, Violation, expect, require
from qdmikit.conformance.item import Item, all_items, item, items_of
from qdmikit.conformance.profile import BadSession, JobOption, Profile, Program
from qdmikit.conformance.profile_file import ProfileError, read_profile
from qdmikit.conformance.runner import Outcome, Result, run, run_item

__all__ = [
    "BadSession",
    "Item",
    "JobOption",
    "JobParameter",
    "NotApplicable",
    "Outcome",
    "Profile",
    "ProfileError",
    "Program",
    "ProgramFormat",
    "Result",
    "SessionParameter",
    "Status",
    "Violation",
    "all_items",
    "expect",
    "item",
    "items_of",
    "read_profile",
    "require",
    "run",
    "run_item",
]
