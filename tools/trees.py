# SPDX-License-Identifier: Apache-2.0
"""Build trees beside ``build/dev``: those of the CMake presets, for code that is built in another way."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tools import steps
from tools.dev_environment import CPR, PYTHON
from tools.steps import ROOT, StepError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def build(preset: str, targets: Sequence[str]) -> Path:
    """Configure the tree of a preset, and build targets in it.

    Parameters
    ----------
    preset
        Name in CMakePresets.json.
    targets
        What to build.

    Returns
    -------
    Path
        The tree, ``build/<preset>``.

    Raises
    ------
    StepError
        The environment is not there, or a step failed.
    """
    missing = [path for path in (PYTHON, CPR) if not path.exists()]
    if missing:
        raise StepError(f"{missing[0].relative_to(ROOT)} is not there. Make it first: tools/setup test")
    configure = ["cmake", "--preset", preset]
    if shutil.which("ccache"):
        configure += [f"-DCMAKE_{language}_COMPILER_LAUNCHER=ccache" for language in ("C", "CXX")]
    cure = "The compilers come with: tools/system-packages test fuzz"
    steps.run(f"configuring build/{preset}", configure, log=f"{preset}-configure", cure=cure)
    tree = ROOT / "build" / preset
    steps.run(
        f"building build/{preset}",
        ["cmake", "--build", tree, "--parallel", "2", "--target", *targets],
        log=f"{preset}-build",
        cure=cure,
    )
    return tree


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out a table in text.

    Parameters
    ----------
    header
        Titles of the columns.
    rows
        Their cells; the first column stands left, the others right.

    Returns
    -------
    str
        Lines, the header underlined.
    """
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    lines = [
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (header, tuple("-" * width for width in widths), *rows)
    ]
    return "\n".join(lines)
