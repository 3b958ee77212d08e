# SPDX-License-Identifier: Apache-2.0
"""The names that a shared library of 64-bit Linux exports, read from its file."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

_DYNSYM = 11
_SYMBOL = struct.Struct("<IBBHQQ")
_SECTION = struct.Struct("<IIQQQQIIQQ")


class _Section(NamedTuple):
    kind: int
    link: int
    offset: int
    size: int


def exported(path: Path) -> frozenset[str]:
    """Return the names of the symbols that a library defines for others.

    Parameters
    ----------
    path
        The library.

    Returns
    -------
    frozenset of str
        The names, without versions.

    Raises
    ------
    ValueError
        When it is no little-endian 64-bit ELF file, or has no table of them.
    """
    data = path.read_bytes()
    if data[:6] != b"\x7fELF\x02\x01":
        raise ValueError(f"{path} is no 64-bit little-endian ELF file")
    (table,) = struct.unpack_from("<Q", data, 40)
    size, count = struct.unpack_from("<HH", data, 58)
    sections = []
    for number in range(count):
        _, kind, _, _, offset, length, link, *_ = _SECTION.unpack_from(data, table + number * size)
        sections.append(_Section(kind, link, offset, length))
    symbols = next((section for section in sections if section.kind == _DYNSYM), None)
    if symbols is None:
        raise ValueError(f"{path} exports nothing")
    names = sections[symbols.link]
    found = set()
    for offset in range(symbols.offset, symbols.offset + symbols.size, _SYMBOL.size):
        name, info, visibility, section, *_ = _SYMBOL.unpack_from(data, offset)
        is_exported = section != 0 and info >> 4 != 0 and visibility & 3 in {0, 3}
        if is_exported:
            begin = names.offset + name
            found.add(data[begin : data.index(b"\0", begin)].decode())
    return frozenset(found)
