# SPDX-License-Identifier: Apache-2.0
"""Functions that jobs of the tests call by name."""

from __future__ import annotations

import os
from pathlib import Path


def copy(source: Path, destination: Path) -> None:
    (destination / "copy.txt").write_text((source / "text.txt").read_text())


def fail(source: Path, destination: Path) -> None:
    (destination / "half.txt").write_text("half")
    raise ValueError(f"cannot go on with {(source / 'text.txt').read_text()}")


def vanish(_source: Path, _destination: Path) -> None:
    os.write(2, b"going away\n")
    os._exit(3)


def tell_and_vanish(source: Path, _destination: Path) -> None:
    os.write(2, b"words of " + (source / "text.txt").read_bytes() + b"\n")
    os._exit(3)


def block(source: Path, destination: Path) -> None:
    """Wait until somebody writes into the pipe."""
    (source / "started").touch()
    (destination / "copy.txt").write_text(Path(source / "pipe").read_text())
