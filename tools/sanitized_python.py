# SPDX-License-Identifier: Apache-2.0
"""The Python package with instrumented libraries, and how an interpreter that is not instrumented runs it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tools.dev_environment import PYTHON, VENV
from tools.steps import ROOT, StepError

if TYPE_CHECKING:
    from pathlib import Path

LIBRARIES = {
    "qdmikit": ["bindings/_core.abi3.so"],
    "qdmikit_iqm/lib": ["cpp/device/libiqm-qdmi-device.so", "cpp/device/libiqm-qdmi13-device.so"],
}
"""Where in the package they belong, and where a build tree has them."""


def laid_out(tree: Path) -> Path:
    """Lay out the packages in a build tree, as an installation would, of links.

    Parameters
    ----------
    tree
        The build tree.

    Returns
    -------
    Path
        The folder to import from.
    """
    folder = tree / "python"
    sources = [
        (f"{package}/{path.name}", path)
        for package in ("qdmikit", "qdmikit_iqm")
        for path in (ROOT / "python" / package).iterdir()
    ]
    sources += [
        (f"{place}/{name.rpartition('/')[2]}", tree / name)
        for place in LIBRARIES
        for name in LIBRARIES[place]
    ]
    sources.append(("qdmikit_iqm/lib/iqm.qdmi.json", ROOT / "cpp" / "device" / "iqm.qdmi.json"))
    for name, source in sources:
        link = folder / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(source)
    return folder


def variables(tree: Path, run_time: str) -> dict[str, str]:
    """Return the environment in which an interpreter imports the packages of a build tree.

    Parameters
    ----------
    tree
        The build tree.
    run_time
        The sanitizer's run-time library, which must come first: ``libasan.so`` or ``libtsan.so``.

    Returns
    -------
    dict
        Variables and values.
    """
    (site,) = (VENV / "lib").glob("python3.*/site-packages")
    # Paths that are named here are not searched for .pth files, so that no editable install gets in between.
    path = [laid_out(tree), ROOT / "mockserver", site]
    # The C++ run-time library has to be there when the sanitizer looks for what it wraps of it.
    preloaded = [_library(name) for name in (run_time, "libstdc++.so.6")]
    return {
        "PYTHONPATH": ":".join(map(str, path)),
        "PYTHONMALLOC": "malloc",
        "LD_PRELOAD": " ".join(preloaded),
    }


def command(*arguments: str) -> list[str]:
    """Return a command that runs pytest with such an environment."""
    return [str(PYTHON), "-S", "-m", "pytest", "-p", "no:cacheprovider", *arguments]


def _library(name: str) -> str:
    compiler = ["g++", f"-print-file-name={name}"]
    path = subprocess.run(compiler, check=True, capture_output=True, text=True).stdout.strip()
    if "/" not in path:
        raise StepError(f"g++ has no {name}, which instrumented libraries need")
    return path
