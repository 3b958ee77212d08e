# SPDX-License-Identifier: Apache-2.0
"""What happens in a job: a function is called by its name, and its outcome written."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from qdmikit.slurm import files

if TYPE_CHECKING:
    from collections.abc import Callable


def work(folder: str) -> None:
    """Do the call of a folder; see `qdmikit.slurm.files`.

    Parameters
    ----------
    folder
        Of the call.

    Raises
    ------
    Exception
        Whatever the function raised, after it was written into the folder.
    """
    place = Path(folder)
    partial = place / "output.partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    try:
        function_named(files.read_json(place / files.CALL)["function"])(place / files.INPUT, partial)
    except BaseException as error:
        files.write_json(place / files.ERROR, {"type": type(error).__name__, "text": str(error)})
        raise
    partial.replace(place / files.OUTPUT)


def function_named(name: str) -> Callable[[Path, Path], None]:
    """Find a function.

    Parameters
    ----------
    name
        Dotted, with its module.

    Raises
    ------
    ImportError, AttributeError
        There is none of that name.
    """
    module, _, attribute = name.rpartition(".")
    found: Callable[[Path, Path], None] = getattr(importlib.import_module(module), attribute)
    return found
