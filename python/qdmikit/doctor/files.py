# SPDX-License-Identifier: Apache-2.0
"""Looking at the files that settings name: credentials and certificates."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from qdmikit.doctor.finding import Finding
from qdmikit.masking import MASK, is_secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qdmikit.diagnosis import Category
    from qdmikit.registry import DeviceEntry

_HOLDS_SECRETS = re.compile(r"TOKEN|AUTH|PASSWORD|SECRET|CREDENTIAL", re.IGNORECASE)
_NEUTRAL = ("QDMI_",)
_CERTIFICATES = ("CURL_CA_BUNDLE", "SSL_CERT_FILE")


def examine_credentials(entry: DeviceEntry, session: Mapping[str, str]) -> Iterator[Finding]:
    """Tell whether the file of credentials that a session is opened with can be used, by nobody else.

    Parameters
    ----------
    entry
        The device.
    session
        The session parameters, those of its manifests included.

    Yields
    ------
    Finding
        One, if there is such a file.
    """
    path = session.get("auth_file")
    if path is not None:
        source = entry.session_sources.get("auth_file", "the command line")
        yield _file(entry.id, "credentials", f"auth_file of {source}", Path(path), secret=True)


def examine_environment(entry: DeviceEntry) -> Iterator[Finding]:
    """Tell which variables a device may heed, and whether the files are there that they name.

    Those are variables that begin with the device's prefix or with ``QDMI_``. Which of them count is the
    device's affair.

    Parameters
    ----------
    entry
        The device.

    Yields
    ------
    Finding
        One for all variables that are set, and one for each file.
    """
    prefixes = (f"{entry.prefix}_", *_NEUTRAL)
    names = sorted(
        name for name, value in os.environ.items() if value and name.startswith(prefixes) and name.isupper()
    )
    if names:
        shown = ", ".join(f"{name}={MASK if is_secret(name) else os.environ[name]}" for name in names)
        yield Finding("environment", "note", entry.id, "looked for variables of the device", shown)
    for name in names:
        if name.endswith("_FILE"):
            secret = _HOLDS_SECRETS.search(name) is not None
            yield _file(entry.id, "environment", f"variable {name}", Path(os.environ[name]), secret=secret)


def examine_certificates() -> Iterator[Finding]:
    """Tell whether the files of trusted certificates are there that the customary variables name.

    Yields
    ------
    Finding
        One for each variable that is set.
    """
    for name in _CERTIFICATES:
        if os.environ.get(name):
            yield _file(
                "this machine", "environment", f"variable {name}", Path(os.environ[name]), secret=False
            )


def _file(subject: str, check: str, who: str, path: Path, *, secret: bool) -> Finding:
    tried = f"looked at the file that {who} names"
    category: Category = "authentication" if secret else "configuration"
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
    except FileNotFoundError:
        remedy = "log in, so that it is written, or correct the path" if secret else "correct or unset it"
        return Finding(check, "problem", subject, tried, f"there is no {path}", remedy, category)
    except OSError as error:
        answer = f"{path} cannot be read: {error.strerror}"
        return Finding(check, "problem", subject, tried, answer, f"chmod u+r {path}, as its owner", category)
    mode = f"mode {stat.S_IMODE(status.st_mode):04o}"
    if secret and status.st_mode & (stat.S_IRGRP | stat.S_IROTH):
        answer = f"others than its owner can read {path} ({mode})"
        remedy = f"chmod 600 {path}; if others use this machine, get a new token as well"
        return Finding(check, "warning", subject, tried, answer, remedy)
    return Finding(check, "ok", subject, tried, f"{path} ({mode})")
