# SPDX-License-Identifier: Apache-2.0
"""Commands run as named steps, and failures told as cause and cure."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "build" / "logs"
TAIL_LINES = 60
# Where ccache is installed, build trees that compile alike share objects: paths count relative to the tree.
SHARED_OBJECTS = {"CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "true"}


class StepError(Exception):
    """A step failed. The message says what was tried, what came back and what to do."""


def run(
    title: str,
    command: Sequence[str | Path],
    *,
    log: str,
    cure: str = "",
    environment: Mapping[str, str] | None = None,
    quiet: bool = False,
) -> None:
    """Run a command as one step, its output kept in a log.

    Parameters
    ----------
    title
        What the step does, shown while it runs.
    command
        Program and arguments.
    log
        Name of the log file in ``build/logs``.
    cure
        What a user can do when it fails, beyond reading the output.
    environment
        Variables to set on top of this process's own.
    quiet
        Show nothing unless it fails.

    Raises
    ------
    StepError
        The command could not be started or did not exit with 0.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / f"{log}.log"
    started = time.monotonic()
    if not quiet:
        print(f"· {title}", end="", flush=True)
    try:
        with path.open("wb") as output:
            code = subprocess.run(
                [str(part) for part in command],
                cwd=ROOT,
                env={**os.environ, **SHARED_OBJECTS, **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
    except OSError as error:
        raise StepError(f"{title}: cannot start {command[0]}: {error.strerror}. {cure}".rstrip()) from error
    if code:
        if not quiet:
            print()
        shown = " ".join(str(part) for part in command)
        raise StepError(
            f"{tail(path)}\n{title}: failed with exit code {code}\n  command: {shown}\n"
            f"  whole log: {path.relative_to(ROOT)}" + (f"\n  {cure}" if cure else "")
        )
    if not quiet:
        print(f" ({time.monotonic() - started:.0f} s)", flush=True)


def tail(path: Path, lines: int = TAIL_LINES) -> str:
    """Give the last lines of a log.

    Parameters
    ----------
    path
        The log file.
    lines
        How many lines at most.

    Returns
    -------
    str
        The lines, without a final newline.
    """
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


def fingerprint(*parts: object) -> str:
    """Hash values and the contents of files.

    Parameters
    ----------
    *parts
        A ``Path`` counts by its name within the checkout and its content, anything else by its JSON form.

    Returns
    -------
    str
        A hexadecimal digest (SHA-256) that changes when any part does.
    """
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            name = part.relative_to(ROOT) if part.is_relative_to(ROOT) else part
            digest.update(str(name).encode() + b"\0" + hashlib.sha256(part.read_bytes()).digest())
        else:
            digest.update(json.dumps(part, sort_keys=True, default=str).encode() + b"\0")
    return digest.hexdigest()


def files_below(folders: Iterable[Path], suffixes: Sequence[str] = ()) -> list[Path]:
    """List the files below folders, in a fixed order, without caches.

    Parameters
    ----------
    folders
        Folders, or single files.
    suffixes
        Only files whose names end so; empty: all.

    Returns
    -------
    list of Path
        Sorted paths.
    """
    found: set[Path] = set()
    for folder in folders:
        candidates = [folder] if folder.is_file() else folder.rglob("*")
        found.update(
            path
            for path in candidates
            if path.is_file()
            and not any(part == "__pycache__" or part.endswith(".egg-info") for part in path.parts)
            and (not suffixes or path.name.endswith(tuple(suffixes)))
        )
    return sorted(found)


def command_line(main: Callable[[], int]) -> Callable[[], int]:
    """Make a ``main`` end with a message instead of a traceback when a step fails.

    Parameters
    ----------
    main
        Returns the exit code.

    Returns
    -------
    callable
        The same, returning 1 after printing the error and 130 after an interrupt.
    """

    @functools.wraps(main)
    def wrapped() -> int:
        try:
            return main()
        except StepError as error:
            print(f"\n{error}", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("\ninterrupted", file=sys.stderr)
            return 130

    return wrapped
