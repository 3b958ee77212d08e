# SPDX-License-Identifier: Apache-2.0
"""Processes of this machine, told from others that have got the same number later, or on another machine."""

from __future__ import annotations

import contextlib
import os
import select
import socket
from pathlib import Path

from qdmikit.errors import NotSupported

_START_FIELD = 19  # of /proc/PID/stat, counted after the command's name: ticks from the boot to the start


def started(process: int) -> str:
    """Return what tells a running process from all others; an empty text if it has ended.

    Parameters
    ----------
    process
        Its number.
    """
    fields = _fields(process)
    return f"{socket.gethostname()} {_boot()} {fields[_START_FIELD]}" if fields else ""


def is_running(process: int, identity: str) -> bool:
    """Return whether it is there, and the one that it was.

    Parameters
    ----------
    process
        Its number.
    identity
        What `started` returned for it.

    Raises
    ------
    NotSupported
        It was started on another machine.
    """
    host = identity.split(" ")[0]
    if host not in ("", socket.gethostname()):
        raise NotSupported(
            f"process {process} was started on {host} and cannot be seen from {socket.gethostname()}. "
            f"Remedy: ask on {host}"
        )
    with contextlib.suppress(ChildProcessError):  # of another process, or asked before
        os.waitpid(process, os.WNOHANG)  # a child that has ended is there until somebody asks
    fields = _fields(process)
    return bool(fields) and fields[0] != "Z" and started(process) == identity


def wait(process: int, seconds: float | None) -> bool:
    """Wait for the end of a process, also of one that is not a child; the kernel tells of it.

    Parameters
    ----------
    process
        Its number.
    seconds
        To wait at most; None: as long as it takes.

    Returns
    -------
    bool
        Whether it has ended.
    """
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        return bool(poll.poll(None if seconds is None else seconds * 1000))
    finally:
        os.close(handle)


def _fields(process: int) -> list[str]:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
