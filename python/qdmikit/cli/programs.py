# SPDX-License-Identifier: Apache-2.0
"""Programs in files, and which format they have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from qdmikit import ProgramEncoding, ProgramFormat, encoding
from qdmikit.cli.reporting import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_OPENQASM = re.compile(rb"\s*(?://[^\n]*\s*|/\*.*?\*/\s*)*OPENQASM\s+([23])", re.DOTALL)
_QPY = b"QISKIT"
_DEVICES_OWN = (
    ProgramFormat.IQMJSON,
    ProgramFormat.CUSTOM1,
    ProgramFormat.CUSTOM2,
    ProgramFormat.CUSTOM3,
    ProgramFormat.CUSTOM4,
    ProgramFormat.CUSTOM5,
)


class Program(NamedTuple):
    """A program in a file.

    Attributes
    ----------
    path : Path
        The file.
    content : bytes
        What is in it.
    format : ProgramFormat or None
        Its format; None for JSON, of which each device has its own form.
    """

    path: Path
    content: bytes
    format: ProgramFormat | None

    def format_for(self, offered: Sequence[ProgramFormat], device_id: str) -> ProgramFormat:
        """Return the format, for JSON the device's own.

        Raises
        ------
        UsageError
            If the device has no format of its own, or several.
        """
        if self.format is not None:
            return self.format
        own = [each for each in offered if each in _DEVICES_OWN]
        if len(own) == 1:
            return own[0]
        there = names(own) if own else "none"
        raise UsageError(
            f"{self.path} is JSON, and it is not clear which format of {device_id} that is: those of its own "
            f"are {there}, all are {names(offered) or 'none'}. Remedy: say so with --format"
        )

    def payload(self, program_format: ProgramFormat) -> str | bytes:
        """Return the program as `Device.submit` takes it in that format.

        Raises
        ------
        UsageError
            If the format is text and the file is not.
        """
        if encoding(program_format) is ProgramEncoding.BINARY:
            return self.content
        return self.text()

    def text(self) -> str:
        """Return the program as text.

        Raises
        ------
        UsageError
            If it is none.
        """
        try:
            return self.content.decode()
        except UnicodeDecodeError:
            raise UsageError(f"{self.path} is no UTF-8 text") from None


def names(formats: Sequence[ProgramFormat]) -> str:
    """Return the names of formats as the command takes them."""
    return ", ".join(each.name.lower() for each in formats)


def format_named(name: str) -> ProgramFormat:
    """Return the format with that name, whatever its case.

    Raises
    ------
    UsageError
        If there is none.
    """
    spelled = name.replace("-", "").replace("_", "").upper()
    found = next((each for each in ProgramFormat if each.name == spelled), None)
    if found is None:
        raise UsageError(f"there is no format '{name}'. There are {names(list(ProgramFormat))}")
    return found


def read_program(path: Path, format_name: str | None) -> Program:
    """Read a program.

    Parameters
    ----------
    path
        The file.
    format_name
        The name of its format; None: as its name and beginning tell.

    Returns
    -------
    Program
        The program.

    Raises
    ------
    UsageError
        If the file cannot be read, or nothing tells its format.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    if format_name is not None:
        return Program(path, content, format_named(format_name))
    suffix = path.suffix.lower()
    if suffix == ".json":
        return Program(path, content, None)
    if suffix == ".qpy":
        if not content.startswith(_QPY):
            raise UsageError(f"{path} is no QPY file: it does not begin with {_QPY.decode()}")
        return Program(path, content, ProgramFormat.QPY)
    if suffix in {".qasm", ".qasm2", ".qasm3"}:
        found = _OPENQASM.match(content)
        if found is None:
            raise UsageError(
                f"{path} does not begin with 'OPENQASM 2' or 'OPENQASM 3'. Remedy: say which with --format"
            )
        return Program(path, content, ProgramFormat.QASM2 if found[1] == b"2" else ProgramFormat.QASM3)
    raise UsageError(
        f"the name of {path} does not tell its format: .qasm, .qpy and .json do. Remedy: say so with --format"
    )
