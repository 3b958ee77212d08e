# SPDX-License-Identifier: Apache-2.0
"""What the exit code of the command says."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from qdmikit.diagnosis import Category


class ExitCode(enum.IntEnum):
    """The exit codes of every command. The table in docs/cli.md is compared with this one by a test."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Self:
        """Make a code that knows what it means."""
        code = int.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code

    OK = 0, "it worked"
    FAILED = 1, "the device, its server or the job failed"
    USAGE = 2, "the command was used wrongly: an argument, a file"
    CONFIGURATION = 3, "no such device or job, or the configuration or installation is no good"
    AUTHENTICATION = 4, "credentials are missing, wrong, expired or not sufficient"
    UNREACHABLE = 5, "the server cannot be reached, or is not trusted"
    TIMEOUT = 6, "the time is up"
    INTERRUPTED = 130, "interrupted by Ctrl-C; a submitted job runs on"


_CODES: dict[Category, ExitCode] = {
    "device": ExitCode.FAILED,
    "configuration": ExitCode.CONFIGURATION,
    "authentication": ExitCode.AUTHENTICATION,
    "unreachable": ExitCode.UNREACHABLE,
    "timeout": ExitCode.TIMEOUT,
}


def code_of(category: Category) -> ExitCode:
    """Return the exit code for a kind of trouble."""
    return _CODES[category]
