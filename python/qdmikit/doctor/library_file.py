# SPDX-License-Identifier: Apache-2.0
"""Looking at the file of a device library without loading it."""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from qdmikit.conformance.elf import exported
from qdmikit.doctor.finding import Finding

if TYPE_CHECKING:
    from qdmikit.registry import DeviceEntry

_TRIED = "looked at the device library's file"
_MACHINES = {
    3: "x86",
    40: "32-bit ARM",
    62: "x86-64",
    183: "aarch64",
    21: "ppc64",
    22: "s390x",
    243: "RISC-V",
}
_HEADER = struct.Struct("<4sBB10xHH")  # magic, class, byte order, type, machine
_INITIALIZE = "_QDMI_device_initialize"


def examine_library(entry: DeviceEntry) -> Finding:
    """Tell whether a device's library is there, fits this machine and has the device's functions.

    Parameters
    ----------
    entry
        The device.

    Returns
    -------
    Finding
        The first thing that is wrong, if any is.
    """
    path = entry.library
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER.size)
    except FileNotFoundError:
        return _problem(
            entry,
            f"there is no {path}",
            f"install the library, or correct 'library' in {entry.source}",
        )
    except OSError as error:
        return _problem(
            entry, f"{path} cannot be read: {error.strerror}", "let yourself read the file: chmod a+r"
        )
    return _unfit(entry, head) or _incomplete(entry)


def _unfit(entry: DeviceEntry, head: bytes) -> Finding | None:
    if len(head) < _HEADER.size or head[:4] != b"\x7fELF":
        return _problem(
            entry,
            f"{entry.library} is no shared library of this system: it does not begin as an ELF file does",
            f"name the library itself in {entry.source}, or install it again: it may be damaged",
        )
    theirs, ours = _machine(head), _own_machine()
    if ours is not None and theirs != ours:
        return _problem(
            entry,
            f"{entry.library} is for {theirs}, but this Python is for {ours}",
            f"install the library's build for {ours}",
        )
    return None


def _own_machine() -> str | None:
    """Return what this Python is for; None if its file does not tell, as that of a wrapper."""
    with Path(sys.executable or "/proc/self/exe").open("rb") as file:
        head = file.read(_HEADER.size)
    return _machine(head) if head[:4] == b"\x7fELF" else None


def _machine(head: bytes) -> str:
    _, size, order, _, machine = _HEADER.unpack(head)
    if order != 1:
        return "a big-endian machine"
    name = _MACHINES.get(machine, f"machine number {machine}")
    return f"{name} with 32-bit addresses" if size != 2 and machine != 3 else name


def _incomplete(entry: DeviceEntry) -> Finding:
    path, prefix = entry.library, entry.prefix
    try:
        names = exported(path)
    except (ValueError, struct.error, IndexError) as error:
        return _problem(
            entry, f"{path} cannot be read as an ELF file: {error}", "install it again: it may be damaged"
        )
    found = sorted(name.removesuffix(_INITIALIZE) for name in names if name.endswith(_INITIALIZE))
    if prefix not in found:
        if not found:
            answer, remedy = f"{path} has no QDMI functions at all", "name a QDMI device library instead"
        else:
            there = " or ".join(found)
            answer = f"{path} has no functions with the prefix {prefix}; it has some with {there}"
            remedy = f'write "prefix": "{found[0]}" in {entry.source}'
        return _problem(entry, answer, remedy)
    if f"{prefix}_QDMI_device_job_set_programs" not in names:
        if f"{prefix}_QDMI_device_job_set_parameter" in names:
            return _problem(
                entry,
                f"{path} is a device library for QDMI 1.3; this program speaks QDMI 1.4",
                "get the library's version for QDMI 1.4 from its vendor",
            )
        return _problem(
            entry, f"{path} lacks functions of QDMI 1.4", "get a complete library from its vendor"
        )
    return Finding("library", "ok", entry.id, _TRIED, f"{path}, prefix {prefix}, QDMI 1.4")


def retrieves_jobs(entry: DeviceEntry) -> bool:
    """Return whether a device's library finds jobs again by their id, as far as its file tells."""
    try:
        return f"{entry.prefix}_QDMI_device_session_retrieve_device_job_by_id" in exported(entry.library)
    except (OSError, ValueError, struct.error, IndexError):
        return True  # opening it will tell what is wrong


def _problem(entry: DeviceEntry, answer: str, remedy: str) -> Finding:
    return Finding("library", "problem", entry.id, _TRIED, answer, remedy, "configuration")
