# SPDX-License-Identifier: Apache-2.0
"""Run mypy over all Python of the checkout at once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from tools import steps
from tools.steps import ROOT, StepError

TARGETS = ("python", "mockserver", "tools", "tests", "bench", "examples", "docs")
STUB = Path("qdmikit", "_core.pyi")
TYPING = ROOT / "build" / "typing"


@steps.command_line
def main() -> int:
    """Run mypy.

    Returns
    -------
    int
        Its exit code.

    Raises
    ------
    StepError
        The extension module's stub was not built.
    """
    # An editable install has the compiled module and its stub in site-packages, where mypy does not look for
    # parts of a package that it reads from the tree.
    stub = Path(sysconfig.get_path("platlib")) / STUB
    if not stub.exists():
        raise StepError(f"{stub} is not there: the build makes it. Build first: tools/setup lint")
    (TYPING / STUB).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(stub, TYPING / STUB)
    targets = [name for name in TARGETS if steps.files_below([ROOT / name], (".py",))]
    return subprocess.run(
        [Path(sys.executable).parent / "mypy", *targets],
        cwd=ROOT,
        env={**os.environ, "MYPYPATH": str(TYPING)},
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
