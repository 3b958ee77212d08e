# SPDX-License-Identifier: Apache-2.0
"""The folder of a call: what it reads, what it writes, and how it ended.

call.json   what is called, and the job that calls it
input/      written before the job is submitted
output/     appears in one step when the call has succeeded
error.json  appears instead when it failed: type and text
log/        of submitit: script, standard output and error
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from qdmikit.errors import InvalidArgument

if TYPE_CHECKING:
    from pathlib import Path

CALL, INPUT, OUTPUT, ERROR, LOG = "call.json", "input", "output", "error.json", "log"


def make_private(folder: Path) -> Path:
    """Make a folder, with what is missing above it, that only its owner can enter.

    Raises
    ------
    InvalidArgument
        It is there and belongs to somebody else, or others can write into it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = folder.stat()
    if status.st_uid != os.geteuid():
        raise InvalidArgument(
            f"cannot keep jobs in {folder}: it belongs to another user. Remedy: choose another folder"
        )
    # Jobs load what submitit has pickled there: whoever can write into it can run anything as this user.
    if status.st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def write_json(file: Path, content: Any) -> None:  # noqa: ANN401 - JSON
    """Write a JSON file in one step."""
    partial = file.with_name(f"{file.name}.partial")
    partial.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    partial.replace(file)


def read_json(file: Path) -> Any:  # noqa: ANN401 - JSON
    """Read a JSON file."""
    return json.loads(file.read_text(encoding="utf-8"))
