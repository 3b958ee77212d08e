# SPDX-License-Identifier: Apache-2.0
"""The program that tells what a site file does to a job, and whether devices answer."""

from __future__ import annotations

import dataclasses
import json
import subprocess
from typing import TYPE_CHECKING, Any

from qdmikit._paths import program_path
from qdmikit.errors import InvalidArgument

if TYPE_CHECKING:
    import os

_BROKEN = 2
_SECONDS = 60.0


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What becomes of a job that asks for a device.

    Parameters
    ----------
    device
        The site's name of it.
    accepted
        Whether the job may use it.
    reason
        Why not, in the words that its user sees.
    environment
        What the job's environment gets; None for variables that it loses.
    unchecked
        Why the tokens file was not looked at, if it was not.
    """

    device: str
    accepted: bool
    reason: str | None
    environment: dict[str, str | None]
    unchecked: str | None


def check_site(
    file: str | os.PathLike[str],
    *,
    user: str | None = None,
    partition: str | None = None,
    device: str | None = None,
    licenses: str | None = None,
) -> list[Verdict]:
    """Tell what a site file does to a job, by the code that the Slurm plugin runs.

    Parameters
    ----------
    file
        The site file.
    user
        Whose job it is; None: yours. Only root can look at files as others.
    partition, device, licenses
        Of the job.

    Returns
    -------
    list of Verdict
        For the device that is asked for, the partition's default one, or each.

    Raises
    ------
    InvalidArgument
        The file is no good: which line, and why; or there is no such user.
    LibraryNotFound
        The program that decides is not installed.
    """
    options = {"--as": user, "--partition": partition, "--device": device, "--licenses": licenses}
    words = [word for name, value in options.items() if value is not None for word in (name, value)]
    done = subprocess.run(  # noqa: S603 - our own program
        [program_path("qdmikit-site-check"), str(file), *words, "--json"],
        capture_output=True, text=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode not in (0, 1):
        raise InvalidArgument(done.stderr.strip().removeprefix("qdmikit-site-check: "), kind="InvalidFile")
    report: dict[str, Any] = json.loads(done.stdout)
    return [
        Verdict(
            entry["device"],
            entry["accepted"],
            entry["reason"],
            entry["environment"],
            entry["tokens_file_unchecked"],
        )
        for entry in report["devices"]
    ]
