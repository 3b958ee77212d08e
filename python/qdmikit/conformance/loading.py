# SPDX-License-Identifier: Apache-2.0
"""Whether a library can be loaded, tried in a process of its own: loading runs its code."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from qdmikit.conformance.elf import exported
from qdmikit.conformance.library import Library

if TYPE_CHECKING:
    from qdmikit.conformance.profile import Profile

_NO_SUCH_PREFIX = 4
_INITIALIZE = "_QDMI_device_initialize"


def obstacle(profile: Profile, seconds: float) -> str:
    """Say why a library cannot be tested.

    Parameters
    ----------
    profile
        It names the library.
    seconds
        How long loading may take.

    Returns
    -------
    str
        The reason; empty when there is none.
    """
    if not profile.library.exists():
        return f"there is no {profile.library}"
    try:
        tried = subprocess.run(  # noqa: S603 - this interpreter
            [sys.executable, "-m", __name__, profile.library, profile.prefix],
            env={**os.environ, **profile.environment},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"{profile.library} was not loaded within {seconds:g} s"
    if tried.returncode < 0:
        return f"loading {profile.library} crashed with {signal.Signals(-tried.returncode).name}"
    if tried.returncode == _NO_SUCH_PREFIX:
        return f"{profile.library} has no {profile.prefix}{_INITIALIZE}; {_prefixes(profile.library)}"
    if tried.returncode:
        said = tried.stderr.strip() or f"exit code {tried.returncode}"
        return f"{profile.library} cannot be loaded: {said}"
    return ""


def _prefixes(library: Path) -> str:
    found = []
    with contextlib.suppress(ValueError):
        found = [name for name in exported(library) if name.endswith(_INITIALIZE)]
    prefixes = sorted(re.sub(f"{_INITIALIZE}$", "", name) for name in found)
    return f"its prefix is {' or '.join(prefixes)}" if prefixes else "it is no QDMI device library"


def main() -> int:
    """Load the library that the arguments name."""
    try:
        library = Library(Path(sys.argv[1]), sys.argv[2])
    except OSError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0 if library.has("initialize") else _NO_SUCH_PREFIX


if __name__ == "__main__":
    sys.exit(main())
